"""Reviews of who has access in a place: the next one, what there is to decide in it, and those before."""

from datetime import date, timedelta
from typing import NamedTuple

from ssip.core import clock
from ssip.core.models import User
from ssip.people.models import KIND, VERB, AccessReview, ReviewedRole
from ssip.people.queries import people
from ssip.people.queries.people import Row
from ssip.reminders.models import Deadline, Task
from ssip.tenancy import access
from ssip.tenancy.models import Grant, Role, Scope
from ssip.tenancy.models.grants import in_scope
from ssip.tenancy.owned import InAnyScopeQuerySet
from ssip.tenancy.policies import roles_to_give

SHOWN = 10
AHEAD = timedelta(weeks=4)  # so long before its date a review stands among the work to do


class Standing(NamedTuple):
    """Where the reviews of a place stand: the latest ones, newest first; the day of the next; whether that is near."""

    done: list[AccessReview]
    due_on: date | None
    is_near: bool


class Asked(NamedTuple):
    """What a reviewer decides: `rows`. `own` are roles of the reviewer, `reaching` those held on the PSC.

    `only_left_over`: the reviewer before could not decide on these, because they were their own.
    """

    last: AccessReview | None
    rows: list[Row]
    own: list[Row]
    reaching: list[Row]
    only_left_over: bool

    @property
    def number(self) -> int:
        """Of the last review, as seen by whoever opens the page."""
        return self.last.number if self.last else 0


def standing(reader: User, scope: Scope) -> Standing:
    dates = Deadline.objects.visible_to(reader).open().about(scope).filter(kind__code=KIND)
    due_on = dates.values_list("due_on", flat=True).first()
    is_near = due_on is not None and due_on <= clock.today() + AHEAD
    return Standing(list(_reviews(reader, scope)[:SHOWN]), due_on, is_near)


def asked(reader: User, scope: Scope) -> Asked:
    """As of now, for somebody who reviews this place."""
    last = _reviews(reader, scope).first()
    live = people.people(reader, scope, may_end=roles_to_give(reader, scope), signed_in_of=Role)
    left = _left_over(reader, last)
    here = [row for row in live if row.of is None and (not left or row.grant.pk in left)]
    return Asked(
        last=last,
        rows=[row for row in here if row.grant.person_id != reader.pk],
        own=[row for row in here if row.grant.person_id == reader.pk],
        reaching=[row for row in live if row.of is not None and not left],
        only_left_over=bool(left),
    )


def one(reader: User, scope: Scope, number: int) -> AccessReview | None:
    return _reviews(reader, scope).filter(number=number).first()


def roles_in(review: AccessReview, reader: User) -> list[ReviewedRole]:
    """What a review said of each role: ended ones first, then those that nobody looked at."""
    found = ReviewedRole.objects.visible_to(reader).filter(review=review).select_related("grant__person")
    order: list[str] = [ReviewedRole.Outcome.ENDED, ReviewedRole.Outcome.NOT_REVIEWED, ReviewedRole.Outcome.KEPT]
    return sorted(found.order_by("grant__person__name", "id"), key=lambda role: order.index(role.outcome))


def ended_since(reader: User, scope: Scope, named: set[int]) -> list[Grant]:
    """Of the roles that somebody has answered for, those that have ended meanwhile."""
    return [grant for grant in people.grants_of(reader, scope).filter(pk__in=named) if grant.ended_at]


def others(reader: User, permission: str, scope: Scope) -> list[User]:
    """Who else could review."""
    return [person for person in access.holders(permission, scope) if person.pk != reader.pk]


def _reviews(reader: User, scope: Scope) -> InAnyScopeQuerySet:
    here = AccessReview.objects.visible_to(reader).filter(**in_scope(scope))
    return here.select_related("by", "psc", "ics", "organisation").order_by("-number")


def _left_over(reader: User, last: AccessReview | None) -> set[int]:
    """The last reviewer's own roles, as long as somebody else is asked for them and no new review is due."""
    if last is None or last.by_id == reader.pk or not Task.objects.mine(reader).about(last).exists():
        return set()
    scope = last.scope
    if scope and Task.objects.open().about(scope).filter(verb=VERB).exists():
        return set()
    own = ReviewedRole.objects.visible_to(reader).filter(review=last, outcome=ReviewedRole.Outcome.NOT_REVIEWED)
    return set(own.filter(grant__person=last.by, grant__ended_at=None).values_list("grant_id", flat=True))
