"""The demonstration's people: one place was reviewed, the next review is near, and there is something to see in it."""

import pytest
from django.core.management import call_command

from ssip.core import clock
from ssip.core.context import acting_as
from ssip.demo.plans import who
from ssip.people.models import AccessReview
from ssip.people.queries import reviews
from ssip.people.queries.changes import changes
from ssip.reminders.models import Deadline, Task
from ssip.tenancy import reference
from ssip.tenancy.models import ICS

pytestmark = pytest.mark.django_db


@pytest.fixture
def demonstration(settings, as_owner):
    settings.DEMO, settings.ROOT_URLCONF = True, "ssip.demo.urls"
    reference.load(*reference.sources())
    call_command("load_demo", verbosity=0)


def test_one_review_is_done_and_the_next_is_among_the_work_to_do(demonstration, become):
    alan, essex = who("Alan Rounds"), ICS.objects.get(code="D7T5G")
    with become("ssip_app"), acting_as(alan):
        done = reviews.standing(alan, essex)
        assert [(review.by, clock.local_date(review.at) < clock.today()) for review in done.done] == [(alan, True)]
        assert not done.is_near
        assert "who has access in Norfolk and Suffolk" in {task.thing for task in Task.objects.mine(alan)}


def test_somebody_joined_moved_and_left_and_somebody_has_long_been_away(demonstration, become):
    alan, place = who("Alan Rounds"), ICS.objects.get(code="T6Y0W")
    with become("ssip_app"), acting_as(alan):
        told = {(change.person.name, change.kind) for change in changes(alan, place)}
        assert {("Gwen Tide", "Joined"), ("Gwen Tide", "Left"), ("Ruth Fenn", "Moved")} <= told
        unused = {row.grant.person.name for row in reviews.asked(alan, place).rows if row.unused}
        assert unused == {"Mina Fields", "Ruth Fenn"}


def test_every_place_with_people_and_a_reviewer_has_its_date(demonstration):
    dates = Deadline.objects.open().filter(kind__code="access_review")
    places = {str(date.scope) for date in dates.select_related("psc", "ics", "organisation")}

    assert {"Norfolk and Suffolk", "Essex", "Saltmarsh Invented Hospitals"} <= places
    assert all(date.due_on >= clock.today() for date in dates)


def test_loading_it_twice_adds_no_review(demonstration):
    before = AccessReview.objects.count(), Task.objects.count()
    call_command("load_demo", verbosity=0)

    assert (AccessReview.objects.count(), Task.objects.count()) == before
