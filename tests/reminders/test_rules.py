"""How long a kind of date runs in a place: what is given, what the place may choose, and what that changes."""

from datetime import date, datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction

from ssip.core.context import acting_as
from ssip.reminders import policies, workflow
from ssip.reminders.models import Deadline, DeadlineKind, KindChoice
from tests.reminders.given import LONDON, at, open_deadline

pytestmark = pytest.mark.django_db
BACK, FORWARD, STAYS = "back", "forward", "stays"


def day(text):
    return date.fromisoformat(text)


# (length, unit, rolls, from, due): what the kinds of the table add to days, working days and months
DUE = [
    (56, "days", BACK, "2026-10-10", "2026-12-04"),  # a Saturday: a duty is due before it
    (56, "days", FORWARD, "2026-10-10", "2026-12-07"),  # a local goal after it
    (56, "days", STAYS, "2026-10-10", "2026-12-05"),
    (6, "weeks", FORWARD, "2026-11-14", "2026-12-29"),  # Boxing Day, a Saturday; Monday is its holiday
    (6, "weeks", BACK, "2026-11-14", "2026-12-24"),
    (20, "years", BACK, "2028-02-29", "2048-02-28"),
    (4, "years", FORWARD, "2024-02-29", "2028-02-29"),
    (1, "years", BACK, "2027-02-28", "2028-02-28"),
    (1, "months", BACK, "2026-03-31", "2026-04-30"),
    (6, "months", BACK, "2026-08-31", "2027-02-26"),  # the last of February is a Sunday
    (20, "working_days", BACK, "2026-12-01", "2026-12-31"),
]


@pytest.mark.parametrize(("length", "unit", "rolls", "begins", "due"), DUE)
def test_when_something_is_due(length, unit, rolls, begins, due):
    assert DeadlineKind(length=length, unit=unit, rolls=rolls).after(day(begins)) == day(due)


# (hours, from, until), as clocks in England show it
HOURS = [
    (72, "2026-11-20 17:00", "2026-11-23 17:00"),
    (48, "2027-03-27 10:00", "2027-03-29 11:00"),  # the clocks go forward in between
    (48, "2026-10-24 10:00", "2026-10-26 09:00"),  # and back
]


@pytest.mark.parametrize(("length", "begins", "ends"), HOURS)
def test_hours_are_hours_that_pass(length, begins, ends):
    begun = datetime.fromisoformat(begins).replace(tzinfo=LONDON)
    over = DeadlineKind(length=length, unit="hours", rolls=STAYS).at(begun)
    assert f"{over.astimezone(LONDON):%Y-%m-%d %H:%M}" == ends


def test_hours_need_a_moment_and_days_a_day():
    with pytest.raises(ValueError, match="counted in hours"):
        DeadlineKind(length=72, unit="hours").after(day("2026-11-23"))
    with pytest.raises(ValueError, match="not counted in hours"):
        DeadlineKind(length=3, unit="days").at(datetime(2026, 11, 23, tzinfo=LONDON))


# (basis, length here, on, allowed) of a kind of 10 working days that is on
CHOICES = [
    ("law", 10, True, True),
    ("law", 5, True, True),
    ("law", 11, True, False),
    ("law", 10, False, False),
    ("contract", 11, True, False),
    ("standard", 11, True, False),
    ("standard", 9, True, True),
    ("local", 30, True, True),
    ("local", 1, True, True),
    ("local", 10, False, True),
]


@pytest.mark.parametrize(("basis", "length", "is_on", "allowed"), CHOICES)
def test_a_duty_may_be_made_stricter_and_never_laxer(world, basis, length, is_on, allowed):
    kind = DeadlineKind(length=10, unit="working_days", basis=basis, is_on=True)
    with acting_as(world.ics_lead):
        verdict = policies.can_choose(world.ics_lead, kind, world.fenland, length=length, is_on=is_on)
    assert verdict.allowed is allowed


def test_a_date_that_is_set_each_time_takes_no_length(world):
    kind = DeadlineKind.objects.get(code="plan_due")
    with acting_as(world.ics_lead):
        verdict = policies.can_choose(world.ics_lead, kind, world.fenland, length=10, is_on=True)
    assert "it has no length" in verdict.reason


