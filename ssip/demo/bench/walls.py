"""What the walls cost: each read with row-level security and without it, in turns, and how the database reaches rows.

Asked as the web's role. The owner of the tables takes the policies away and puts them back, so this runs only in a
database that is thrown away.
"""

import os
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import environ
from django.conf import settings
from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.utils import DEFAULT_DB_ALIAS, ConnectionHandler

from ssip.core.context import acting_as
from ssip.demo.bench import explain
from ssip.demo.bench.explain import Reach
from ssip.demo.bench.reads import Read, all_reads

MOST = 1.5  # times the p50 without row-level security
ROUNDS, A_ROUND, WARM_UP = 20, 10, 2
SECONDS, SECONDS_A_PAGE = 10.0, 3.0  # for one read; a slow one is read less often
WITH, WITHOUT = True, False


class Statement(NamedTuple):
    sql: str
    values: Any
    ms: float


@dataclass
class Cost:
    """Of one read: milliseconds, with and without policies. Of a page all of it counts, else what the database took."""

    read: Read
    queries: int = 0
    times: dict[bool, list[float]] = field(default_factory=lambda: {WITH: [], WITHOUT: []})
    # Each query on walled tables, and how the database comes to their rows with the policies standing.
    reaches: dict[str, list[Reach]] = field(default_factory=dict)

    @property
    def ratio(self) -> float:
        return self.p50(WITH) / self.p50(WITHOUT)

    def p50(self, standing: bool) -> float:
        return statistics.median(self.times[standing])

    def p95(self, standing: bool) -> float:
        return statistics.quantiles(self.times[standing], n=20)[18]

    def faults(self) -> list[str]:
        where = f"{self.read.name} ({self.read.reader})"
        found = [f"{where}: {reach.fault}" for reached in self.reaches.values() for reach in reached if reach.fault]
        if self.ratio > MOST:
            found.append(f"{where}: the p50 is {self.ratio:.2f} times that without row-level security")
        return found


def measure() -> Iterator[Cost]:
    walled, indexes = explain.walled_tables(), explain.known_indexes()
    with _switch() as stand:
        for read in all_reads():
            cost = Cost(read)
            _take_turns(cost, stand)
            stand(WITH)
            statements = _run(read)[0]
            cost.queries = len(statements)
            if not read.is_page:
                cost.reaches = _reaches(read, statements, walled, indexes)
            yield cost


def _take_turns(cost: Cost, stand: Callable[[bool], None]) -> None:
    """A round with, a round without; which comes first changes, so that neither has the quieter machine."""
    until = time.perf_counter() + (SECONDS_A_PAGE if cost.read.is_page else SECONDS)
    for number in range(ROUNDS):
        for standing in (WITH, WITHOUT) if number % 2 else (WITHOUT, WITH):
            stand(standing)
            for at in range(-WARM_UP, A_ROUND):
                statements, whole = _run(cost.read)
                if at >= 0:
                    database = sum(each.ms for each in statements)
                    cost.times[standing].append(whole if cost.read.is_page else database)
        if time.perf_counter() > until and number % 2:
            break


def _run(read: Read) -> tuple[list[Statement], float]:
    """The statements of one read, and the milliseconds of all of it."""
    statements: list[Statement] = []

    def timed(execute: Callable[..., Any], sql: str, values: Any, many: bool, context: dict[str, Any]) -> Any:
        begun = time.perf_counter()
        answer = execute(sql, values, many, context)
        statements.append(Statement(sql, values, _ms_since(begun)))
        return answer

    if read.is_page:
        begun = time.perf_counter()
        with connection.execute_wrapper(timed):
            read.once()
        return statements, _ms_since(begun)
    with acting_as(read.person), connection.execute_wrapper(timed):
        begun = time.perf_counter()
        read.once()
        return statements, _ms_since(begun)


def _ms_since(begun: float) -> float:
    return (time.perf_counter() - begun) * 1000


def _reaches(
    read: Read, statements: list[Statement], walled: set[str], indexes: dict[str, explain.Index]
) -> dict[str, list[Reach]]:
    """By number of the query; those that ask no walled table are left out."""
    found = {}
    with acting_as(read.person):
        for number, each in enumerate(statements, start=1):
            if reached := explain.reaches(explain.plan_of(each.sql, each.values), walled, indexes):
                found[str(number)] = reached
    return found


@contextmanager
def _switch() -> Iterator[Callable[[bool], None]]:
    """Lets the walls stand or not, for everybody; they stand again afterwards."""
    address = environ.Env.db_url_config(os.environ["OWNER_DATABASE_URL"])
    owner = ConnectionHandler({DEFAULT_DB_ALIAS: settings.DATABASES[DEFAULT_DB_ALIAS] | address})[DEFAULT_DB_ALIAS]
    with owner.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND relrowsecurity ORDER BY relname")
        tables = [table for (table,) in cursor.fetchall()]

        def stand(standing: bool) -> None:
            _alter(cursor, tables, "ENABLE" if standing else "DISABLE")

        try:
            yield stand
        finally:
            stand(WITH)
            owner.close()


def _alter(cursor: CursorWrapper, tables: list[str], word: str) -> None:
    cursor.execute("".join(f"ALTER TABLE {table} {word} ROW LEVEL SECURITY;" for table in tables))


def ways(costs: list[Cost]) -> dict[str, dict[str, set[Reach]]]:
    """For each read that is no page, each walled table and every way by which any reader's query came to its rows."""
    found: dict[str, dict[str, set[Reach]]] = defaultdict(lambda: defaultdict(set))
    for cost in costs:
        for reached in cost.reaches.values():
            for reach in reached:
                found[cost.read.name][reach.table].add(reach)
    return found
