"""Who hears next when a date has passed: one level at a time, and never anybody of another organisation."""

import csv
from datetime import date, timedelta

import pytest

from ssip.core import clock
from ssip.core.context import acting_as
from ssip.reminders import workflow
from ssip.reminders.models import DeadlineKind, Reminder
from ssip.reminders.reference import FOLDER
from ssip.tenancy.models import Grant, Role
from tests.reminders.given import at, open_deadline

pytestmark = pytest.mark.django_db
DUE = date(2026, 12, 7)  # a Monday


@pytest.fixture
def two_levels(become):
    """After 3 days the quality lead, after 10 the PSC's improvement lead."""
    with become("ssip_owner"):
        DeadlineKind.objects.filter(code="plan_due").update(
            escalates_to=["icb_quality_lead", "psc_lead"], escalates_after=[3, 10]
        )


def ticks(become, first, last):
    """The clock on each of these days; what it planned: (day, person, step)."""
    told, day = [], first
    while day <= last:
        with at(f"{day} 09:00"), become("ssip_worker"):
            before = set(Reminder.objects.values_list("pk", flat=True))
            workflow.plan_reminders()
            new = Reminder.objects.exclude(pk__in=before).select_related("recipient").order_by("id")
            told += sorted((day, each.recipient.email.split("@")[0], each.step) for each in new)
        day += timedelta(days=1)
    return told


def test_the_next_level_hears_when_its_day_has_come(world, become, two_levels):
    with acting_as(world.ics_lead):
        open_deadline(world, due_on=DUE)

    assert ticks(become, DUE + timedelta(days=1), DUE + timedelta(days=12)) == [
        (date(2026, 12, 8), "ics_lead", -1),
        (date(2026, 12, 10), "quality_lead", -3),
        (date(2026, 12, 14), "ics_lead", -7),
        (date(2026, 12, 17), "psc_lead", -10),
    ]


def test_after_days_without_a_clock_the_levels_still_hear_one_after_the_other(world, become, two_levels):
    with acting_as(world.ics_lead):
        open_deadline(world, due_on=DUE)

    assert ticks(become, date(2027, 1, 12), date(2027, 1, 14)) == [
        (date(2027, 1, 12), "ics_lead", -7),
        (date(2027, 1, 12), "quality_lead", -3),
        (date(2027, 1, 13), "psc_lead", -10),
    ]


def test_a_level_without_anybody_holds_up_nobody(world, become, two_levels):
    with become("ssip_owner"):
        # The day of the database: it asks who holds a role now.
        Grant.objects.filter(role="icb_quality_lead").update(until=clock.today() - timedelta(days=1))
    with acting_as(world.ics_lead):
        open_deadline(world, due_on=DUE)

    told = ticks(become, date(2026, 12, 9), date(2026, 12, 20))
    assert [each for each in told if each[1] != "ics_lead"] == [(date(2026, 12, 17), "psc_lead", -10)]


def test_a_moved_date_begins_with_the_first_level_again(world, become, two_levels):
    with acting_as(world.ics_lead):
        open_deadline(world, due_on=DUE)
    ticks(become, date(2026, 12, 10), date(2026, 12, 10))
    with at("2026-12-10 10:00"), acting_as(world.ics_lead):
        workflow.move_deadline(world.fenland, "plan_due", to=date(2026, 12, 14), reason="Holidays", by=world.ics_lead)

    told = ticks(become, date(2026, 12, 15), date(2026, 12, 18))
    assert [each for each in told if each[1] != "ics_lead"] == [(date(2026, 12, 17), "quality_lead", -3)]


def test_what_is_done_before_the_level_hears_reaches_nobody(world, become, two_levels):
    with acting_as(world.ics_lead):
        open_deadline(world, due_on=DUE)
    ticks(become, date(2026, 12, 8), date(2026, 12, 9))
    with acting_as(world.ics_lead):
        workflow.meet(world.fenland, "plan_due")

    assert ticks(become, date(2026, 12, 10), date(2026, 12, 20)) == []


def test_an_organisations_date_reaches_nobody_outside_it_whatever_the_levels_say(world, become):
    """Its ICS's and PSC's leads hold roles elsewhere; no mail crosses the trust's wall."""
    with become("ssip_owner"):
        DeadlineKind.objects.filter(code="plan_due").update(
            escalates_to=["executive_lead", "icb_quality_lead", "psc_lead", "ics_lead"], escalates_after=[1, 2, 3, 4]
        )
    with acting_as(world.specialist):
        open_deadline(world, scope=world.broadmere, about=world.broadmere, due_on=DUE, permissions=["decide_response"])

    people = {person for _, person, _ in ticks(become, date(2026, 12, 1), date(2027, 1, 20))}
    assert people == {"specialist", "executive"}


def test_where_no_permission_is_named_the_roles_of_the_kind_are_reminded(world, become):
    with acting_as(world.specialist):
        deadline = open_deadline(
            world, scope=world.broadmere, about=world.broadmere, due_on=DUE, permissions=[], kind="psirp_review"
        )

    assert deadline.roles == [Role.PATIENT_SAFETY_SPECIALIST, Role.EXECUTIVE_LEAD]
    told = ticks(become, DUE, DUE)
    assert sorted(person for _, person, _ in told) == ["executive", "specialist"]


def test_the_roles_and_levels_of_every_kind_are_ours():
    with (FOLDER / "deadline_kind.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    named = {role for row in rows for column in ("reminded", "escalates_to") for role in row[column].split(";") if role}

    assert named <= set(Role.values)
    for row in rows:
        days = [int(each) for each in row["escalates_after"].split(";") if each]
        assert days == sorted(set(days)), row["code"]
