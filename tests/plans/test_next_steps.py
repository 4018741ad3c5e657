"""What a state asks of whom and by when: work to do, dates, mails at once."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from plans import workflow
from plans.models import Section
from ssip.core import clock
from ssip.core.context import acting_as
from ssip.core.models import User
from ssip.reminders.models import Deadline, Notice, Task
from tests.stories import ENDORSEMENT, STATIONS, a_draft, moved, written

pytestmark = pytest.mark.django_db
EVERYBODY = ("ics_lead", "quality_lead", "psc_lead", "psc_administrator", "network_member", "partner", "sibling_lead")

# Whose work it is in which state, and the kinds of date that are open then.
ASKED = {
    "draft": ("Draft", "ics_lead", {"plan_due"}),
    "submitted": ("Endorse", "quality_lead", {"plan_decision"}),
    "endorsed": ("Approve", "psc_lead", {"plan_decision"}),
    "changes_asked": ("Change", "ics_lead", {"plan_changes"}),
    "approved": ("Publish", "psc_lead", set()),
    "published": (None, None, {"plan_refresh"}),
    "withdrawn": (None, None, set()),
}


@pytest.mark.parametrize("station", ASKED)
def test_a_state_asks_one_thing_of_those_whose_turn_it_is(world, station):
    STATIONS[station](world)
    verb, who, _ = ASKED[station]
    found = {}
    for name in EVERYBODY:
        person = getattr(world, name)
        with acting_as(person):
            for task in Task.objects.mine(person):
                found.setdefault(task.verb, set()).add(name)

    assert found == ({verb: {who}} if verb else {})


@pytest.mark.parametrize("station", ASKED)
def test_a_state_has_its_dates_and_no_older_ones(world, station):
    plan = STATIONS[station](world)
    with acting_as(world.ics_lead):
        kinds = set(Deadline.objects.open().about(plan).values_list("kind__code", flat=True))

    assert kinds == ASKED[station][2]


def due(world, plan, kind):
    with acting_as(world.ics_lead):
        return Deadline.objects.open().about(plan).get(kind__code=kind).due_on


def test_a_decision_is_due_ten_working_days_after_each_step_begins(world):
    plan = STATIONS["submitted"](world)
    in_ten = clock.add_working_days(clock.today(), 10)
    assert due(world, plan, "plan_decision") == in_ten

    moved(world, plan, "endorse", world.quality_lead, **ENDORSEMENT)
    with acting_as(world.ics_lead):
        of_the_steps = Deadline.objects.about(plan).filter(kind__code="plan_decision")
        assert sorted(of_the_steps.values_list("state", flat=True)) == ["met", "open"]


def test_changes_are_due_in_15_working_days_and_a_refresh_in_12_months(world):
    assert due(world, STATIONS["changes_asked"](world), "plan_changes") == clock.add_working_days(clock.today(), 15)


def test_a_published_plan_is_to_be_refreshed_after_12_months(world):
    day = due(world, STATIONS["published"](world), "plan_refresh")

    assert day == clock.working_day_on_or_after(clock.add_months(clock.today(), 12))


def test_where_a_meeting_is_named_its_day_is_the_day_of_the_decision(world):
    plan = written(world, a_draft(world))
    meeting = clock.today() + timedelta(days=30)
    with acting_as(world.ics_lead):
        workflow.set_meeting(
            plan, meeting_of="System Quality Group", meeting_on=meeting, papers_due_on=None, by=world.ics_lead
        )
    moved(world, plan, "submit", world.ics_lead)
    with acting_as(world.quality_lead):
        (task,) = Task.objects.mine(world.quality_lead)
        assert (task.due, task.due_set_by) == (meeting, "System Quality Group")
        assert not Deadline.objects.open().about(plan).filter(kind__code="plan_decision").exists()


def meets(world, plan, on, papers=None, name="System Quality Group"):
    with acting_as(world.ics_lead):
        workflow.set_meeting(
            plan, meeting_of=name, meeting_on=on, papers_due_on=papers, by=world.ics_lead, reason="Moved."
        )


def in_days(days):
    return clock.today() + timedelta(days=days)


def dates(world, plan):
    with acting_as(world.ics_lead):
        return dict(Deadline.objects.open().about(plan).values_list("kind__code", "due_on"))


def endorsement_wanted_by(world):
    with acting_as(world.quality_lead):
        (task,) = Task.objects.mine(world.quality_lead)
        return task.due, task.due_set_by


def test_a_meeting_named_after_the_submission_sets_the_day_of_the_decision(world):
    plan = STATIONS["submitted"](world)
    meets(world, plan, in_days(30), papers=in_days(20))

    assert endorsement_wanted_by(world) == (in_days(30), "System Quality Group")
    assert dates(world, plan) == {"decision_meeting": in_days(30)}


def test_a_meeting_moved_after_the_submission_takes_the_decision_with_it(world):
    plan = written(world, a_draft(world))
    meets(world, plan, in_days(30), papers=in_days(20))
    plan = moved(world, plan, "submit", world.ics_lead)
    meets(world, plan, in_days(44), papers=in_days(34), name="Quality Committee")

    assert endorsement_wanted_by(world) == (in_days(44), "Quality Committee")
    assert dates(world, plan) == {"decision_meeting": in_days(44)}


def test_a_plan_that_is_opened_again_has_the_dates_of_its_meeting_again(world):
    plan = a_draft(world)
    meets(world, plan, in_days(30), papers=in_days(20))
    before = dates(world, plan)
    moved(world, plan, "withdraw", world.ics_lead)
    assert not dates(world, plan)

    moved(world, plan, "reopen", world.ics_lead)
    assert dates(world, plan) == before == before | {"papers_due": in_days(20), "decision_meeting": in_days(30)}


def test_a_plan_submitted_again_before_its_meeting_has_the_day_of_the_meeting_again(world):
    plan = written(world, a_draft(world))
    meets(world, plan, in_days(30))
    moved(world, plan, "submit", world.ics_lead)
    moved(world, plan, "ask_for_changes", world.quality_lead, note="Say for whom the aim holds.")
    moved(world, plan, "submit", world.ics_lead)

    assert endorsement_wanted_by(world) == (in_days(30), "System Quality Group")
    assert dates(world, plan) == {"decision_meeting": in_days(30)}


def test_a_meeting_whose_day_has_gone_reminds_nobody_once_more(world, as_owner):
    plan = STATIONS["changes_asked"](world)
    meets(world, plan, in_days(-3), papers=in_days(-9))

    assert set(dates(world, plan)) == {"plan_changes"}


@pytest.mark.parametrize("station", ["endorsed", "approved", "published", "withdrawn"])
def test_no_meeting_is_named_for_a_plan_that_waits_for_none(world, station):
    plan = STATIONS[station](world)
    before = dates(world, plan)
    with pytest.raises(PermissionDenied, match="no date to set"):
        meets(world, plan, in_days(30))

    assert dates(world, plan) == before


def test_nobody_is_asked_to_write_in_a_plan_that_is_not_being_written(world):
    plan = STATIONS["submitted"](world)
    with acting_as(world.ics_lead), pytest.raises(PermissionDenied, match="not being written"):
        workflow.add_co_author(plan, person=world.partner, section=None, by=world.ics_lead)


def test_a_person_without_a_name_and_with_a_long_address_can_ask_for_an_early_read(world, as_owner):
    plan, lead = a_draft(world), world.ics_lead
    User.objects.filter(pk=lead.pk).update(name="", email=f"{'a' * 240}@example.org")
    with acting_as(lead):
        lead = User.objects.get(pk=lead.pk)
        workflow.ask_for_early_read(plan, wanted_by=in_days(7), by=lead)
        assert {len(task.due_set_by) for task in Task.objects.filter(verb="Read")} == {150}


@pytest.mark.parametrize(
    ("station", "event", "told"),
    [
        ("draft", "open", {"draft_plan"}),
        ("submitted", "submit", {"endorse_plan"}),
        ("endorsed", "endorse", {"approve_plan", "draft_plan"}),
        ("changes_asked", "ask_for_changes", {"draft_plan", "endorse_plan"}),
        ("approved", "approve", {"draft_plan", "endorse_plan"}),
        ("published", "publish", {"draft_plan", "comment_plan"}),
        ("withdrawn", "withdraw", {"endorse_plan", "approve_plan"}),
    ],
)
def test_a_change_of_state_is_told_at_once_to_those_concerned(world, station, event, told):
    plan = STATIONS[station](world)
    with acting_as(world.ics_lead):
        notices = Notice.objects.about(plan).filter(event=event)
        assert set(notices.values_list("permission", flat=True)) == told


def test_the_work_of_others_is_followed_by_those_who_wait_for_it(world):
    STATIONS["submitted"](world)
    with acting_as(world.ics_lead):
        assert [task.verb for task in Task.objects.waiting(world.ics_lead)] == ["Endorse"]


def test_no_word_of_a_plan_stands_in_work_dates_or_notices(world):
    plan = STATIONS["changes_asked"](world)
    with acting_as(world.ics_lead):
        rows = [*Task.objects.all(), *Deadline.objects.all(), *Notice.objects.all()]
        everything = " ".join(str(row.__dict__) for row in rows)

    assert plan.reference in everything
    assert "fewer falls" not in everything
    assert "for whom the aim" not in everything


def test_who_was_invited_to_write_is_asked_again_when_changes_are(world):
    plan = written(world, a_draft(world))
    with acting_as(world.ics_lead):
        aims = Section.objects.get(plan=plan, key="aims")
        workflow.add_co_author(plan, person=world.partner, section=aims, by=world.ics_lead)
    moved(world, plan, "submit", world.ics_lead)
    with acting_as(world.partner):
        assert not Task.objects.mine(world.partner).exists()
    moved(world, plan, "ask_for_changes", world.quality_lead, note="Say for whom.")
    with acting_as(world.partner):
        (task,) = Task.objects.mine(world.partner)
        assert (task.verb, task.path) == ("Write", f"/plans/{plan.pk}/sections/aims/edit/")
