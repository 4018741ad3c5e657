"""Recording what must be in place, and withdrawing it: who may, what is kept, and what is asked of whom then."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from incidents import queries, workflow
from incidents.models import Item
from ssip.core import audit, clock
from ssip.core.context import acting_as
from ssip.reminders.models import Deadline, Task
from tests.incidents.ready import SIGNED, recorded, withdrawn

pytestmark = pytest.mark.django_db


def asked(person):
    """What My work asks of this person before responses."""
    with acting_as(person):
        return [str(task) for task in Task.objects.mine(person).filter(verb=workflow.COMPLETE)]


@pytest.mark.parametrize("who", ["specialist", "executive"])
def test_who_answers_for_the_organisation_records(world, who):
    by = getattr(world, who)
    made = recorded(world, Item.CALDICOTT_GUARDIAN, by=by)

    assert (made.by, made.title, made.dated) == (by, "Medical Director", SIGNED)
    assert made.role == {"specialist": "Patient safety specialist", "executive": "Executive lead"}[who]


@pytest.mark.parametrize("who", ["ward_team", "partner", "quality_lead", "psc_administrator", "outsider", "nobody"])
def test_nobody_else_records_or_withdraws(world, who):
    made, person = recorded(world, Item.ASSET_OWNER), getattr(world, who)
    with pytest.raises(PermissionDenied, match="patient safety specialist or the executive lead of Fenland Trust"):
        recorded(world, Item.ASSET_OWNER, by=person)
    with acting_as(person), pytest.raises(PermissionDenied):
        workflow.withdraw(made, reason="No.", by=person)


def test_each_deed_stands_in_the_audit_without_a_word_that_somebody_wrote(world):
    made = recorded(world, Item.IMPACT_ASSESSMENT)
    withdrawn(world, Item.IMPACT_ASSESSMENT, by=world.executive)
    with acting_as(world.specialist):
        first, second = audit.of(made)

    assert (first.action, first.data["item"], first.data["dated"]) == ("record assurance", made.item, "2026-03-02")
    assert (second.action, second.actor, second.actor_roles) == (
        "withdraw assurance",
        world.executive,
        ["executive_lead"],
    )
    for event in (first, second):
        assert event.reference == ""
        assert "DPIA 26-014" not in str(event.data)
        assert "another site" not in str(event.data)


def test_all_that_was_recorded_stays_in_the_history_the_newest_first(world):
    recorded(world, Item.CALDICOTT_GUARDIAN)
    recorded(world, Item.CALDICOTT_GUARDIAN, title="Chief Nurse")
    withdrawn(world, Item.CALDICOTT_GUARDIAN, reason="The role has moved.")
    with acting_as(world.ward_team):
        history = queries.gate(world.ward_team, world.broadmere).history

    assert [entry.withdrawal.reason if entry.withdrawal else entry.record.title for entry in history] == [
        "The role has moved.",
        "Chief Nurse",
        "Medical Director",
    ]


def test_what_somebody_recorded_anew_is_not_withdrawn_by_a_page_opened_before(world):
    seen = recorded(world, Item.ASSET_OWNER)
    recorded(world, Item.ASSET_OWNER, by=world.executive, title="Chief Nurse")
    with acting_as(world.specialist), pytest.raises(workflow.WrongState, match="recorded this again"):
        workflow.withdraw(seen, reason="Gone.", by=world.specialist)


def test_a_second_withdrawal_is_refused(world):
    made = recorded(world, Item.ASSET_OWNER)
    withdrawn(world, Item.ASSET_OWNER)
    with acting_as(world.executive), pytest.raises(workflow.WrongState, match="withdrawn already"):
        workflow.withdraw(made, reason="Gone.", by=world.executive)


# Work to do


def test_once_begun_the_rest_is_asked_of_those_who_may_record_until_it_is_there(world):
    assert asked(world.specialist) == []
    recorded(world, Item.IMPACT_ASSESSMENT)
    recorded(world, Item.CONTROLLER_AGREEMENT)
    for who in (world.specialist, world.executive):
        assert asked(who) == ["Complete what must be in place before responses"]
    assert asked(world.ward_team) == []

    recorded(world, Item.CALDICOTT_GUARDIAN, Item.ASSET_OWNER)
    assert asked(world.specialist) == asked(world.executive) == []


def test_a_withdrawal_asks_again(world):
    recorded(world)
    withdrawn(world, Item.ASSET_OWNER)

    assert asked(world.executive) == ["Complete what must be in place before responses"]


def reviews(world):
    with acting_as(world.specialist):
        dates = Deadline.objects.for_one(world.specialist).filter(kind__code=workflow.REVIEW)
        return list(dates.order_by("id").values_list("due_on", "state"))


def test_the_review_of_the_assessment_comes_up_for_who_recorded_it_and_moves_with_a_new_one(world):
    soon, later = clock.today() + timedelta(days=9), clock.today() + timedelta(days=400)
    recorded(world, Item.IMPACT_ASSESSMENT, review_by=soon)
    assert reviews(world) == [(soon, "open")]
    recorded(world, Item.IMPACT_ASSESSMENT, review_by=later)
    assert reviews(world) == [(soon, "met"), (later, "open")]

    withdrawn(world, Item.IMPACT_ASSESSMENT)
    assert reviews(world) == [(soon, "met"), (later, "withdrawn")]


def test_both_who_may_record_are_reminded_of_the_review(world, become):
    recorded(world, Item.IMPACT_ASSESSMENT, review_by=clock.today() + timedelta(days=9))
    with become("ssip_worker"), connection.cursor() as cursor:
        cursor.execute(
            "SELECT r.person_id FROM reminders_deadline d, ssip_reminded(d.id, 7::smallint) AS r WHERE d.state = 'open'"
        )
        assert {person for (person,) in cursor.fetchall()} == {world.specialist.pk, world.executive.pk}
