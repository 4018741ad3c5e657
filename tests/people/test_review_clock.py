"""The clock sets the dates of reviews and opens the work: once, in time, and for places that have people."""

from datetime import date

import pytest

from ssip.celery import app
from ssip.core.context import acting_as
from ssip.people import tasks, workflow
from ssip.people.models import KIND
from ssip.reminders.models import Deadline, Task
from ssip.tenancy.models import Grant
from tests.people.given import review
from tests.reminders.given import at

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore::celery.exceptions.CDeprecationWarning")]


@pytest.fixture
def tick(become):
    """One tick at a moment in England, as the clock; returns how much it opened."""

    def _tick(moment):
        with at(moment), become("ssip_worker"):
            return workflow.plan_reviews()

    return _tick


def begun_on(become, day):
    """As if every role of the world had been given on that day."""
    with become("ssip_owner"):
        Grant.objects.update(from_date=day)


def opened(become):
    """Place: (the day of its date, whether there is work to do)."""
    with become("ssip_owner"):
        dates = Deadline.objects.open().filter(kind__code=KIND).select_related("psc", "ics", "organisation")
        work = {task.scope for task in Task.objects.open().select_related("psc", "ics", "organisation")}
        return {str(each.scope): (each.due_on, each.scope in work) for each in dates}


def test_the_first_review_is_six_months_after_the_first_role(tick, become):
    begun_on(become, date(2026, 11, 2))
    tick("2026-11-23 09:00")

    # 2 May 2027 is a Sunday and 3 May a bank holiday.
    assert opened(become) == dict.fromkeys(
        ["Eastern PSC", "Western PSC", "Fenland", "Broadland", "Moorland", "Fenland Trust"], (date(2027, 5, 4), False)
    )


# In four weeks of a Saturday is Boxing Day.
@pytest.mark.parametrize(
    ("moment", "due_on"), [("2026-11-23 09:00", date(2026, 12, 21)), ("2026-11-28 09:00", date(2026, 12, 24))]
)
def test_people_who_were_there_before_are_reviewed_in_four_weeks(tick, become, moment, due_on):
    tick(moment)

    assert set(opened(become).values()) == {(due_on, True)}


@pytest.mark.parametrize(("moment", "is_open"), [("2027-04-05 23:59", False), ("2027-04-06 00:01", True)])
def test_the_work_is_opened_four_weeks_before_the_date(tick, become, moment, is_open):
    begun_on(become, date(2026, 11, 2))
    tick("2026-11-23 09:00")
    tick(moment)

    assert opened(become)["Fenland"] == (date(2027, 5, 4), is_open)


def test_a_tick_that_comes_twice_opens_nothing_more(tick):
    assert tick("2026-11-23 09:00") == 12
    assert tick("2026-11-23 09:00") == 0
    assert tick("2026-12-24 09:00") == 0


def test_a_tick_that_was_killed_between_the_date_and_the_work_is_made_up_for(tick, become):
    tick("2026-11-23 09:00")
    with become("ssip_owner"):
        Task.objects.filter(ics__code="XAA").delete()
    assert tick("2026-11-23 10:00") == 1


def test_an_organisation_without_a_specialist_has_nobody_to_review_it(tick, world, become):
    with become("ssip_owner"):
        Grant.objects.filter(person=world.specialist).update(ended_at="2026-01-01T12:00Z", ended_reason="Left")
    tick("2026-11-23 09:00")

    assert "Fenland Trust" not in opened(become)


def test_the_work_is_for_whoever_looks_after_the_people_and_for_nobody_else(tick, world):
    tick("2026-11-23 09:00")
    places = {"psc_administrator": {"Eastern PSC", "Fenland", "Broadland"}, "specialist": {"Fenland Trust"}}
    for who in ("psc_administrator", "specialist", "psc_lead", "ics_lead", "executive", "outsider"):
        person = getattr(world, who)
        with acting_as(person):
            assert {task.place for task in Task.objects.mine(person)} == places.get(who, set()), who


def test_six_months_after_a_review_the_work_is_there_again(tick, world, become):
    tick("2026-11-23 09:00")
    with at("2026-12-01 10:00"):
        review(world.fenland, world.psc_administrator)
    assert opened(become)["Fenland"] == (date(2027, 6, 1), False)
    assert tick("2027-05-04 09:00") == 1
    assert opened(become)["Fenland"] == (date(2027, 6, 1), True)


def test_a_tick_with_nothing_to_do_asks_four_times(tick, become, django_assert_num_queries):
    begun_on(become, date(2026, 11, 2))
    tick("2026-11-23 09:00")
    with at("2026-11-23 10:00"), become("ssip_worker"), django_assert_num_queries(4):
        workflow.plan_reviews()


def test_it_ticks_every_hour_and_is_the_clock_s():
    entry = app.conf.beat_schedule["access-reviews"]
    assert (entry["task"], entry["schedule"]) == (tasks.plan_access_reviews.name, 3600)
    assert (entry["options"]["queue"], entry["options"]["expires"]) == ("clock", 3599)
    with pytest.raises(RuntimeError, match="clock's"):
        tasks.plan_access_reviews()
