"""Setting, moving and ending dates: the only code that writes deadlines, apart from the clock's own column.

Who may set or move a date is the upper app's question; it calls these inside its own transaction.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db import connection, transaction
from django.db.models import Model

from ssip.core import audit, clock
from ssip.core.models import User
from ssip.reminders.models import Deadline, DeadlineMove, Task
from ssip.reminders.models.about import about as pointing_at
from ssip.reminders.models.deadlines import State
from ssip.reminders.rules import rule
from ssip.reminders.workflow.refusals import WrongState
from ssip.tenancy.models import Scope
from ssip.tenancy.models.grants import in_scope


@transaction.atomic
def open_deadline(
    *,
    scope: Scope,
    about: Model,
    kind: str,
    due_on: date,
    thing: str,
    place: str,
    path: str,
    reference: str,
    permissions: Sequence[str] = (),
    not_for: Iterable[int] = (),
    person: User | None = None,
    set_by: str = "",
    due_at: datetime | None = None,
) -> Deadline | None:
    """A date about a record; one of the same kind that runs about it is withdrawn. None where the kind is off.

    Reminded are `person`, or the holders of any of `permissions` in the scope at the time, or, where neither is
    said, the roles that the kind names; but never `not_for`.
    """
    withdraw(about, kind)
    here = rule(kind, scope)
    if not here.is_on:
        return None
    said = {"thing": thing, "place": place, "path": path, "reference": reference, "set_by": set_by}
    deadline = Deadline(
        **in_scope(scope) | pointing_at(about) | said | here.told,
        kind=here.kind,
        due_on=due_on,
        due_at=due_at,
        original_due_on=due_on,
        permissions=list(permissions),
        roles=[] if permissions or person else here.kind.reminded,
        not_for=sorted(set(not_for)),
        person=person,
    )
    deadline.next_step_on = deadline.first_step_on()
    deadline.save(force_insert=True)
    return deadline


def is_open(about: Model, kind: str) -> bool:
    """Whether there is such a date about the record now, to be moved rather than opened."""
    return Deadline.objects.running().about(about).filter(kind__code=kind).exists()


@transaction.atomic
def move_deadline(about: Model, kind: str, *, to: date, reason: str, by: User, agreed_with: str = "") -> Deadline:
    """Change the date. What was planned for the old one is void in the same transaction."""
    deadline = running(about, kind)
    if deadline.due_on != to:
        shift(deadline, to, reason=reason, by=by, agreed_with=agreed_with)
    return deadline


def running(about: Model, kind: str) -> Deadline:
    """The date of this kind about the record, locked: who comes second waits, then sees what the first has done."""
    found = (
        Deadline.objects.running()
        .about(about)
        .filter(kind__code=kind)
        .select_for_update(of=("self",))
        .select_related("kind", "psc", "ics", "organisation")
        .first()
    )
    if found is None:
        raise WrongState("There is no such date any more.")
    return found


def shift(deadline: Deadline, to: date, *, reason: str, by: User, agreed_with: str = "") -> None:
    """To another day, of a date that is locked: everybody hears of it anew, and those further up not yet."""
    before, deadline.due_on = deadline.due_on, to
    deadline.due_at, deadline.level = None, 0
    deadline.revision += 1
    deadline.next_step_on = deadline.first_step_on() if deadline.state == State.OPEN else None
    deadline.save(update_fields=["due_on", "due_at", "level", "revision", "state", "next_step_on"])
    DeadlineMove.objects.create(
        **in_scope(deadline.scope),
        deadline=deadline,
        from_date=before,
        to_date=to,
        reason=reason,
        agreed_with=agreed_with,
        by=by,
    )
    kind = deadline.kind.code
    audit.record("move date", deadline, by=by, kind=kind, before=before, after=to, revision=deadline.revision)
    drop_what_was_planned([deadline.pk])


@transaction.atomic
def stop_reminding(task: Task, person: User) -> None:
    """The date of a task that somebody has handed back: the others are reminded of it still."""
    if task.due is None:
        return
    dates = Deadline.objects.open().filter(about_kind=task.about_kind, about_id=task.about_id, due_on=task.due)
    theirs = dates.filter(permissions__contains=[task.permission])
    for deadline in theirs.select_for_update(of=("self",)).order_by("pk"):
        deadline.not_for = sorted({*deadline.not_for, person.pk})
        deadline.save(update_fields=["not_for"])


def meet(about: Model, kind: str) -> int:
    """What was due has been done; nobody is reminded any more."""
    return _end(about, kind, State.MET)


def withdraw(about: Model, kind: str | None = None) -> int:
    """The date (without `kind`: every date about the record) counts no more."""
    return _end(about, kind, State.WITHDRAWN)


@transaction.atomic
def _end(about: Model, kind: str | None, state: State) -> int:
    deadlines = Deadline.objects.running().about(about).select_for_update(of=("self",)).order_by("pk")
    if kind is not None:
        deadlines = deadlines.filter(kind__code=kind)
    ended = [deadline.pk for deadline in deadlines]
    Deadline.objects.filter(pk__in=ended).update(state=state, ended_at=clock.now(), next_step_on=None)
    drop_what_was_planned(ended)
    return len(ended)


def drop_what_was_planned(deadlines: list[int]) -> None:
    """The ledger is closed to the web; this drops only what a new revision or the end has made void."""
    if deadlines:
        with connection.cursor() as cursor:
            cursor.execute("SELECT ssip_drop_void_reminders(%s)", [deadlines])
