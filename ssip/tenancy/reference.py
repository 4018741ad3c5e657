"""The reference facts: which PSCs, ICSs and organisations there are, and how they relate over time.

One file a table; codes are looked up, never recognised by a pattern. A fact that is there already
stays; a fact that contradicts one is a conflict, and then nothing at all is written.
`valid_from` is at the earliest 2022-07-01, the day from which these files speak, though a PSC or a
trust may be older.
"""

import csv
from pathlib import Path
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import models, transaction

from ssip.tenancy.models import ICS, PSC, Boundary, Coverage, Footprint, LeadICS, Organisation, Successor

FOLDER = Path(__file__).parent / "fixtures" / "reference"


class Table(NamedTuple):
    """A file, its table, and the columns that say which fact a row is."""

    name: str
    model: type[models.Model]
    key: tuple[str, ...]
    columns: dict[str, str] = {}


TABLES = (
    Table("psc", PSC, ("code",)),
    Table("ics", ICS, ("code",)),
    Table("organisation", Organisation, ("code",)),
    Table("boundary", Boundary, ("ons_code",)),
    Table("coverage", Coverage, ("psc", "ics", "valid_from")),
    Table(
        "successor", Successor, ("predecessor", "successor", "effective"), {"valid_from": "effective", "valid_to": ""}
    ),
    Table("footprint", Footprint, ("organisation", "ics", "area", "valid_from")),
    Table("lead_ics", LeadICS, ("organisation", "valid_from")),
)


class Conflicts(Exception):
    """Facts that contradict each other or what is stored; one line each."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__(f"{len(lines)} conflicts.")
        self.lines = lines


@transaction.atomic
def load(folder: Path = FOLDER) -> dict[str, tuple[int, int]]:
    """Write what is missing; for each file, how many rows are new and how many it has."""
    conflicts: list[str] = []
    counts = {}
    for table in TABLES:
        rows = _read(folder, table)
        new = _new(table, rows, conflicts)
        table.model._default_manager.bulk_create(new)
        counts[table.name] = (len(new), len(rows))
    if conflicts:
        raise Conflicts(conflicts)
    return counts


def _read(folder: Path, table: Table) -> list[dict[str, str]]:
    with (folder / f"{table.name}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    renamed = [{table.columns.get(name, name): text.strip() for name, text in row.items()} for row in rows]
    return [{name: text for name, text in row.items() if name} for row in renamed]


def _new(table: Table, rows: list[dict[str, str]], conflicts: list[str]) -> list[models.Model]:
    """The rows that are not stored yet; what contradicts is added to the conflicts."""
    stored = {_key(table, each): each for each in table.model._default_manager.all()}
    codes = _codes(table)
    seen, new = set(), []
    for line, row in enumerate(rows, start=2):
        where = f"{table.name}.csv line {line}:"
        try:
            fact = _fact(table, row, codes)
        except ValidationError as wrong:
            conflicts.extend(f"{where} {message}" for message in wrong.messages)
            continue
        key = _key(table, fact)
        called = " ".join(row[name] for name in table.key)
        if key in seen:
            conflicts.append(f"{where} {called} is there twice.")
        elif key not in stored:
            new.append(fact)
        elif differing := [name for name in row if _value(stored[key], name) != _value(fact, name)]:
            conflicts.append(f"{where} {called} exists with another {', '.join(differing)}.")
        seen.add(key)
    return new


def _codes(table: Table) -> dict[str, dict[str, int]]:
    """For each column that names a scope: the id of every code."""
    related = {f.name: f.related_model for f in table.model._meta.fields if isinstance(f, models.ForeignKey)}
    return {name: dict(model._default_manager.values_list("code", "pk")) for name, model in related.items()}


def _fact(table: Table, row: dict[str, str], codes: dict[str, dict[str, int]]) -> models.Model:
    values: dict[str, Any] = {}
    for name, text in row.items():
        field = table.model._meta.get_field(name)
        if name not in codes:
            values[name] = field.to_python(text or None) if isinstance(field, models.DateField) else text
        elif text in codes[name]:
            values[f"{name}_id"] = codes[name][text]
        else:
            raise ValidationError(f"{text} is not the code of a known {name}.")
    fact = table.model(**values)
    fact.clean_fields(exclude=list(codes))
    return fact


def _key(table: Table, fact: models.Model) -> tuple[Any, ...]:
    return tuple(_value(fact, name) for name in table.key)


def _value(fact: models.Model, name: str) -> Any:
    return fact.serializable_value(name)
