"""Who is reminded of which date and when: once, on time, and only of what still holds."""

from datetime import date, timedelta

import pytest
from django.db import connection

from ssip.core import clock
from ssip.core.context import acting_as
from ssip.reminders import workflow
from ssip.reminders.models import Deadline, Digest, Message, Reminder
from ssip.tenancy.models import Grant
from tests.reminders.given import at, open_deadline, send_all

pytestmark = pytest.mark.django_db
DUE = date(2026, 12, 7)


@pytest.fixture
def deadline(world):
    with acting_as(world.ics_lead):
        return open_deadline(world, due_on=DUE)


@pytest.fixture
def tick(become):
    """Both ticks of the minute, at a moment in England, as the clock; returns (reminders, digests) that are new."""

    def _tick(moment):
        with at(moment), become("ssip_worker"):
            return workflow.plan_reminders(), workflow.gather_digests()

    return _tick


@pytest.fixture
def deliver(become, sink):
    """What is written is sent at that moment; returns how many mails have arrived by then."""

    def _deliver(moment):
        with at(moment), become("ssip_worker"):
            assert send_all() > 0
        return len(sink.mails)

    return _deliver


def ledger(become):
    with become("ssip_worker"):
        return [
            (r.recipient.email.split("@")[0], r.step, r.revision, r.state)
            for r in Reminder.objects.select_related("recipient").order_by("id")
        ]


# (moment, which step is planned)
MOMENTS = [
    ("2026-11-22 23:59", None),
    ("2026-11-23 00:00", 14),
    ("2026-12-03 12:00", 14),
    ("2026-12-04 00:00", 3),
    ("2026-12-07 09:00", 0),
    ("2026-12-08 09:00", -1),
    ("2026-12-13 23:59", -1),
    ("2027-03-01 09:00", -7),
]


@pytest.mark.parametrize(("moment", "step"), MOMENTS)
def test_of_the_steps_that_have_come_only_the_last_is_told(deadline, tick, become, moment, step):
    tick(moment)
    leads = [row[:2] for row in ledger(become) if row[0] == "ics_lead"]
    assert leads == ([("ics_lead", step)] if step is not None else [])


def test_the_day_begins_in_england_not_in_greenwich(world, tick, become):
    with acting_as(world.ics_lead):
        open_deadline(world, due_on=date(2027, 6, 7), kind="decision_meeting")  # 7 days before: Bank holiday, so 28 May
    tick("2027-05-27 23:59")
    assert ledger(become) == []
    tick("2027-05-28 00:01")  # 23:01 of the day before in UTC
    assert [row[1] for row in ledger(become)] == [7]


def test_a_tick_that_comes_twice_plans_nothing_more(deadline, tick, become):
    assert tick("2026-11-23 09:00") == (1, 1)
    assert tick("2026-11-23 09:00") == (0, 0)
    with become("ssip_owner"):
        Deadline.objects.update(next_step_on=date(2026, 11, 23))  # as if the first had been killed before its last line
    assert tick("2026-11-23 09:01") == (0, 0)


def test_every_step_is_told_once_when_the_clock_never_stops(deadline, tick, become):
    for days in range(30):
        tick(f"{date(2026, 11, 20) + timedelta(days=days)} 09:00")
    assert [row[1] for row in ledger(become)] == [14, 3, 0, -1, -3, -7]  # after three days the level above


def test_a_clock_that_stood_still_for_three_days_tells_the_last_step_once(deadline, tick, become):
    tick("2026-12-03 09:00")
    tick("2026-12-08 09:00")  # steps 3, 0 and -1 have come in between
    assert [row[1] for row in ledger(become)] == [14, -1]


def test_a_tick_with_nothing_due_asks_once(deadline, become, django_assert_num_queries):
    with at("2026-11-20 09:00"), become("ssip_worker"), django_assert_num_queries(3):  # and a savepoint round it
        workflow.plan_reminders()


def test_every_holder_is_reminded_but_those_left_out(world, tick, become):
    with acting_as(world.ics_lead):
        open_deadline(world, due_on=DUE, permissions=["endorse_plan", "draft_plan"], not_for=[world.ics_lead.pk])
    tick("2026-12-07 09:00")
    assert [row[0] for row in ledger(become)] == ["quality_lead"]


def test_a_date_for_one_person_reminds_nobody_else(world, tick, become):
    with acting_as(world.ics_lead):
        open_deadline(world, due_on=DUE, permissions=[], person=world.partner)
    tick("2026-12-07 09:00")
    assert [row[0] for row in ledger(become)] == ["partner"]


def test_a_role_on_the_psc_reaches_the_date_of_its_ics_and_no_other(world, tick, become):
    with acting_as(world.ics_lead):
        open_deadline(world, due_on=DUE, permissions=["approve_plan"])
    tick("2026-12-07 09:00")
    assert [row[0] for row in ledger(become)] == ["psc_lead"]


@pytest.mark.parametrize("who", ["psc_lead", "quality_lead", "specialist_member", "outsider", "specialist", "nobody"])
def test_the_clock_finds_the_holders_that_the_web_finds(world, become, who):
    """The two sides of one question: what a person holds, and who holds it."""
    person = getattr(world, who)
    with become("ssip_worker"), connection.cursor() as cursor:
        cursor.execute("SELECT kind, permission, scope_id FROM ssip_held_by(%s) WHERE kind <> 'site'", [person.pk])
        held = set(cursor.fetchall())
        for kind, place in (
            ("psc", "s.id, NULL, NULL"),
            ("ics", "NULL, s.id, NULL"),
            ("organisation", "NULL, NULL, s.id"),
        ):
            cursor.execute(
                f"""SELECT '{kind}', a.codename, s.id
                    FROM tenancy_{kind} s, (SELECT DISTINCT codename::text FROM auth_permission) a
                    WHERE %s IN (SELECT person_id FROM ssip_holders(ARRAY[a.codename], '', {place}))""",
                [person.pk],
            )
            assert set(cursor.fetchall()) == {each for each in held if each[0] == kind}


