"""When something is due, on which days people hear of it, and what moving it does."""

from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from ssip.core.context import acting_as
from ssip.core.models import AuditEvent
from ssip.reminders import workflow
from ssip.reminders.models import Deadline, DeadlineKind, DeadlineMove, Task
from ssip.reminders.models.deadlines import step_on
from tests.reminders.given import open_deadline, open_task

pytestmark = pytest.mark.django_db
BACK, FORWARD = "back", "forward"


def day(text):
    return date.fromisoformat(text)


# (length, unit, rolls, from, due)
DUE = [
    (10, "working_days", FORWARD, "2026-12-18", "2027-01-06"),  # over Christmas and New Year
    (10, "working_days", FORWARD, "2026-03-27", "2026-04-14"),  # over Easter
    (10, "working_days", FORWARD, "2026-04-30", "2026-05-15"),  # over the first bank holiday of May
    (15, "working_days", FORWARD, "2026-05-08", "2026-06-01"),  # over the second
    (1, "working_days", BACK, "2026-05-02", "2026-05-05"),  # from a Saturday before a bank holiday
    (3, "days", BACK, "2026-04-02", "2026-04-02"),  # Easter Sunday
    (3, "days", FORWARD, "2026-04-02", "2026-04-07"),
    (14, "days", BACK, "2026-11-23", "2026-12-07"),
    (1, "months", BACK, "2026-01-31", "2026-02-27"),  # the last of February is a Saturday
    (1, "months", FORWARD, "2026-01-31", "2026-03-02"),
    (12, "months", BACK, "2025-12-25", "2026-12-24"),
    (12, "months", FORWARD, "2025-12-25", "2026-12-29"),
    (12, "months", FORWARD, "2028-02-29", "2029-02-28"),
    (1, "months", BACK, "2027-04-30", "2027-05-28"),  # a Sunday before a bank holiday
    (1, "months", FORWARD, "2027-04-30", "2027-06-01"),
]


@pytest.mark.parametrize(("length", "unit", "rolls", "begins", "due"), DUE)
def test_when_something_of_a_fixed_length_is_due(length, unit, rolls, begins, due):
    assert DeadlineKind(length=length, unit=unit, rolls=rolls).after(day(begins)) == day(due)


@pytest.mark.parametrize(
    ("kind", "due"), [("plan_decision", "2026-12-07"), ("plan_changes", "2026-12-14"), ("plan_refresh", "2027-11-23")]
)
def test_the_kinds_that_have_a_length(world, kind, due):
    assert workflow.rule(kind, world.fenland).after(day("2026-11-23")) == day(due)


def test_a_date_that_somebody_sets_follows_from_nothing(world):
    with pytest.raises(ValueError, match="set by somebody"):
        workflow.rule("plan_due", world.fenland).after(day("2026-11-23"))


# (due, days before, told on)
STEPS = [
    ("2026-12-07", 14, "2026-11-23"),
    ("2026-12-07", 0, "2026-12-07"),
    ("2026-12-07", 1, "2026-12-04"),  # a Sunday: the Friday before
    ("2026-12-29", 3, "2026-12-24"),  # Boxing Day
    ("2026-12-07", -1, "2026-12-08"),
    ("2026-12-04", -1, "2026-12-07"),  # a Saturday: not the day itself, the Monday after
]


@pytest.mark.parametrize(("due", "step", "told"), STEPS)
def test_people_hear_of_it_on_a_working_day(due, step, told):
    assert step_on(day(due), step) == day(told)


def test_the_clock_is_told_when_to_look_again(world):
    with acting_as(world.ics_lead):
        deadline = open_deadline(world, due_on=day("2026-12-07"))
    assert deadline.next_step_on == day("2026-11-23")


def test_a_second_date_of_one_kind_replaces_the_first(world):
    with acting_as(world.ics_lead):
        first = open_deadline(world, due_on=day("2026-12-07"))
        second = open_deadline(world, due_on=day("2026-12-14"))
        first.refresh_from_db()
        assert list(Deadline.objects.open()) == [second]
    assert (first.state, first.next_step_on) == ("withdrawn", None)


