"""Reviewing who has access: the clock opens the work and its date, a reviewer decides on each role, once.

The only code that writes reviews. A role that a review ends is ended as any other, by `ssip.tenancy.workflow`.
"""

from collections.abc import Iterator, Mapping
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import ProgrammingError, transaction
from django.db.models import Min
from django.urls import reverse
from psycopg2 import errors

from ssip.core import audit, clock
from ssip.core.locks import one_at_a_time
from ssip.core.models import User
from ssip.core.verdicts import require
from ssip.people.models import KIND, VERB, AccessReview, ReviewedRole
from ssip.people.policies import REVIEWED_WITH, can_review
from ssip.people.queries import reviews as queries
from ssip.people.queries.reviews import AHEAD, Asked
from ssip.reminders import workflow as reminders
from ssip.reminders.models import Deadline, Task
from ssip.reminders.models.deadlines import DeadlineQuerySet
from ssip.tenancy import workflow as tenancy
from ssip.tenancy.models import ICS, PSC, Grant, Organisation, Role, Scope
from ssip.tenancy.models.grants import in_scope
from ssip.tenancy.roles import ROLES

Outcome = ReviewedRole.Outcome
SET_BY = "the programme (every six months)"
IN_THE_SAME_MOMENT = "Somebody ended one of these roles in the same moment."


class WrongState(Exception):
    """Somebody else has reviewed this place since the person opened the page."""


class Changed(Exception):
    """Roles were given or ended since the person saw them."""


# The reviewer's part


@transaction.atomic
def review(scope: Scope, *, by: User, seen: int, decided: Mapping[int, Outcome], reason: str = "") -> AccessReview:
    """Store what `by` decided of each role, by its grant's id; end those that are to end, for one reason.

    `seen` is the number of the last review when the page was opened. Roles of the reviewer are not reviewed.
    """
    require(can_review(by, scope))
    one_at_a_time(KIND, scope)
    now = queries.asked(by, scope)
    if now.number != seen:
        raise WrongState(_reviewed_already(now, by))
    if {row.grant.pk for row in now.rows} != set(decided):
        raise Changed("Somebody gave or ended a role here while you were looking.")

    outcomes = dict(decided) | {row.grant.pk: Outcome.NOT_REVIEWED for row in now.own}
    _end_roles(now, decided, by=by, reason=reason)
    made = _store_as_it_is(scope, now, outcomes, by=by)
    counts = {"kept": made.kept, "ended": made.ended, "not_reviewed": made.not_reviewed}
    audit.record("review access", made, by=by, **counts)
    _follow(made, now, by=by)
    return made


def _end_roles(now: Asked, decided: Mapping[int, Outcome], *, by: User, reason: str) -> None:
    for row in now.rows:
        if decided[row.grant.pk] != Outcome.ENDED:
            continue
        if not row.may_end:
            raise PermissionDenied(f"You cannot end the role {row.grant.get_role_display()} here.")
        try:
            tenancy.end(row.grant, by=by, reason=reason)
        except PermissionDenied as refused:  # it was theirs to end a moment ago
            raise Changed(IN_THE_SAME_MOMENT) from refused


def _store_as_it_is(scope: Scope, now: Asked, outcomes: Mapping[int, Outcome], *, by: User) -> AccessReview:
    """The policies take no word of a role that is not so: one that was to be kept may have ended since we looked."""
    try:
        with transaction.atomic():
            return _store(scope, now, outcomes, by=by)
    except ProgrammingError as refused:
        if isinstance(refused.__cause__, errors.InsufficientPrivilege):
            raise Changed(IN_THE_SAME_MOMENT) from refused
        raise


def _store(scope: Scope, now: Asked, outcomes: Mapping[int, Outcome], *, by: User) -> AccessReview:
    said = list(outcomes.values())
    date_met = None if now.only_left_over else _open_dates().filter(**in_scope(scope)).first()
    made = AccessReview.objects.create(
        **in_scope(scope),
        number=now.number + 1,
        by=by,
        at=clock.now(),
        due_on=date_met and date_met.due_on,
        kept=said.count(Outcome.KEPT),
        ended=said.count(Outcome.ENDED),
        not_reviewed=said.count(Outcome.NOT_REVIEWED),
    )
    ReviewedRole.objects.bulk_create(
        ReviewedRole(**in_scope(scope), review=made, grant_id=grant_id, outcome=outcome)
        for grant_id, outcome in outcomes.items()
    )
    return made


