"""Whose work a task is, who waits for it, and handing it back."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction

from ssip.core import clock
from ssip.core.context import acting_as
from ssip.core.models import AuditEvent
from ssip.reminders import workflow
from ssip.reminders.models import Deadline, HandBack, Task
from ssip.tenancy import workflow as tenancy
from ssip.tenancy.models import Role
from tests.reminders.given import open_deadline, open_task

pytestmark = pytest.mark.django_db


def mine(person):
    with acting_as(person):
        return list(Task.objects.mine(person))


def waiting(person):
    with acting_as(person):
        return list(Task.objects.waiting(person))


@pytest.fixture
def second_quality_lead(world):
    with acting_as(world.psc_administrator):
        tenancy.grant(
            world.nobody.email, Role.ICB_QUALITY_LEAD, world.fenland, by=world.psc_administrator, reason="Joins"
        )
    return world.nobody


@pytest.fixture
def task(world):
    with acting_as(world.ics_lead):
        return open_task(world, followed_with="draft_plan")


# (who, is it theirs, do they wait for it)
WHOSE = [
    ("quality_lead", True, False),
    ("ics_lead", False, True),
    ("psc_lead", False, False),
    ("network_member", False, False),
    ("sibling_lead", False, False),
    ("outside_lead", False, False),
    ("nobody", False, False),
]


@pytest.mark.parametrize(("who", "theirs", "awaited"), WHOSE)
def test_whose_work_it_is_and_who_waits_for_it(world, task, who, theirs, awaited):
    person = getattr(world, who)
    assert (task in mine(person), task in waiting(person)) == (theirs, awaited)


def test_a_permission_held_through_the_psc_counts_in_its_ics(world):
    with acting_as(world.ics_lead):
        task = open_task(world, permission="approve_plan")
    assert mine(world.psc_lead) == [task]
    assert mine(world.outsider) == []


def test_four_eyes_leave_out_who_wrote_it_and_let_them_wait(world):
    with acting_as(world.ics_lead):
        task = open_task(world, not_for=[world.quality_lead.pk], followed_with="endorse_plan")
    assert mine(world.quality_lead) == []
    assert waiting(world.quality_lead) == [task]


@pytest.mark.parametrize(
    ("role", "whose"), [("psc_lead", "psc_lead"), ("ics_lead", "ics_lead"), ("partner", "partner")]
)
def test_a_role_narrows_who_of_the_holders_it_is_for(world, role, whose):
    role = {"partner": "patient_safety_partner"}.get(role, role)
    with acting_as(world.ics_lead):
        task = open_task(world, permission="comment_plan", role=role)
    holders = [world.psc_lead, world.ics_lead, world.partner, world.quality_lead]
    assert [person for person in holders if task in mine(person)] == [getattr(world, whose)]


def test_a_task_for_one_person_is_nobody_elses(world):
    with acting_as(world.ics_lead):
        task = open_task(world, permission="", person=world.network_member)
    assert mine(world.network_member) == [task]
    assert mine(world.quality_lead) == []


def test_a_task_for_one_person_is_gone_with_the_role_that_showed_the_place(world, become):
    with acting_as(world.ics_lead):
        open_task(world, permission="", person=world.outside_lead)
    assert mine(world.outside_lead) == []


def test_a_task_in_another_ics_is_behind_the_wall(world, task):
    with acting_as(world.outside_lead):
        assert not Task.objects.filter(pk=task.pk).exists()


def test_nobody_opens_a_task_where_they_see_nothing(world):
    with acting_as(world.outsider), pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        open_task(world)


@pytest.mark.parametrize("statement", ["DELETE FROM reminders_task", "DELETE FROM reminders_deadline"])
def test_work_is_never_deleted(world, task, statement):
    refused = pytest.raises(DatabaseError, match="permission denied")
    with acting_as(world.ics_lead), refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_closing_takes_it_from_every_list_and_says_why(world, task):
    with acting_as(world.quality_lead):
        assert workflow.close_tasks(world.fenland, because="endorsed", by=world.quality_lead) == 1
        assert workflow.close_tasks(world.fenland, because="again", by=world.quality_lead) == 0
        task.refresh_from_db()
    assert (task.closed_because, task.closed_by) == ("endorsed", world.quality_lead)
    assert mine(world.quality_lead) == waiting(world.ics_lead) == []


def test_only_the_verb_that_was_done_is_closed(world, task):
    with acting_as(world.ics_lead):
        other = open_task(world, verb="Read")
        workflow.close_tasks(world.fenland, because="endorsed", verb="Endorse")
    assert mine(world.quality_lead) == [other]


@pytest.mark.parametrize(("who", "shown"), [("quality_lead", True), ("ics_lead", True), ("network_member", False)])
def test_what_was_done_lately_is_shown_to_who_did_it_and_whose_it_was(world, task, who, shown):
    with acting_as(world.ics_lead):
        workflow.close_tasks(world.fenland, because="withdrawn", by=world.ics_lead)
    person = getattr(world, who)
    with acting_as(person):
        lately = Task.objects.done_lately(person, clock.now() - timedelta(days=1))
        assert (task in lately) is shown


def test_what_each_does_for_themselves_stays_for_the_others(world):
    with acting_as(world.network_member):
        task = open_task(world, verb="Read", permission="comment_plan")
        assert workflow.done_by(world.fenland, world.network_member) == 1
    assert mine(world.network_member) == []
    assert mine(world.partner) == [task]


# Not mine


def test_a_task_handed_back_stays_for_the_others(world, task, second_quality_lead):
    with acting_as(world.quality_lead):
        workflow.hand_back(task, by=world.quality_lead, word="I am away until March")
    assert mine(world.quality_lead) == []
    assert mine(second_quality_lead) == [task]


def test_the_word_is_kept_and_is_not_in_the_audit(world, task, second_quality_lead):
    with acting_as(world.quality_lead):
        workflow.hand_back(task, by=world.quality_lead, word="I am away until March")
        assert HandBack.objects.get(task=task).word == "I am away until March"
        event = AuditEvent.objects.get(action="hand back")
    assert (event.actor, event.thing_id) == (world.quality_lead, task.pk)
    assert "March" not in str(event.data)


def test_a_task_is_not_handed_back_to_nobody(world, task):
    with acting_as(world.quality_lead):
        with pytest.raises(workflow.NobodyElse):
            workflow.hand_back(task, by=world.quality_lead, word="No time")
        assert not HandBack.objects.exists()
    assert mine(world.quality_lead) == [task]


def test_somebody_whose_account_is_closed_does_not_count(world, task, second_quality_lead, become):
    with become("ssip_owner"):
        type(second_quality_lead).objects.filter(pk=second_quality_lead.pk).update(is_active=False)
    with acting_as(world.quality_lead), pytest.raises(workflow.NobodyElse):
        workflow.hand_back(task, by=world.quality_lead, word="No time")


def test_what_one_person_was_asked_for_goes_to_all_who_may(world, second_quality_lead):
    with acting_as(world.ics_lead):
        task = open_task(world, person=world.quality_lead)
    assert mine(second_quality_lead) == []
    with acting_as(world.quality_lead):
        workflow.hand_back(task, by=world.quality_lead, word="No time")
    assert mine(second_quality_lead) == [task]


def test_nobody_hands_back_what_is_not_theirs(world, task):
    with acting_as(world.ics_lead), pytest.raises(PermissionDenied):
        workflow.hand_back(task, by=world.ics_lead, word="No time")


def test_what_is_done_is_not_handed_back(world, task, second_quality_lead):
    with acting_as(world.quality_lead):
        workflow.close_tasks(world.fenland, because="endorsed", by=world.quality_lead)
        with pytest.raises(workflow.WrongState):
            workflow.hand_back(task, by=world.quality_lead, word="No time")


def test_whoever_has_handed_a_task_back_is_not_reminded_of_its_date(world, second_quality_lead):
    day = clock.today() + timedelta(days=5)
    with acting_as(world.ics_lead):
        task = open_task(world, due=day)
        open_deadline(world, kind="plan_decision", due_on=day, permissions=["endorse_plan"])
        open_deadline(world, kind="decision_meeting", due_on=day + timedelta(days=1), permissions=["endorse_plan"])
    with acting_as(world.quality_lead):
        workflow.hand_back(task, by=world.quality_lead, word="I am away.")
        reminded = Deadline.objects.open().for_one(world.quality_lead)
        assert [deadline.kind.code for deadline in reminded.select_related("kind")] == ["decision_meeting"]
    with acting_as(second_quality_lead):
        assert Deadline.objects.open().for_one(second_quality_lead).count() == 2
