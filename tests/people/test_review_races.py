"""Two at once: reviewers of one place, a reviewer and somebody who ends a role, workers of the clock. Commits count."""

import pytest
from django.db import connection

from ssip.core.context import acting_as
from ssip.people import workflow
from ssip.people.models import AccessReview
from ssip.reminders.models import Deadline, Task
from ssip.tenancy import workflow as tenancy
from ssip.tenancy.models import Grant, Role
from tests.people.given import give, review, role_of
from tests.world import World


def become(role):
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {role}")


@pytest.fixture
def second(at_once):
    """Another PSC administrator."""
    become("ssip_owner")
    person = give("second@example.org", Role.PSC_ADMINISTRATOR, World().eastern).person
    become("ssip_app")
    return person


def test_two_reviewers_at_once_and_the_second_hears_of_the_first(at_once, second):
    world = World()
    first, members = world.psc_administrator, [world.network_member]
    answers = at_once(
        lambda: review(world.fenland, first, seen=0, ended=members),
        lambda: review(world.fenland, second, seen=0, ended=members),
    )

    (done,) = [answer for answer in answers if isinstance(answer, AccessReview)]
    (late,) = [answer for answer in answers if not isinstance(answer, AccessReview)]
    assert isinstance(late, workflow.WrongState)
    assert str(late).startswith(f"{done.by} finished this review on")
    with acting_as(first):
        assert [each.number for each in AccessReview.objects.visible_to(first)] == [1]
        assert Deadline.objects.open().about(world.fenland).count() == 1
        assert Grant.objects.get(person=world.network_member).ended_by == done.by


def test_a_review_and_somebody_who_ends_one_of_its_roles_at_once(at_once, second):
    """Either the review is whole and the other comes late, or the role had ended and nothing is stored."""
    world = World()
    member, lead = world.network_member, world.ics_lead
    held = role_of(member, world.fenland)

    def end():
        with acting_as(lead):
            return tenancy.end(Grant.objects.get(pk=held.pk), by=lead, reason="By the lead")

    reviewed, _ = at_once(lambda: review(world.fenland, second, ended=[member], reason="By review"), end)
    with acting_as(lead):
        ended = Grant.objects.get(pk=held.pk)
        stored = list(AccessReview.objects.visible_to(lead))
    if isinstance(reviewed, AccessReview):
        # Who looked when the role had ended already was not asked about it.
        assert (ended.ended_reason, stored[0].ended) in [("By review", 1), ("By the lead", 0)]
    else:
        assert isinstance(reviewed, workflow.Changed)
        assert (ended.ended_reason, stored) == ("By the lead", [])


def test_three_workers_of_the_clock_at_once_open_everything_once(at_once):
    def tick():
        become("ssip_worker")
        return workflow.plan_reviews()

    assert sum(at_once(tick, tick, tick)) == 12

    administrator = World().psc_administrator
    with acting_as(administrator):
        assert Task.objects.mine(administrator).count() == 3
        assert Deadline.objects.visible_to(administrator).open().count() == 3


def test_the_clock_and_a_reviewer_at_once_leave_one_date(at_once):
    world = World()
    administrator = world.psc_administrator

    def tick():
        become("ssip_worker")
        return workflow.plan_reviews()

    done, opened = at_once(lambda: review(world.fenland, administrator), tick)
    assert isinstance(done, AccessReview)
    assert isinstance(opened, int)
    with acting_as(administrator):
        assert Deadline.objects.open().about(world.fenland).count() == 1
        assert Task.objects.open().about(world.fenland).count() == 0
