"""Whether the audit still is what was written.

Each scope's rows are a chain: a row has its place in it, and its hash covers its content and the
hash of the row before. So a changed, exchanged or missing row shows at the first one that no
longer fits. Who owns the tables could cut the end off, or work out all hashes again: that shows
against anchors, which are ends of chains that were written elsewhere at the time.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC
from typing import Any, NamedTuple

from django.db.models import QuerySet

from ssip.core.audit import Head
from ssip.core.models import AuditEvent, AuditHead

BATCH = 1000


class Scope(NamedTuple):
    """Whose chain it is; `id` is 0 for the site."""

    kind: str
    id: int

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"


# By scope and place, the hashes that were written elsewhere: more than one if anchors contradict each other.
Anchors = dict[Scope, dict[int, set[str]]]


class Trouble(NamedTuple):
    """The first row of a scope that does not fit; `sequence` is 0 for a row that has no place."""

    scope: Scope
    sequence: int
    wrong: str

    def __str__(self) -> str:
        return f"{self.scope}, row {self.sequence}: {self.wrong}"


@dataclass
class Found:
    rows: int = 0
    not_anchored: int = 0
    troubles: list[Trouble] = field(default_factory=list)


def hash_of(event: AuditEvent) -> str:
    """The same as ssip_audit_hash() in the database: who changes one side changes both."""
    content = {
        "sequence": event.sequence,
        "previous": event.previous,
        "at": event.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "actor": event.actor_id,
        "roles": event.actor_roles,
        "scope": [event.scope_kind, event.scope_id],
        "action": event.action,
        "thing": [event.thing_kind, event.thing_id],
        "reference": event.reference,
        "data": event.data,
    }
    # As it stands, and not in Unicode's composed form: another form of the same word is a change too.
    written = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(written.encode()).hexdigest()


def heads() -> Iterator[tuple[Scope, Head]]:
    """Where each chain ends, in the order of kind and id."""
    rows = AuditHead.objects.order_by("scope_kind", "scope_id")
    for kind, pk, sequence, last in rows.values_list("scope_kind", "scope_id", "sequence", "hash"):
        yield Scope(kind, pk), Head(sequence, last)


def verify(anchors: Anchors) -> Found:
    """Walk every chain, in batches; rows that are sealed meanwhile are looked at or left for the next time."""
    found = Found()
    for scope in sorted({*_scopes(), *anchors}):
        _walk(scope, anchors.get(scope, {}), found)
    unsealed = AuditEvent.objects.filter(sequence=None).order_by("id").first()
    if unsealed:
        found.troubles.append(Trouble(_scope(unsealed), 0, f"not sealed (id {unsealed.pk}): not written by the audit"))
    return found


def _scopes() -> set[Scope]:
    pairs = AuditEvent.objects.order_by().values_list("scope_kind", "scope_id").distinct()
    return {Scope(kind, pk or 0) for kind, pk in pairs} | {scope for scope, _ in heads()}


def _scope(event: AuditEvent) -> Scope:
    return Scope(event.scope_kind, event.scope_id or 0)


def _walk(scope: Scope, anchored: dict[int, set[str]], found: Found) -> None:
    head = _head(scope)
    last = Head()
    for event in _rows(scope).iterator(chunk_size=BATCH):
        if wrong := _does_not_follow(event, last) or _is_not_the_one(event, anchored):
            found.troubles.append(Trouble(scope, _place(event, last), wrong))
            return
        if event.sequence == head.sequence and event.hash != head.hash:
            found.troubles.append(Trouble(scope, head.sequence, "not the row that was sealed last"))
            return
        last = Head(event.sequence or 0, event.hash or "")
        found.rows += 1
    anchor = max(anchored, default=0)
    found.not_anchored += max(0, last.sequence - anchor)
    if wrong := _ends_too_soon(last, head, anchor) or _ends_too_late(last, _head(scope)):
        found.troubles.append(Trouble(scope, last.sequence + 1, wrong))


def _rows(scope: Scope) -> QuerySet[AuditEvent]:
    rows = AuditEvent.objects.filter(scope_kind=scope.kind, scope_id=scope.id or None, sequence__isnull=False)
    return rows.order_by("sequence", "id")


def _head(scope: Scope) -> Head:
    found = AuditHead.objects.filter(scope_kind=scope.kind, scope_id=scope.id)
    return Head(*found.values_list("sequence", "hash").first() or ())


def _place(event: AuditEvent, last: Head) -> int:
    """A missing row is named by the place where it is missed."""
    return min(event.sequence or 0, last.sequence + 1)


def _does_not_follow(event: AuditEvent, last: Head) -> str:
    sequence: Any = event.sequence
    if sequence > last.sequence + 1:
        return f"missing; the next one there is row {sequence}"
    if sequence <= last.sequence:
        return "out of order: its place is taken"
    if _hash_or_nothing(event) != event.hash:
        return "content changed"
    if event.previous != last.hash:
        return "out of order: it was written behind another row"
    return ""


def _hash_or_nothing(event: AuditEvent) -> str:
    """Nothing of a row that holds what the audit never writes, such as a name that is not text."""
    try:
        return hash_of(event)
    except (TypeError, ValueError):
        return ""


def _is_not_the_one(event: AuditEvent, anchored: dict[int, set[str]]) -> str:
    kept = anchored.get(event.sequence or 0, {event.hash})
    return "" if kept == {event.hash} else "not the row that was anchored: this one or rows before it were written anew"


def _ends_too_soon(last: Head, head: Head, anchor: int) -> str:
    if last.sequence < anchor:
        return f"cut before the last anchor, which is of row {anchor}"
    if last.sequence < head.sequence:
        return f"missing; the chain ended at row {head.sequence}"
    return ""


def _ends_too_late(last: Head, head_now: Head) -> str:
    """A row and the head that names it are committed together, so the head read last is never behind."""
    return "" if last.sequence <= head_now.sequence else "the rows up to here are more than were sealed"
