"""A date that stands still: the police, a coroner or those affected ask for it. It goes on where it stood."""

from django.db import transaction
from django.db.models import Model

from ssip.core import audit, clock
from ssip.core.models import User
from ssip.reminders.models import Deadline, DeadlinePause
from ssip.reminders.models.deadlines import State
from ssip.reminders.workflow.deadlines import drop_what_was_planned, running, shift
from ssip.reminders.workflow.refusals import WrongState
from ssip.tenancy.models.grants import in_scope


@transaction.atomic
def pause(about: Model, kind: str, *, cause: DeadlinePause.Cause, reason: str, by: User) -> Deadline:
    """From today nobody is reminded; what was planned and not sent is void."""
    deadline = running(about, kind)
    if deadline.state == State.PAUSED:
        raise WrongState("This date is paused already.")
    deadline.state, deadline.next_step_on = State.PAUSED, None
    deadline.revision += 1
    deadline.save(update_fields=["state", "next_step_on", "revision"])
    DeadlinePause.objects.create(
        **in_scope(deadline.scope), deadline=deadline, cause=cause, reason=reason, paused_on=clock.today(), by=by
    )
    audit.record("pause date", deadline, by=by, kind=kind, cause=cause, revision=deadline.revision)
    drop_what_was_planned([deadline.pk])
    return deadline


@transaction.atomic
def resume(about: Model, kind: str, *, by: User) -> Deadline:
    """The date goes on by the days that it stood still, counted as the kind counts."""
    deadline = running(about, kind)
    stood = deadline.pauses.filter(resumed_on__isnull=True).first()
    if stood is None:
        raise WrongState("This date is not paused.")
    today = clock.today()
    stood.resumed_on, stood.resumed_by = today, by
    stood.save(update_fields=["resumed_on", "resumed_by"])
    audit.record("resume date", deadline, by=by, kind=kind, revision=deadline.revision + 1)
    deadline.state = State.OPEN
    to = deadline.kind.later(deadline.due_on, paused_on=stood.paused_on, resumed_on=today)
    if to == deadline.due_on:
        deadline.next_step_on = deadline.first_step_on()
        deadline.save(update_fields=["state", "next_step_on"])
    else:
        shift(deadline, to, reason=f"{stood.get_cause_display()}: paused", by=by)
    return deadline
