"""What a row of the audit says to a reader: who, what, about what. The audit itself holds names, numbers and days."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, NamedTuple

from plans.models import Status
from plans.queries import timeline
from ssip.core import clock
from ssip.core.models import AuditEvent, User
from ssip.tenancy.models import Role

# An action that is in no table here is shown by its own name.
ACTIONS = timeline.SENTENCES | {
    "save section": "Saved a section",
    "hold draft": "Kept a text for later",
    "open round": "Opened a planning round",
    "close round": "Closed a planning round",
    "set up network": "Set up a network",
    "change network": "Changed the details of a network",
    "move date": "Moved a date",
    "hand back": "Handed a task back",
    "grant": "Gave a role",
    "end grant": "Ended a role",
    "reset second step": "Removed a person's second step of signing in",
}
THINGS = {
    "core.user": "Person",
    "record assurance": "Recorded what must be in place before responses",
    "withdraw assurance": "Withdrew what must be in place before responses",
    "plans.plan": "Plan",
    "plans.round": "Planning round",
    "networks.network": "Network",
    "reminders.deadline": "Date",
    "reminders.task": "Task",
    "tenancy.grant": "Role",
}
# How the names in a row's data are said, in this order; the others follow as they are.
SAID = {
    "role": "role",
    "incidents.assurance": "Record",
    "person": "for",
    "before": "from",
    "after": "to",
    "section": "section",
    "version": "version",
    "digest": "check code",
    "fields": "in",
    "kind": "of the kind",
}
ORDER = list(SAID)
VALUES = {"role": dict(Role.choices), "before": dict(Status.choices), "after": dict(Status.choices)}
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


def lines(events: Iterable[AuditEvent]) -> list[Line]:
    """With the names of the people whom the rows speak of, found in one query."""
    shown = list(events)
    spoken_of = {event.data["person"] for event in shown if isinstance(event.data.get("person"), int)}
    names = {pk: str(person) for pk, person in User.objects.in_bulk(spoken_of).items()}
    return [_line(event, names) for event in shown]


def _line(event: AuditEvent, names: dict[int, str]) -> Line:
    roles = dict(Role.choices)
    return Line(
        sequence=event.sequence or 0,
        at=event.at,
        who=str(event.actor) if event.actor else "The operator of the site",
        roles=", ".join(str(roles.get(role, role)) for role in event.actor_roles),
        what=ACTIONS.get(event.action, event.action.replace("_", " ").capitalize()),
        detail=_detail(event.data, names),
        about=f"{THINGS.get(event.thing_kind, event.thing_kind)} {event.reference or event.thing_id}",
        code=event.hash or "",
    )


def _detail(data: dict[str, Any], names: dict[int, str]) -> str:
    """Each name with its value; what was left empty is not said."""
    known_first = sorted(data, key=lambda name: (ORDER.index(name) if name in SAID else len(ORDER), name))
    said = [(name, _value(name, data[name], names)) for name in known_first]
    return ", ".join(f"{SAID.get(name, name.replace('_', ' '))} {value}" for name, value in said if value)


def _value(name: str, value: Any, names: dict[int, str]) -> str:
    if value is None or value == []:
        return ""
    if name == "person":
        return names.get(value, f"person {value}")
    if name == "digest":
        return str(value)[:SHOWN_OF_A_CODE]
    if isinstance(value, list):
        return ", ".join(str(each).replace("_", " ") for each in value)
    if name == "section":
        return str(value).replace("_", " ")
    return _day(str(VALUES.get(name, {}).get(value, value)))


def _day(text: str) -> str:
    try:
        return clock.spoken(date.fromisoformat(text)) if len(text) == len("2026-11-23") else text
    except ValueError:
        return text
