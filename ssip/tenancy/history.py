"""What was done to one record, told from the audit: who, in which role, when, before and after.

Each app says in `Told` how its records are spoken of; the pages draw entries with parts/history.html.
Of fields that hold words the audit knows only that they were changed. Rows from before it kept both
sides of a change are told as far as they say it.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import Model

from ssip.core import audit, clock
from ssip.core.canonical import digest
from ssip.core.models import AuditEvent, User
from ssip.tenancy.models import Role

OPERATOR = "The operator of the site"
LENGTH_OF_A_DAY = len("2026-11-23")
EMPTY = digest("")


class Told(NamedTuple):
    """How the records of one kind are spoken of. What is in no sentence is not told; fields by their name in `data`."""

    model: type[Model]
    sentences: dict[str, str]
    fields: dict[str, str]

    @property
    def kind(self) -> str:
        return self.model._meta.label_lower

    def value(self, field: str, value: Any) -> str:
        """As somebody reads it: the label of a choice, a day in words."""
        column = {each.name: each for each in self.model._meta.concrete_fields}.get(field)
        choices = dict(column.flatchoices) if column else {}
        return spoken(str(choices.get(value, "" if value is None else value)))


class Change(NamedTuple):
    """One field, and how it changed: "from Medicines to Mental health", "added"; `href`: where its words stand."""

    field: str
    how: str
    href: str = ""

    def __str__(self) -> str:
        return f"{self.field}: {self.how}"


class Words(NamedTuple):
    """What somebody said with it: from the record itself, which its reader may see, not from the audit."""

    text: str
    about: str = ""


class Entry(NamedTuple):
    """One thing that was done. `link` names a page that belongs to it, at `href`."""

    at: datetime
    by: str
    role: str
    sentence: str
    details: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    words: tuple[Words, ...] = ()
    link: str = ""
    href: str = ""


def of(thing: Model, told: Told) -> list[Entry]:
    """The newest first. The page has asked who may see the record."""
    events = [event for event in audit.of(thing) if event.action in told.sentences]
    names = names_in(events)
    return [entry(event, told, names) for event in reversed(events)]


def entry(event: AuditEvent, told: Told, names: Mapping[int, str]) -> Entry:
    """`names`: of the people whom the rows speak of."""
    person = event.data.get("person")
    return Entry(
        at=event.at,
        by=actor(event),
        role=roles(event),
        sentence=told.sentences[event.action],
        details=(names.get(person, "Somebody whose account is gone"),) if person else (),
        changes=tuple(changes(event.data, told)),
    )


def changes(data: Mapping[str, Any], told: Told) -> Iterator[Change]:
    """The fields that a row speaks of: as they became, from what to what, or that their words were changed."""
    changed, reworded, only_named = dict(data.get("changed", {})), data.get("reworded", {}), data.get("fields", ())
    if {"before", "after"} <= data.keys():
        changed["status"] = [data["before"], data["after"]]
    unknown = sorted({*changed, *reworded, *only_named} - told.fields.keys())
    names = told.fields | {field: field.replace("_", " ").capitalize() for field in unknown}
    for field, name in names.items():
        if field in changed:
            before, after = (told.value(field, value) for value in changed[field])
            yield Change(name, _from_to(before, after))
        elif field in reworded:
            yield Change(name, _reworded(*reworded[field]))
        elif field in only_named:
            yield Change(name, "changed")
        elif data.get(field) not in (None, ""):
            yield Change(name, told.value(field, data[field]))


def names_in(events: Iterable[AuditEvent]) -> dict[int, str]:
    """Of the people whom these rows speak of, in one query."""
    spoken_of = {event.data["person"] for event in events if isinstance(event.data.get("person"), int)}
    return {pk: str(person) for pk, person in User.objects.in_bulk(spoken_of).items()}


def actor(event: AuditEvent) -> str:
    return str(event.actor) if event.actor else OPERATOR


def roles(event: AuditEvent) -> str:
    labels = dict(Role.choices)
    return ", ".join(str(labels.get(role, role)) for role in event.actor_roles)


def spoken(text: str) -> str:
    """A day in words; anything else as it is."""
    try:
        return clock.spoken(date.fromisoformat(text)) if len(text) == LENGTH_OF_A_DAY else text
    except ValueError:
        return text


def _from_to(before: str, after: str) -> str:
    if not before:
        return after
    return f"from {before} to {after}" if after else f"no longer {before}"


def _reworded(before: str, after: str) -> str:
    return "added" if before == EMPTY else "taken out" if after == EMPTY else "changed"
