"""What was done, by whom, to what: written in the transaction that did it, and never changed.

Names of fields, states, dates, digests and references may stand in `data`; words that a person
wrote may not. The row is appended by a function of the database, which takes the person from
the context, so that no caller can write in somebody else's name. At commit the database seals
what was recorded into the chain of its scope; how a chain is checked is in `chain.py`.
That a sensitive record was opened is a row too: the door writes it, see `doors.opens`.
"""

import json
from collections.abc import Collection, Mapping
from typing import Any, ClassVar, NamedTuple, Protocol

from django.db import connection, models

from ssip.core.canonical import canonical, digest
from ssip.core.context import current_person_id
from ssip.core.models import AuditEvent, AuditHead, User

READ = "read"  # the one action that changes nothing


class Place(Protocol):
    """A PSC, an ICS or an organisation: core knows no more of it."""

    scope_kind: ClassVar[str]
    pk: int


class Head(NamedTuple):
    """The end of a scope's chain: how many rows it has, and the hash of the last, which covers all before it."""

    sequence: int = 0
    hash: str = ""


class WrongPerson(Exception):
    """The audit was asked to name somebody who is not the person acting."""


def record(action: str, thing: models.Model, *, by: User | None, **data: Any) -> None:
    """Append a row. `thing.scope` says whose it is (None: the site's); `by` is None for the operator."""
    acting = current_person_id()
    if (by.pk if by else 0) != (acting or 0):
        raise WrongPerson(f"{action}: recorded for person {by and by.pk}, but person {acting} is acting.")
    scope = thing.scope  # type: ignore[attr-defined]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ssip_record_audit(%s, %s, %s, %s, %s, %s, %s::jsonb)",
            [
                action,
                scope.scope_kind if scope else "site",
                scope.pk if scope else None,
                thing._meta.label_lower,
                thing.pk,
                getattr(thing, "reference", "") or getattr(thing, "code", ""),
                canonical(json.loads(json.dumps(data, default=str))).decode(),
            ],
        )


def difference(
    before: Mapping[str, Any], after: Mapping[str, Any], *, values: Collection[str] = ()
) -> dict[str, dict[str, list[Any]]]:
    """What a change changed, as data for its row: [before, after] of each field that differs.

    Only the fields in `values` (choices, dates, numbers) stand there as they are; of all others, which may hold
    words that somebody wrote, two check codes.
    """
    differ = sorted(name for name in after if before[name] != after[name])
    found = {
        "changed": {name: [before[name], after[name]] for name in differ if name in values},
        "reworded": {name: [digest(before[name]), digest(after[name])] for name in differ if name not in values},
    }
    return {kind: fields for kind, fields in found.items() if fields}


def of(thing: models.Model) -> models.QuerySet[AuditEvent]:
    """What was done to one record, oldest first. The page that shows it has asked who may see the record."""
    return (
        AuditEvent.objects.filter(thing_kind=thing._meta.label_lower, thing_id=thing.pk)
        .exclude(action=READ)
        .select_related("actor")
        .order_by("id")
    )


def of_scope(scope: Place) -> models.QuerySet[AuditEvent]:
    """What happened in a place itself, the newest first. The page that shows it has asked who may read it."""
    return (
        AuditEvent.objects.filter(scope_kind=scope.scope_kind, scope_id=scope.pk, sequence__isnull=False)
        .select_related("actor")
        .order_by("-sequence")
    )


def head(scope: Place) -> Head:
    """As of the last commit: what this transaction recorded is sealed when it ends."""
    found = AuditHead.objects.filter(scope_kind=scope.scope_kind, scope_id=scope.pk)
    return Head(*found.values_list("sequence", "hash").first() or ())