def test_the_database_refuses_a_second_open_date_of_one_kind(world):
    with acting_as(world.ics_lead):
        first = open_deadline(world, due_on=day("2026-12-07"))
        first.pk = None
        with pytest.raises(IntegrityError, match="one_open_deadline_of_a_kind"), transaction.atomic():
            first.save(force_insert=True)


def test_dates_of_two_kinds_stand_side_by_side(world):
    with acting_as(world.ics_lead):
        open_deadline(world, due_on=day("2026-12-07"))
        open_deadline(world, due_on=day("2026-12-01"), kind="papers_due")
        assert Deadline.objects.open().count() == 2
        assert workflow.withdraw(world.fenland, "papers_due") == 1
        assert workflow.is_open(world.fenland, "plan_due")
        assert not workflow.is_open(world.fenland, "papers_due")


def test_what_is_done_is_met(world):
    with acting_as(world.ics_lead):
        deadline = open_deadline(world, due_on=day("2026-12-07"))
        assert workflow.meet(world.fenland, "plan_due") == 1
        assert workflow.meet(world.fenland, "plan_due") == 0
        deadline.refresh_from_db()
    assert deadline.state == "met"
    assert deadline.ended_at


def test_a_moved_date_keeps_what_it_was_and_why_it_moved(world):
    lead = world.ics_lead
    with acting_as(lead):
        open_deadline(world, due_on=day("2026-12-07"))
        moved = workflow.move_deadline(
            world.fenland, "plan_due", to=day("2026-12-21"), reason="The board meets later", by=lead
        )
        move = DeadlineMove.objects.get()
        event = AuditEvent.objects.get(action="move date")
    assert (moved.due_on, moved.original_due_on, moved.revision) == (day("2026-12-21"), day("2026-12-07"), 2)
    assert (move.from_date, move.to_date, move.by, move.reason) == (
        *(day("2026-12-07"), day("2026-12-21")),
        *(lead, "The board meets later"),
    )
    assert (event.data["before"], event.data["after"]) == ("2026-12-07", "2026-12-21")
    assert "board" not in str(event.data)


def test_moving_to_the_same_day_is_no_move(world):
    with acting_as(world.ics_lead):
        open_deadline(world, due_on=day("2026-12-07"))
        same = workflow.move_deadline(
            world.fenland, "plan_due", to=day("2026-12-07"), reason="Again", by=world.ics_lead
        )
        assert not DeadlineMove.objects.exists()
    assert same.revision == 1


def test_a_date_that_is_gone_cannot_be_moved(world):
    with acting_as(world.ics_lead), pytest.raises(workflow.WrongState):
        workflow.move_deadline(world.fenland, "plan_due", to=day("2026-12-21"), reason="Late", by=world.ics_lead)


@pytest.mark.parametrize("table", ["reminders_reminder", "reminders_digest"])
def test_the_web_has_no_right_to_the_ledger(world, table):
    refused = pytest.raises(DatabaseError, match="permission denied")
    with acting_as(world.ics_lead), refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table}")


def test_the_clock_changes_nothing_of_a_date_but_its_own_column(world, as_worker):
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE reminders_deadline SET due_on = due_on")


@pytest.mark.parametrize("table", ["reminders_handback", "reminders_deadlinemove"])
def test_the_clock_sees_no_words_that_a_person_wrote(as_worker, table):
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table}")


def test_of_work_to_do_the_clock_sees_what_is_about_a_place_and_no_record(world, become):
    with acting_as(world.ics_lead):
        about_a_place = open_task(world)
        open_task(world, about=world.ics_lead)
    with become("ssip_worker"):
        assert list(Task.objects.all()) == [about_a_place]


@pytest.mark.parametrize("table", ["message", "digest", "reminder", "notice", "deadline"])
def test_the_clock_deletes_nothing(as_worker, table):
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM reminders_{table}")
