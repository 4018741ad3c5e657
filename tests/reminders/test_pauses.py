"""A date that stands still for the police, a coroner or a family, and goes on where it stood."""

from datetime import date

import pytest

from ssip.core.context import acting_as
from ssip.core.models import AuditEvent
from ssip.reminders import workflow
from ssip.reminders.models import Deadline, DeadlineKind, DeadlineMove, DeadlinePause, Reminder
from tests.reminders.given import at, open_deadline

pytestmark = pytest.mark.django_db
BACK, FORWARD, STAYS = "back", "forward", "stays"
POLICE = DeadlinePause.Cause.POLICE


def day(text):
    return date.fromisoformat(text)


# (unit, rolls, due, paused on, resumed on, due then)
LATER = [
    ("days", BACK, "2026-12-07", "2026-11-23", "2026-11-23", "2026-12-07"),  # the same day: nothing
    ("days", BACK, "2026-12-07", "2026-11-23", "2026-11-30", "2026-12-14"),
    ("days", BACK, "2026-12-07", "2026-11-23", "2026-11-28", "2026-12-11"),  # a Saturday
    ("days", FORWARD, "2026-12-07", "2026-11-23", "2026-11-28", "2026-12-14"),
    ("days", STAYS, "2026-12-07", "2026-11-23", "2026-11-28", "2026-12-12"),
    ("working_days", BACK, "2026-12-07", "2026-11-27", "2026-11-30", "2026-12-08"),  # a weekend costs one working day
    ("working_days", FORWARD, "2026-12-21", "2026-12-23", "2026-12-30", "2026-12-24"),  # over Christmas: three
    ("months", BACK, "2027-02-26", "2026-11-23", "2026-12-23", "2027-03-25"),  # Easter Sunday: before Good Friday
    ("set", BACK, "2026-12-07", "2026-11-23", "2026-11-24", "2026-12-08"),
]


@pytest.mark.parametrize(("unit", "rolls", "due", "paused", "resumed", "then"), LATER)
def test_where_a_date_goes_that_stood_still(unit, rolls, due, paused, resumed, then):
    kind = DeadlineKind(unit=unit, rolls=rolls)
    assert kind.later(day(due), paused_on=day(paused), resumed_on=day(resumed)) == day(then)


@pytest.fixture
def paused(world):
    """Due on Monday 7 December, paused on Monday 23 November."""
    with at("2026-11-20 09:00"), acting_as(world.ics_lead):
        open_deadline(world, due_on=day("2026-12-07"))
    with at("2026-11-23 09:00"), acting_as(world.ics_lead):
        return workflow.pause(
            world.fenland, "plan_due", cause=POLICE, reason="They asked us to wait.", by=world.ics_lead
        )


def test_while_a_date_is_paused_nobody_is_reminded(world, paused, become):
    with at("2026-12-10 09:00"), become("ssip_worker"):
        assert workflow.plan_reminders() == 0


def test_what_was_planned_and_not_sent_is_void(world, become):
    with at("2026-11-23 06:00"), acting_as(world.ics_lead):
        open_deadline(world, due_on=day("2026-12-07"))
    with at("2026-11-23 06:01"), become("ssip_worker"):
        assert workflow.plan_reminders() == 1
    with at("2026-11-23 07:00"), acting_as(world.ics_lead):
        workflow.pause(world.fenland, "plan_due", cause=POLICE, reason="They asked us to wait.", by=world.ics_lead)
    with at("2026-11-23 09:00"), become("ssip_worker"):
        assert workflow.gather_digests() == 0
        assert [each.state for each in Reminder.objects.all()] == ["dropped"]


def test_a_resumed_date_goes_on_by_the_days_it_stood_still_and_keeps_its_first_date(world, paused, become):
    with at("2026-12-03 09:00"), acting_as(world.ics_lead):
        deadline = workflow.resume(world.fenland, "plan_due", by=world.ics_lead)
        (move,) = DeadlineMove.objects.filter(deadline=deadline)
        (pause,) = deadline.pauses.all()
    assert (deadline.state, deadline.due_on, deadline.original_due_on) == ("open", day("2026-12-17"), day("2026-12-07"))
    assert (move.from_date, move.to_date, move.reason) == (
        day("2026-12-07"), day("2026-12-17"), "A police investigation: paused",
    )  # fmt: skip
    assert (pause.paused_on, pause.resumed_on, pause.resumed_by) == (
        day("2026-11-23"), day("2026-12-03"), world.ics_lead,
    )  # fmt: skip
    with at("2026-12-14 09:00"), become("ssip_worker"):
        assert workflow.plan_reminders() == 1


def test_a_date_is_paused_once_and_resumed_once(world, paused):
    with acting_as(world.ics_lead):
        with pytest.raises(workflow.WrongState, match="paused already"):
            workflow.pause(world.fenland, "plan_due", cause=POLICE, reason="Again", by=world.ics_lead)
        with at("2026-11-24 09:00"):
            workflow.resume(world.fenland, "plan_due", by=world.ics_lead)
        with pytest.raises(workflow.WrongState, match="not paused"):
            workflow.resume(world.fenland, "plan_due", by=world.ics_lead)


def test_a_paused_date_can_be_moved_and_stays_paused(world, paused):
    with at("2026-11-24 09:00"), acting_as(world.ics_lead):
        deadline = workflow.move_deadline(
            world.fenland, "plan_due", to=day("2027-01-11"), reason="A new term", by=world.ics_lead,
            agreed_with="The system quality group",
        )  # fmt: skip
    assert (deadline.state, deadline.due_on, deadline.next_step_on) == ("paused", day("2027-01-11"), None)


def test_what_is_done_while_it_is_paused_is_met(world, paused):
    with acting_as(world.ics_lead):
        assert workflow.meet(world.fenland, "plan_due") == 1
        paused.refresh_from_db()
    assert paused.state == "met"


def test_a_second_date_beside_a_paused_one_takes_its_place(world, paused):
    with acting_as(world.ics_lead):
        second = open_deadline(world, due_on=day("2026-12-21"))
        assert list(Deadline.objects.running()) == [second]


def test_the_audit_names_the_cause_and_none_of_the_words(world, paused):
    with at("2026-11-25 09:00"), acting_as(world.ics_lead):
        workflow.resume(world.fenland, "plan_due", by=world.ics_lead)
        events = list(AuditEvent.objects.filter(thing_kind="reminders.deadline").order_by("id"))
    assert [event.action for event in events] == ["pause date", "resume date", "move date"]
    assert events[0].data["cause"] == "police"
    assert not any("asked us to wait" in str(event.data) for event in events)
