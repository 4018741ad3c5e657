"""Who joined, moved and left in Norfolk and Suffolk; when people last signed in; a review of access done and one due.

Roles and sign-ins of the past are written straight into the tables by their owner; the review goes its usual way.
"""

from datetime import timedelta

from ssip.core import clock
from ssip.core.context import acting_as
from ssip.core.models import User
from ssip.demo.people import OTHERS, PEOPLE
from ssip.demo.plans import age_audit, who
from ssip.people import workflow
from ssip.people.models import AccessReview, ReviewedRole
from ssip.people.queries import reviews
from ssip.tenancy import workflow as tenancy
from ssip.tenancy.models import ICS, Grant, Role

PLACE, REVIEWED = "T6Y0W", "D7T5G"
BEGUN, REVIEWED_AGO = 170, 20  # days ago: the next review of the one is near, that of the other is done
# Name, role; days ago: from when, until when; what is said of the end.
LIVES = (
    ("Gwen Tide", Role.NETWORK_MEMBER, 120, 40, "Moved to a trust in another region"),
    ("Ruth Fenn", Role.PATIENT_SAFETY_PARTNER, 165, 30, "Now brings the view of her service"),
    ("Ruth Fenn", Role.NETWORK_MEMBER, 30, None, ""),
)
LONG_AWAY = "Mina Fields"


def load() -> None:
    """Nothing, when there is a review already."""
    if AccessReview.objects.exists():
        return
    place, today = ICS.objects.get(code=PLACE), clock.today()
    Grant.objects.filter(ics=place).update(from_date=today - timedelta(days=BEGUN))
    for name, role, begun, ended, why in LIVES:
        _live(place, name, role, begun, ended, why)
    for number, person in enumerate((*PEOPLE, *OTHERS)):
        days = 120 if person.name == LONG_AWAY else 1 + number % 6
        User.objects.filter(email=person.email).update(last_login=clock.now() - timedelta(days=days))
    _review(ICS.objects.get(code=REVIEWED))
    with clock.days_ago(REVIEWED_AGO):
        workflow.plan_reviews()
    workflow.plan_reviews()


def _live(place: ICS, name: str, role: Role, begun: int, ended: int | None, why: str) -> None:
    email = f"{name.lower().replace(' ', '.')}@demo.example"
    by, now = who("Nora Broads"), clock.now()
    if not User.objects.filter(email=email).exists():
        User.objects.create_user(email, name)
    held = tenancy.grant(email, role, place, by=None, reason="Part of the demonstration")
    if ended is not None:
        tenancy.end(held, by=None, reason=why)
        Grant.objects.filter(pk=held.pk).update(ended_at=now - timedelta(days=ended), ended_by=by)
    Grant.objects.filter(pk=held.pk).update(from_date=clock.local_date(now - timedelta(days=begun)), by=by)


def _review(place: ICS) -> None:
    """Everybody keeps their role."""
    administrator, started = who("Alan Rounds"), clock.now()
    with clock.days_ago(REVIEWED_AGO), acting_as(administrator):
        rows = reviews.asked(administrator, place).rows
        decided = {row.grant.pk: ReviewedRole.Outcome.KEPT for row in rows}
        workflow.review(place, by=administrator, seen=0, decided=decided)
    age_audit(started, REVIEWED_AGO)
