"""Setting, moving and ending dates: the only code that writes deadlines, apart from the clock's own column.

Who may set or move a date is the upper app's question; it calls these inside its own transaction.
"""

from collections.abc import Iterable, Sequence
from datetime import date

from django.db import connection, transaction
from django.db.models import Model

from ssip.core import audit, clock
from ssip.core.models import User
from ssip.reminders.models import Deadline, DeadlineKind, DeadlineMove, Task
from ssip.reminders.models.about import about as pointing_at
from ssip.reminders.models.deadlines import State
from ssip.reminders.workflow.refusals import WrongState
from ssip.tenancy.models import Scope
from ssip.tenancy.models.grants import in_scope


def due_after(kind: str, from_date: date) -> date:
    """The date that a kind of fixed length gives, a working day; ValueError where somebody sets the date."""
    return DeadlineKind.objects.get(code=kind).after(from_date)


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
    permissions: Sequence[str],
    not_for: Iterable[int] = (),
    person: User | None = None,
    set_by: str = "",
) -> Deadline:
    """A date about a record; one of the same kind that is open about it is withdrawn.

    Reminded are `person`, or the holders of any of `permissions` in the scope at the time, but never `not_for`.
    """
    withdraw(about, kind)
    deadline = Deadline(
        **in_scope(scope),
        **pointing_at(about),
        kind=DeadlineKind.objects.get(code=kind),
        due_on=due_on,
        original_due_on=due_on,
        thing=thing,
        place=place,
        path=path,
        reference=reference,
        permissions=list(permissions),
        not_for=sorted(set(not_for)),
        person=person,
        set_by=set_by,
    )
    deadline.next_step_on = deadline.first_step_on()
    deadline.save(force_insert=True)
    return deadline


def is_open(about: Model, kind: str) -> bool:
    """Whether there is such a date about the record now, to be moved rather than opened."""
    return Deadline.objects.open().about(about).filter(kind__code=kind).exists()


@transaction.atomic
def move_deadline(about: Model, kind: str, *, to: date, reason: str, by: User) -> Deadline:
    """Change the date. What was planned for the old one is void in the same transaction."""
    deadline = (
        Deadline.objects.open()
        .about(about)
        .filter(kind__code=kind)
        .select_for_update(of=("self",))
        .select_related("kind", "psc", "ics", "organisation")
        .first()
    )
    if deadline is None:
        raise WrongState("There is no such date any more.")
    if deadline.due_on == to:
        return deadline

    before, deadline.due_on = deadline.due_on, to
    deadline.revision += 1
    deadline.next_step_on = deadline.first_step_on()
    deadline.save(update_fields=["due_on", "revision", "next_step_on"])
    DeadlineMove.objects.create(
        **in_scope(deadline.scope), deadline=deadline, from_date=before, to_date=to, reason=reason, by=by
    )
    audit.record("move date", deadline, by=by, kind=kind, before=before, after=to, revision=deadline.revision)
    _drop_what_was_planned([deadline.pk])
    return deadline


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
    deadlines = Deadline.objects.open().about(about).select_for_update(of=("self",)).order_by("pk")
    if kind is not None:
        deadlines = deadlines.filter(kind__code=kind)
    ended = [deadline.pk for deadline in deadlines]
    Deadline.objects.filter(pk__in=ended).update(state=state, ended_at=clock.now(), next_step_on=None)
    _drop_what_was_planned(ended)
    return len(ended)


def _drop_what_was_planned(deadlines: list[int]) -> None:
    """The ledger is closed to the web; this drops only what a new revision or the end has made void."""
    if deadlines:
        with connection.cursor() as cursor:
            cursor.execute("SELECT ssip_drop_void_reminders(%s)", [deadlines])
