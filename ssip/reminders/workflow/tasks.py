"""Opening, closing and handing back work to do: the only code that writes tasks.

Who may close what is the upper app's question; it calls these inside its own transaction.
"""

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model

from ssip.core import audit, clock
from ssip.core.models import User
from ssip.reminders.models import HandBack, Task
from ssip.reminders.models.about import about as pointing_at
from ssip.reminders.workflow.deadlines import stop_reminding
from ssip.reminders.workflow.refusals import NobodyElse, WrongState
from ssip.tenancy import access
from ssip.tenancy.models import Role, Scope
from ssip.tenancy.models.grants import in_scope


def open_task(
    *,
    scope: Scope,
    about: Model,
    verb: str,
    thing: str,
    place: str,
    path: str,
    reference: str = "",
    why: str,
    permission: str = "",
    role: str = "",
    person: User | None = None,
    not_for: Iterable[int] = (),
    followed_with: str = "",
    due: date | None = None,
    due_set_by: str = "",
    minutes: int | None = None,
) -> Task:
    """Something to do for `person`, or for whoever holds `permission` in the scope (and has `role` there).
    `not_for` are ids; holders of `followed_with` see it among what they wait for. Fixed names, nobody's own words.
    """
    return Task.objects.create(
        **in_scope(scope),
        **pointing_at(about),
        verb=verb,
        thing=thing,
        place=place,
        path=path,
        reference=reference,
        why=why,
        permission=permission,
        role=role,
        person=person,
        not_for=sorted(set(not_for)),
        followed_with=followed_with,
        due=due,
        due_set_by=due_set_by,
        minutes=minutes,
    )


def close_tasks(about: Model, *, because: str, by: User | None = None, verb: str | None = None) -> int:
    """Close what is open about this record (of one verb, if given); returns how many there were."""
    tasks = Task.objects.open().about(about)
    if verb is not None:
        tasks = tasks.filter(verb=verb)
    return tasks.update(closed_at=clock.now(), closed_because=because, closed_by=by)


def set_due(about: Model, *, due: date | None, set_by: str) -> int:
    """What is open about this record is wanted by another day; returns how many tasks that were."""
    return Task.objects.open().about(about).update(due=due, due_set_by=set_by)


@transaction.atomic
def done_by(about: Model, person: User) -> int:
    """What each of several people does for themselves, such as reading: this one has, for the others it stays.

    Returns how many tasks were this person's.
    """
    tasks = Task.objects.mine(person).about(about).select_for_update(of=("self",)).order_by("pk")
    theirs = list(tasks)
    for task in theirs:
        if task.person_id:
            task.closed_at, task.closed_because, task.closed_by = clock.now(), "done", person
        else:
            task.not_for = sorted({*task.not_for, person.pk})
        task.save(update_fields=["not_for", "closed_at", "closed_because", "closed_by"])
    return len(theirs)


@transaction.atomic
def hand_back(task: Task, *, by: User, word: str) -> Task:
    """“Not mine”: the task stays for everybody else who may do it, and needs somebody else to be there."""
    task = Task.objects.select_for_update(of=("self",)).select_related("psc", "ics", "organisation").get(pk=task.pk)
    if not Task.objects.for_one(by).filter(pk=task.pk).exists():
        raise PermissionDenied("This is not yours to hand back.")
    if task.closed_at:
        raise WrongState("This has been done in the meantime.")
    if not _others(task, by):
        raise NobodyElse("Nobody else could do this. Ask the person who gives the roles here to name somebody first.")

    task.person, task.not_for = None, sorted({*task.not_for, by.pk})
    task.save(update_fields=["person", "not_for"])
    stop_reminding(task, by)
    HandBack.objects.create(**in_scope(task.scope), task=task, person=by, word=word)
    audit.record("hand back", task, by=by)
    return task


def _others(task: Task, by: User) -> set[int]:
    """Who could do it without this person."""
    if not task.permission:
        return set()
    roles = [Role(task.role)] if task.role else Role
    holders = access.holding(task.permission, task.scope, roles)  # type: ignore[arg-type]  # one_scope: never None
    return {grant.person_id for grant in holders} - {*task.not_for, by.pk}