# (person, may set dates in Fenland, in its trust)
WHO = [
    ("ics_lead", True, False),
    ("quality_lead", True, False),
    ("network_member", False, False),
    ("partner", False, False),
    ("psc_lead", False, False),
    ("specialist", False, True),
    ("executive", False, True),
    ("ward_team", False, False),
    ("outsider", False, False),
    ("nobody", False, False),
]


@pytest.mark.parametrize(("name", "fenland", "broadmere"), WHO)
def test_who_may_set_how_long_dates_run(world, name, fenland, broadmere):
    person = getattr(world, name)
    with acting_as(person):
        assert policies.can_set_dates(person, world.fenland).allowed is fenland
        assert policies.can_set_dates(person, world.broadmere).allowed is broadmere


def choose(world, **changes):
    given = {"length": 5, "remind": [2, 0], "is_on": True, "reason": "We meet every week."}
    kind = DeadlineKind.objects.get(code="plan_changes")
    with acting_as(world.ics_lead):
        return workflow.choose(kind, world.fenland, by=world.ics_lead, **given | changes)


def test_what_a_place_chooses_counts_for_dates_opened_from_then_on(world):
    with acting_as(world.ics_lead):
        before = open_deadline(world, due_on=day("2026-12-07"), kind="plan_changes")
    choose(world)
    with acting_as(world.ics_lead):
        here = workflow.rule("plan_changes", world.fenland)
        after = open_deadline(world, about=world.eastern, due_on=day("2026-12-07"), kind="plan_changes")
    assert (here.after(day("2026-11-23")), here.words) == (day("2026-11-30"), "5 working days (chosen here)")
    assert (before.remind, after.remind) == ([7, 1, 0, -1, -7], [2, 0])


def test_what_a_place_chooses_changes_nothing_elsewhere(world):
    choose(world)
    with acting_as(world.sibling_lead):
        assert workflow.rule("plan_changes", world.broadland).words == "15 working days (local)"


def test_where_a_kind_is_off_no_date_is_opened_and_one_that_ran_is_withdrawn(world):
    with acting_as(world.ics_lead):
        before = open_deadline(world, due_on=day("2026-12-07"), kind="plan_changes")
    choose(world, is_on=False)
    with acting_as(world.ics_lead):
        assert open_deadline(world, due_on=day("2026-12-07"), kind="plan_changes") is None
        before.refresh_from_db()
        assert not Deadline.objects.running().exists()
    assert before.state == "withdrawn"


def test_who_may_not_choose_is_refused(world):
    kind = DeadlineKind.objects.get(code="plan_changes")
    with acting_as(world.network_member), pytest.raises(PermissionDenied, match="does not include"):
        workflow.choose(
            kind, world.fenland, length=5, remind=[0], is_on=True, reason="Shorter", by=world.network_member
        )


def test_the_newest_choice_counts_and_none_is_ever_changed(world):
    choose(world)
    newest = choose(world, length=7)
    with acting_as(world.ics_lead):
        assert workflow.rule("plan_changes", world.fenland).length == 7
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            KindChoice.objects.filter(pk=newest.pk).update(length=99)


def test_an_outsider_reads_and_writes_no_choice_of_another_place(world):
    choose(world)
    with acting_as(world.outside_lead):
        assert not KindChoice.objects.exists()
        with (
            pytest.raises(DatabaseError, match="row-level security"),
            transaction.atomic(),
            connection.cursor() as at_db,
        ):
            at_db.execute(
                "INSERT INTO reminders_kindchoice (ics_id, kind_id, remind, is_on, reason, by_id, at)"
                " SELECT %s, id, '{}', true, '', %s, now() FROM reminders_deadlinekind LIMIT 1",
                [world.fenland.pk, world.outside_lead.pk],
            )


def test_a_date_in_hours_keeps_its_moment(world):
    with at("2026-11-20 17:00"), acting_as(world.specialist):
        here = workflow.rule("personal_data_breach", world.broadmere)
        moment = here.at(datetime(2026, 11, 20, 17, tzinfo=LONDON))
        deadline = open_deadline(
            world, scope=world.broadmere, about=world.broadmere, kind="personal_data_breach",
            due_on=moment.date(), due_at=moment, permissions=["decide_response"],
        )  # fmt: skip
    assert (deadline.due_at, deadline.due_on) == (moment, day("2026-11-23"))
