"""Does a query reach a tenant's rows by the tenant's index? Asked of the plan that the database makes for it.

A plan may find rows by an index that begins with the tenant, or by the whole of a unique key, which is one row. It
may not read a whole table, nor walk an index over the rows of every tenant.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple

from django.db import connection

TENANT = ("psc_id", "ics_id", "organisation_id")
# Somebody's own roles, wherever they have them, are found by who they are.
PERSONS = {"tenancy_grant": "person_id"}

Plan = Mapping[str, Any]


class Index(NamedTuple):
    """`columns`: its keys in order; one that is not a plain column has no name."""

    table: str
    columns: tuple[str, ...]
    is_unique: bool


class Reach(NamedTuple):
    """How a plan comes to rows of one walled table: by which index, or by none; `fault` says what is wrong with it."""

    table: str
    by: str
    fault: str = ""
    is_key: bool = False  # one row, by the whole of a unique key


def reaches(plan: Plan, walled: Collection[str], indexes: Mapping[str, Index]) -> list[Reach]:
    """Every way in which the plan comes to rows of walled tables, each once."""
    return list(dict.fromkeys(reach for node in _nodes(plan) if (reach := _reach(node, walled, indexes))))


def plan_of(sql: str, values: Any) -> Plan:
    """As the person acted for would be answered."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", values)
        return cursor.fetchone()[0][0]["Plan"]


def walled_tables() -> set[str]:
    """Tables with a tenant in each row and policies round them; what is public has none."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT DISTINCT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
            WHERE c.relkind = 'r' AND c.relrowsecurity AND a.attname = ANY (%s)""",
            [list(TENANT)],
        )
        return {table for (table,) in cursor.fetchall()}


def known_indexes() -> dict[str, Index]:
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT i.indexrelid::regclass::text, i.indrelid::regclass::text, i.indisunique,
                ARRAY(SELECT coalesce(a.attname::text, '')
                      FROM generate_series(0, i.indnkeyatts - 1) AS k
                      LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[k] AND a.attnum > 0
                      ORDER BY k)
            FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid WHERE c.relnamespace = 'public'::regnamespace"""
        )
        return {name: Index(table, tuple(columns), unique) for name, table, unique, columns in cursor.fetchall()}


def _nodes(plan: Plan) -> Iterator[Plan]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from _nodes(below)


def _reach(node: Plan, walled: Collection[str], indexes: Mapping[str, Index]) -> Reach | None:
    if name := node.get("Index Name"):
        return _by_index(name, indexes[name], node.get("Index Cond", "")) if indexes[name].table in walled else None
    table = node.get("Relation Name", "")
    if table in walled and node["Node Type"] != "Bitmap Heap Scan":  # whose indexes are nodes below it
        return Reach(table, "", f"{table} is read as a whole")
    return None


def _by_index(name: str, index: Index, condition: str) -> Reach:
    first = index.columns[0]
    if (first in TENANT or first == PERSONS.get(index.table)) and _is_given(first, condition):
        return Reach(index.table, name)
    if index.is_unique and all(_is_given(column, condition) for column in index.columns):
        return Reach(index.table, name, is_key=True)
    return Reach(index.table, name, f"{index.table} is walked by {name}, which the tenant does not begin")


def _is_given(column: str, condition: str) -> bool:
    """Whether the index is entered at values of this column, which the database writes without its table."""
    return bool(column) and re.search(rf"(?<![\w.]){column} = ", condition) is not None
