"""Two people of an organisation press at the same moment, each on a connection of their own."""

from datetime import timedelta

import pytest

from incidents import workflow
from incidents.models import Assurance, Item, Withdrawal
from ssip.core import clock
from ssip.core.context import acting_as
from ssip.reminders.models import Deadline, Task
from tests.incidents.ready import SAID, recorded
from tests.world import World


def recording(world, item, by, **other):
    organisation = world.broadmere

    def press():
        with acting_as(by):
            workflow.record(organisation, item, by=by, **SAID[item] | other)

    return press


def withdrawing(assurance, by):
    def press():
        with acting_as(by):
            workflow.withdraw(assurance, reason="Gone.", by=by)

    return press


def test_two_who_record_the_last_two_items_leave_nothing_asked_for_that_is_there(at_once):
    world = World()
    specialist, executive = world.specialist, world.executive
    recorded(world, Item.IMPACT_ASSESSMENT, Item.CONTROLLER_AGREEMENT)
    answers = at_once(
        recording(world, Item.CALDICOTT_GUARDIAN, specialist), recording(world, Item.ASSET_OWNER, executive)
    )

    assert answers == [None, None]
    with acting_as(specialist):
        assert Assurance.objects.count() == 4
        assert not Task.objects.mine(specialist).filter(verb=workflow.COMPLETE).exists()


def test_of_two_who_withdraw_the_same_record_one_does_and_the_other_is_told(at_once):
    world = World()
    made = recorded(world, Item.ASSET_OWNER)
    answers = at_once(withdrawing(made, world.specialist), withdrawing(made, world.executive))

    assert sorted(map(type, answers), key=str) == sorted([type(None), workflow.WrongState], key=str)
    with acting_as(world.specialist):
        assert Withdrawal.objects.count() == 1


@pytest.mark.parametrize("turn", range(3))
def test_of_two_who_record_the_assessment_at_once_one_review_date_is_left(at_once, turn):
    world = World()
    dates = [clock.today() + timedelta(days=days) for days in (100, 200)]
    answers = at_once(
        recording(world, Item.IMPACT_ASSESSMENT, world.specialist, review_by=dates[0]),
        recording(world, Item.IMPACT_ASSESSMENT, world.executive, review_by=dates[1]),
    )

    assert answers == [None, None]
    with acting_as(world.specialist):
        newest = Assurance.objects.order_by("-id").first()
        assert [each.due_on for each in Deadline.objects.open()] == [newest.review_by]


@pytest.mark.parametrize("turn", range(3))
def test_who_withdraws_what_is_recorded_anew_in_the_same_moment_withdraws_it_before_or_is_told(at_once, turn):
    world = World()
    made = recorded(world, Item.ASSET_OWNER)
    again, withdrew = at_once(recording(world, Item.ASSET_OWNER, world.specialist), withdrawing(made, world.executive))

    assert again is None
    assert withdrew is None or (isinstance(withdrew, workflow.WrongState) and "recorded this again" in str(withdrew))
