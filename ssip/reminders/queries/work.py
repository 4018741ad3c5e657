"""The lists of My work: what to do, what one waits for, what comes up, what was done lately.

Every list is read in a fixed number of queries, however long it is, and shows at most fifty rows.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.urls import reverse

from ssip.core import clock
from ssip.core.models import User
from ssip.reminders.models import Deadline, Task
from ssip.tenancy import access
from ssip.tenancy.models import Coverage, Grant
from ssip.tenancy.models.scopes import Scope

MOST = 50
SOON = timedelta(days=14)
LATELY = timedelta(days=14)


@dataclass(frozen=True)
class Row:
    """One row, as parts/work_row.html shows it; `awaited` names who can do what one waits for."""

    verb: str
    thing: str
    place: str
    href: str
    due: date | None
    set_by: str
    why: str
    minutes: int | None
    reference: str
    hand_back: str
    passed: bool
    awaited: list[str] = field(default_factory=list)
    done_on: date | None = None
    ended: str = ""
    done_by: str = ""


def my_work(person: User, today: date) -> dict[str, list[Row]]:
    """The four lists: do_now, waiting, coming_up, done_lately."""
    do_now = list(Task.objects.mine(person).by_date()[:MOST])
    waiting = list(Task.objects.waiting(person).select_related("person", "psc", "ics", "organisation").by_date()[:MOST])
    awaited = _awaited(waiting)
    return {
        "do_now": [_row(task, today, hand_back=_can_hand_back(task)) for task in do_now],
        "waiting": [_row(task, today, awaited=awaited[task.pk], why="") for task in waiting],
        "coming_up": [_date_row(deadline, today) for deadline in _coming_up(person, today, [*do_now, *waiting])],
        "done_lately": [_done_row(task, today) for task in _done(person, today)],
    }


def open_work_count(person: User) -> int:
    """How many things this person can do now; asked on their behalf."""
    return Task.objects.mine(person).count()


def _coming_up(person: User, today: date, shown: list[Task]) -> list[Deadline]:
    """Dates of the next two weeks that are not already the date of something shown."""
    there = Q()
    for task in shown:
        if task.due:
            there |= Q(about_kind=task.about_kind, about_id=task.about_id, due_on=task.due)
    dates = Deadline.objects.open().for_one(person).filter(due_on__gte=today, due_on__lte=today + SOON)
    return list((dates.exclude(there) if there else dates).select_related("kind").order_by("due_on", "id")[:MOST])


def _done(person: User, today: date) -> list[Task]:
    since = clock.now() - LATELY
    return list(
        Task.objects.done_lately(person, since).select_related("closed_by").order_by("-closed_at", "-id")[:MOST]
    )


def _can_hand_back(task: Task) -> str:
    """Nobody else could take up what is addressed to one person alone."""
    return reverse("not_mine", args=[task.pk]) if task.permission else ""


def _row(task: Task, today: date, **more: Any) -> Row:
    given: dict[str, Any] = {"hand_back": "", "passed": bool(task.due and task.due < today), "why": task.why}
    return Row(
        verb=task.verb,
        thing=task.thing,
        place=task.place,
        href=task.path,
        due=task.due,
        set_by=task.due_set_by,
        minutes=task.minutes,
        reference=task.reference,
        **given | more,
    )


def _done_row(task: Task, today: date) -> Row:
    done_on = clock.local_date(task.closed_at) if task.closed_at else None
    ended = task.closed_because[:1].upper() + task.closed_because[1:]
    return _row(task, today, passed=False, done_on=done_on, ended=ended, done_by=str(task.closed_by or ""))


def _date_row(deadline: Deadline, today: date) -> Row:
    return Row(
        verb=f"{deadline.kind.name}:",
        thing=deadline.thing,
        place=deadline.place,
        href=deadline.path,
        due=deadline.due_on,
        set_by=deadline.set_by,
        why="",
        minutes=None,
        reference=deadline.reference,
        hand_back="",
        passed=deadline.due_on < today,
    )


def _awaited(tasks: list[Task]) -> dict[int, list[str]]:
    """Who can do each of these tasks, by name; asked at once for all of them, of those whose roles one may see."""
    scopes = [task.scope for task in tasks if task.scope]
    grants = _grants_reaching(scopes)
    return {task.pk: _names(task, grants) for task in tasks}


def _names(task: Task, grants: list[tuple[Grant, set[tuple[str, int]]]]) -> list[str]:
    if task.person:
        return [str(task.person)]
    scope = task.scope
    if scope is None:
        return []
    return sorted(
        {
            str(grant.person)
            for grant, reaches in grants
            if (scope.scope_kind, scope.pk) in reaches
            and task.permission in access.given_by(grant)
            and task.role in ("", grant.role)
            and grant.person_id not in task.not_for
        }
    )


def _grants_reaching(scopes: Iterable[Scope]) -> list[tuple[Grant, set[tuple[str, int]]]]:
    """Every live grant that reaches one of these scopes, with the scopes it reaches."""
    ids: dict[str, set[int]] = {"psc": set(), "ics": set(), "organisation": set()}
    for scope in scopes:
        ids[scope.scope_kind].add(scope.pk)
    served: dict[int, set[tuple[str, int]]] = {}
    for psc_id, ics_id in Coverage.objects.current().filter(ics_id__in=ids["ics"]).values_list("psc_id", "ics_id"):
        served.setdefault(psc_id, set()).add(("ics", ics_id))
    here = Q(psc_id__in=ids["psc"] | set(served)) | Q(ics_id__in=ids["ics"])
    here |= Q(organisation_id__in=ids["organisation"])
    grants = Grant.objects.live().filter(here).select_related("person").order_by("id")
    return [(grant, _own(grant) | served.get(grant.psc_id or 0, set())) for grant in grants]


def _own(grant: Grant) -> set[tuple[str, int]]:
    return {
        (kind, scope_id)
        for kind in ("psc", "ics", "organisation")
        if (scope_id := getattr(grant, f"{kind}_id")) is not None
    }