# A date that is moved or ended


def test_moving_a_date_drops_what_was_planned_for_the_old_one(world, deadline, tick, become):
    tick("2026-11-23 07:00")
    with acting_as(world.ics_lead):
        workflow.move_deadline(world.fenland, "plan_due", to=date(2026, 12, 21), reason="Later", by=world.ics_lead)
    tick("2026-11-23 09:00")
    assert ledger(become) == [("ics_lead", 14, 1, "dropped")]
    tick("2026-12-07 09:00")
    assert ledger(become)[1:] == [("ics_lead", 14, 2, "in a digest")]


def test_a_date_moved_after_the_mail_was_written_sends_nothing(world, deadline, tick, become, deliver):
    tick("2026-11-23 09:00")
    with acting_as(world.ics_lead):
        workflow.move_deadline(world.fenland, "plan_due", to=date(2027, 2, 1), reason="Later", by=world.ics_lead)
    assert deliver("2026-11-23 09:05") == 0
    with become("ssip_worker"):
        assert Message.objects.get().dropped_at
    assert ledger(become) == [("ics_lead", 14, 1, "dropped")]


def test_a_date_moved_while_its_mail_is_in_hand_sends_nothing(world, deadline, tick, become, sink):
    tick("2026-11-23 09:00")
    with at("2026-11-23 09:01"), become("ssip_worker"):
        (claimed,) = workflow.claim(10)
    with acting_as(world.ics_lead):
        workflow.move_deadline(world.fenland, "plan_due", to=date(2027, 2, 1), reason="Later", by=world.ics_lead)
    with at("2026-11-23 09:01"), become("ssip_worker"):
        workflow.send(claimed)
        assert Message.objects.get().dropped_at
    assert sink.mails == []


def test_a_date_that_is_met_reminds_nobody_any_more(world, deadline, tick, become, deliver):
    tick("2026-11-23 09:00")
    with acting_as(world.ics_lead):
        workflow.meet(world.fenland, "plan_due")
    assert deliver("2026-11-23 09:05") == 0
    assert tick("2026-12-07 09:00") == (0, 0)


def test_what_was_sent_stays_in_the_ledger_when_the_date_moves(world, deadline, tick, become, deliver):
    tick("2026-11-23 09:00")
    assert deliver("2026-11-23 09:05") == 1
    with acting_as(world.ics_lead):
        workflow.move_deadline(world.fenland, "plan_due", to=date(2027, 2, 1), reason="Later", by=world.ics_lead)
    assert ledger(become) == [("ics_lead", 14, 1, "in a digest")]


# One mail a day


@pytest.mark.parametrize(("moment", "digests"), [("07:59", 0), ("08:00", 1), ("23:59", 1)])
def test_nobody_is_mailed_before_eight_in_the_morning(deadline, tick, moment, digests):
    assert tick(f"2026-11-23 {moment}") == (1, digests)


@pytest.mark.parametrize(
    "day", ["2027-03-29", "2027-10-25", "2027-07-01"]
)  # after both changes of the clocks; in summer
def test_eight_o_clock_is_england_s_in_summer_and_winter(world, tick, day):
    with acting_as(world.ics_lead):
        open_deadline(world, due_on=date.fromisoformat(day))
    assert tick(f"{day} 07:59") == (1, 0)
    assert tick(f"{day} 08:00") == (0, 1)


def test_all_dates_of_a_day_come_in_one_mail(world, tick, deliver, sink):
    with acting_as(world.ics_lead):
        for number, kind in enumerate(("plan_due", "papers_due", "decision_meeting")):
            open_deadline(world, due_on=DUE, kind=kind, reference=f"XAA-{number}")
    assert tick("2026-12-07 09:00")[1] == 1
    assert deliver("2026-12-07 09:00") == 1
    content = sink.mails[0][1]
    assert [f"XAA-{number}" in content for number in range(3)] == [True, True, True]


def test_what_comes_up_after_the_mail_of_the_day_waits_for_the_next(world, deadline, tick, become):
    tick("2026-11-23 09:00")
    with acting_as(world.ics_lead):
        open_deadline(world, due_on=date(2026, 11, 24), kind="papers_due")
    assert tick("2026-11-23 12:00") == (1, 0)
    assert tick("2026-11-24 09:00")[1] == 1
    with become("ssip_worker"):
        assert Digest.objects.count() == Message.objects.count() == 2


def test_who_left_between_planning_and_the_mail_gets_nothing(world, deadline, tick, become, deliver):
    tick("2026-11-23 09:00")
    with become("ssip_owner"):
        Grant.objects.filter(person=world.ics_lead).update(ended_at=clock.now(), ended_reason="Left")
    assert deliver("2026-11-23 09:05") == 0
    with become("ssip_worker"):
        assert Message.objects.get().dropped_at


def test_a_closed_account_gets_nothing(world, deadline, tick, become, deliver):
    tick("2026-11-23 09:00")
    with become("ssip_owner"):
        type(world.ics_lead).objects.filter(pk=world.ics_lead.pk).update(is_active=False)
    assert deliver("2026-11-23 09:05") == 0