def _follow(made: AccessReview, now: Asked, *, by: User) -> None:
    """What was asked is done; the next is in six months; the reviewer's own roles are for somebody else to look at."""
    scope = made.scope
    assert scope is not None
    for about in filter(None, (scope, now.last)):
        reminders.close_tasks(about, because="reviewed", by=by, verb=VERB)
    if not now.only_left_over:
        reminders.meet(scope, KIND)
        _open_date(scope, reminders.rule(KIND, scope).after(clock.today()))
    permission = REVIEWED_WITH[type(scope)]
    if now.own and queries.others(by, permission, scope):
        reminders.open_task(
            **_about(scope) | {"about": made, "thing": f"what the last reviewer in {scope} left"},
            verb=VERB,
            why="Nobody decides on a role of their own.",
            permission=permission,
            not_for=[by.pk],
            followed_with=permission,
            minutes=5,
        )


def _reviewed_already(now: Asked, by: User) -> str:
    last = now.last
    if last is None or last.by_id == by.pk:
        return "You have finished this review already."
    on = clock.spoken(clock.local_date(last.at))
    return f"{last.by} finished this review on {on}, before you. Nothing of yours was saved."


# The clock's part


def plan_reviews() -> int:
    """Set the first date of each place that has people, and open the work where a date is near; returns how many.

    Safe to run twice, at once or killed in the middle: each place is a transaction of its own, and locked.
    """
    dated = sum(_set_first_date(scope, since) for scope, since in list(_places_without_date()))
    near = _open_dates().filter(due_on__lte=clock.today() + AHEAD).select_related("psc", "ics", "organisation")
    return dated + sum(_open_work(deadline) for deadline in near.order_by("due_on", "id"))


def _places_without_date() -> Iterator[tuple[Scope, date]]:
    """Places with live roles, and the day of the first. Who has no date and nobody to review has to wait."""
    dated = set(_open_dates().values_list("psc_id", "ics_id", "organisation_id"))
    live = Grant.objects.live().exclude(role=Role.SYSTEM_ADMINISTRATOR)
    since = live.values_list("psc_id", "ics_id", "organisation_id").annotate(first=Min("from_date")).order_by("first")
    begun = {place[:3]: place[3] for place in since if place[:3] not in dated}
    reviewers = [role for role, mays in ROLES.items() if _reviews_organisation(mays)]
    reviewed = set(live.filter(role__in=reviewers, psc=None, ics=None).values_list("organisation_id", flat=True))
    for position, kind in enumerate((PSC, ICS, Organisation)):
        first = {ids[position]: day for ids, day in begun.items() if ids[position] is not None}
        for scope in kind.objects.filter(pk__in=first).order_by("pk"):
            if kind is not Organisation or scope.pk in reviewed:
                yield scope, first[scope.pk]


def _reviews_organisation(mays: Mapping) -> bool:
    may = mays.get(Organisation)
    return bool(may and REVIEWED_WITH[Organisation] in may.permissions)


@transaction.atomic
def _set_first_date(scope: Scope, since: date) -> int:
    """Six months after the first role was given; in four weeks where that would be too soon, as work to do at once."""
    one_at_a_time(KIND, scope)
    if reminders.is_open(scope, KIND):
        return 0
    soonest = clock.working_day_on_or_before(clock.today() + AHEAD)
    _open_date(scope, max(reminders.rule(KIND, scope).after(since), soonest))
    return 1


@transaction.atomic
def _open_work(deadline: Deadline) -> int:
    scope = deadline.scope
    assert scope is not None
    one_at_a_time(KIND, scope)
    here = Task.objects.open().filter(**in_scope(scope)).about(scope).filter(verb=VERB)
    if here.exists() or not Deadline.objects.open().filter(pk=deadline.pk).exists():
        return 0
    reminders.open_task(
        **_about(scope),
        verb=VERB,
        why=f"You look after the people of {scope}.",
        permission=REVIEWED_WITH[type(scope)],
        due=deadline.due_on,
        due_set_by=deadline.set_by,
        minutes=15,
    )
    return 1


def _open_date(scope: Scope, due_on: date) -> None:
    permissions = [REVIEWED_WITH[type(scope)]]
    reminders.open_deadline(**_about(scope), kind=KIND, due_on=due_on, permissions=permissions, set_by=SET_BY)


def _open_dates() -> DeadlineQuerySet:
    return Deadline.objects.open().filter(kind__code=KIND)


def _about(scope: Scope) -> dict:
    return {
        "scope": scope,
        "about": scope,
        "thing": f"who has access in {scope}",
        "place": str(scope),
        "path": reverse("people_review", args=[scope.scope_kind, scope.code]),
        "reference": scope.code,
    }
