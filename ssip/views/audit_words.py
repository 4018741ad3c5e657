"""What a row of the audit says to a reader: who, what, about what. The audit itself holds names, numbers and days."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from incidents.models import Item
from networks import queries as networks
from plans.models import Status
from plans.queries import rounds, timeline
from ssip.core import audit
from ssip.core.models import AuditEvent
from ssip.reminders.queries import rules
from ssip.tenancy import history
from ssip.tenancy.history import Told
from ssip.tenancy.models import Role

# An action that is in no table here is shown by its own name.
ACTIONS = (
    timeline.SENTENCES
    | rules.TOLD.sentences
    | {
        "save section": "Saved a section",
        "hold draft": "Kept a text for later",
        "open round": "Opened a planning round",
        "add networks": "Gave networks a plan to draft",
        "close round": "Closed a planning round",
        "set up network": "Set up a network",
        "change network": "Changed the details of a network",
        "move date": "Moved a date",
        "pause date": "Paused a date",
        "resume date": "Let a paused date go on",
        "hand back": "Handed a task back",
        "grant": "Gave a role",
        "end grant": "Ended a role",
        "review access": "Reviewed who has access",
        "reset second step": "Removed a person's second step of signing in",
        "record assurance": "Recorded what must be in place before responses",
        "withdraw assurance": "Withdrew what must be in place before responses",
    }
)
# What was opened, by the name of its address: each whose door is `recorded`.
READS = {
    "audit": "Opened the audit",
    "audit_file": "Downloaded the audit",
}
# Kinds of records that say themselves how their fields are spoken of.
TOLD = {told.kind: told for told in (networks.TOLD, rounds.TOLD, rules.TOLD, timeline.TOLD)}
UNTOLD = Told(AuditEvent, {}, {})  # names and values as they stand in the row
THINGS = {
    "core.user": "Person",
    "incidents.assurance": "Record",
    "plans.plan": "Plan",
    "plans.round": "Planning round",
    "networks.network": "Network",
    "reminders.deadline": "Date",
    "reminders.kindchoice": "Kind of date",
    "reminders.task": "Task",
    "tenancy.grant": "Role",
    "people.accessreview": "Access review",
    "tenancy.ics": "ICS",
    "tenancy.organisation": "Organisation",
    "tenancy.psc": "PSC",
}
# How the names in a row's data are said, in this order; the others follow as they are.
SAID = {
    "item": "item",
    "role": "role",
    "person": "for",
    "before": "from",
    "after": "to",
    "section": "section",
    "version": "version",
    "digest": "check code",
    "fields": "in",
    "kind": "of the kind",
    "searched": "searched by",
    "rows": "rows:",
}
# Both sides of a change are said as the record's own kind has it; the page of a read is what was done.
BOTH_SIDES = {"changed", "reworded"}
NOT_SAID = BOTH_SIDES | {"page"}
ORDER = list(SAID)
VALUES: dict[str, dict[str, Any]] = {
    "item": dict(Item.choices),
    "role": dict(Role.choices),
    "before": dict(Status.choices),
    "after": dict(Status.choices),
    "searched": {"who": "person", "action": "what was done", "thing": "what it is about", "begin": "from", "end": "to"},
}
SHOWN_OF_A_CODE = 12


class Line(NamedTuple):
    """One row of the audit, ready to be read."""

    sequence: int
    at: datetime
    who: str
    roles: str
    what: str
    detail: str
    about: str
    code: str
    is_read: bool


def lines(events: Iterable[AuditEvent]) -> list[Line]:
    """With the names of the people whom the rows speak of, found in one query."""
    shown = list(events)
    names = history.names_in(shown)
    return [_line(event, names) for event in shown]


def _line(event: AuditEvent, names: Mapping[int, str]) -> Line:
    return Line(
        sequence=event.sequence or 0,
        at=event.at,
        who=history.actor(event),
        roles=history.roles(event),
        what=_what(event),
        detail="; ".join(filter(None, (_both_sides(event), _detail(event, names)))),
        about=f"{THINGS.get(event.thing_kind, event.thing_kind)} {event.reference or event.thing_id}",
        code=event.hash or "",
        is_read=event.action == audit.READ,
    )


def _what(event: AuditEvent) -> str:
    if event.action == audit.READ:
        return READS.get(event.data.get("page", ""), "Opened a page that exists no more")
    return ACTIONS.get(event.action, event.action.replace("_", " ").capitalize())


def _both_sides(event: AuditEvent) -> str:
    """What a change changed, in the words of its kind of record."""
    sides = {name: event.data[name] for name in BOTH_SIDES & event.data.keys()}
    return "; ".join(map(str, history.changes(sides, TOLD.get(event.thing_kind, UNTOLD))))


def _detail(event: AuditEvent, names: Mapping[int, str]) -> str:
    """Each name with its value; what was left empty is not said."""
    known_first = sorted(
        event.data.keys() - NOT_SAID, key=lambda name: (ORDER.index(name) if name in SAID else len(ORDER), name)
    )
    said = [(name, _value(event, name, names)) for name in known_first]
    return ", ".join(f"{SAID.get(name, name.replace('_', ' '))} {value}" for name, value in said if value)


def _value(event: AuditEvent, name: str, names: Mapping[int, str]) -> str:
    value, told = event.data[name], TOLD.get(event.thing_kind, UNTOLD)
    if value is None or value == []:
        return ""
    if name == "person":
        return names.get(value, f"person {value}")
    if name == "digest":
        return str(value)[:SHOWN_OF_A_CODE]
    if isinstance(value, list):
        labels = VALUES.get(name, {})
        return ", ".join(labels.get(each, str(each).replace("_", " ")) for each in value)
    if name == "section":
        return str(value).replace("_", " ")
    if name in told.fields:
        return told.value(name, value)
    return history.spoken(str(VALUES.get(name, {}).get(str(value), value)))
