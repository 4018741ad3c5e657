"""Reference facts: here which PSCs, ICSs and organisations there are, and how they relate over time.

An app has facts of its own if it has a module `reference` with TABLES and FOLDER. One file a
table; what a column points at is looked up by its code, never recognised by a pattern. A fact
that is there already stays; a fact that contradicts one is a conflict, and then nothing at all is
written. `valid_from` is at the earliest 2022-07-01, the day from which these files speak, though a
PSC or a trust may be older.
"""

import csv
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.module_loading import module_has_submodule

from ssip.tenancy.models import ICS, PSC, Boundary, Coverage, Footprint, LeadICS, Organisation, Successor

FOLDER = Path(__file__).parent / "fixtures" / "reference"
LEFT_OVER = "left over"


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


def sources() -> Iterator[tuple[tuple[Table, ...], Path]]:
    """The tables of every app, lower apps first, and the folder of their files."""
    for config in apps.get_app_configs():
        if module_has_submodule(config.module, "reference"):
            module = import_module(f"{config.name}.reference")
            yield module.TABLES, module.FOLDER


@transaction.atomic
def load(*given: tuple[Iterable[Table], Path]) -> dict[str, tuple[int, int]]:
    """Write what is missing from these tables and folders; for each file, how many rows are new and how many it has.

    Raises Conflicts, with every conflict of every file, and then has written nothing.
    """
    conflicts: list[str] = []
    counts = {}
    for tables, folder in given:
        for table in tables:
            rows = _read(folder, table, conflicts)
            new = _new(table, rows, conflicts)
            table.model._default_manager.bulk_create(new)
            counts[table.name] = (len(new), len(rows))
    if conflicts:
        raise Conflicts(conflicts)
    return counts


def _read(folder: Path, table: Table, conflicts: list[str]) -> list[dict[str, str]]:
    """The rows under the names of the model; a file or a column that is not right is one conflict."""
    path = folder / f"{table.name}.csv"
    if not path.is_file():
        conflicts.append(f"{path.name} is missing.")
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file, restkey=LEFT_OVER, restval="")
        rows = list(reader)
    if wrong := _wrong_columns(table, [table.columns.get(name, name) for name in reader.fieldnames or []]):
        conflicts.extend(f"{path.name} {each}." for each in wrong)
        return []
    if long := [str(line) for line, row in enumerate(rows, start=2) if LEFT_OVER in row]:
        conflicts.append(f"{path.name} has more values than columns in line {', '.join(long)}.")
        return []
    renamed = [{table.columns.get(name, name): text.strip() for name, text in row.items()} for row in rows]
    return [{name: text for name, text in row.items() if name} for row in renamed]


def _wrong_columns(table: Table, columns: list[str]) -> list[str]:
    known = {field.name: field for field in table.model._meta.fields}
    needed = {name for name, field in known.items() if not (field.blank or field.null or field.has_default())}
    missing = sorted((needed | set(table.key)) - set(columns))
    strange = sorted(set(columns) - set(known) - {""})
    return [
        *(f"has no column {name}" for name in missing),
        *(f"has a column {name} that nothing knows" for name in strange),
    ]


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
            conflicts.extend(f"{where} {sentence}" for sentence in _sentences(wrong))
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
    """For each column that points at another table: the id of every code there."""
    related = {f.name: f.related_model for f in table.model._meta.fields if isinstance(f, models.ForeignKey)}
    return {name: dict(model._default_manager.values_list("code", "pk")) for name, model in related.items()}


def _fact(table: Table, row: dict[str, str], codes: dict[str, dict[str, int]]) -> models.Model:
    values: dict[str, Any] = {}
    for name, text in row.items():
        field = table.model._meta.get_field(name)
        if name not in codes:
            values[name] = _python(field, text)
        elif text in codes[name]:
            values[f"{name}_id"] = codes[name][text]
        elif text or not field.null:
            raise ValidationError(f"{text} is not the code of a known {name}.")
    fact = table.model(**values)
    fact.clean_fields(exclude=list(codes))
    return fact


def _sentences(wrong: ValidationError) -> list[str]:
    if not hasattr(wrong, "error_dict"):
        return wrong.messages
    return [f"{name}: {message}" for name, messages in wrong.message_dict.items() for message in messages]


def _python(field: Any, text: str) -> Any:
    """What the text of a file stands for: nothing for a date or number left out, "14;3;0" for a list."""
    if isinstance(field, ArrayField):
        return [field.base_field.to_python(each.strip()) for each in text.split(";") if each.strip()]
    return text if field.empty_strings_allowed else field.to_python(text or None)


def _key(table: Table, fact: models.Model) -> tuple[Any, ...]:
    return tuple(_value(fact, name) for name in table.key)


def _value(fact: models.Model, name: str) -> Any:
    return fact.serializable_value(name)
