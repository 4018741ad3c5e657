"""The four lists of My work, and that they cost the same however long they are."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ssip.core.context import acting_as
from ssip.reminders import workflow
from ssip.reminders.queries import work as queries
from ssip.tenancy.models import Role
from tests.reminders.given import at, open_deadline, open_task

pytestmark = pytest.mark.django_db
TODAY = date(2026, 12, 1)
FRIDAY = date(2026, 12, 4)


def work(person):
    with at(f"{TODAY} 09:00"), acting_as(person):
        return queries.my_work(person, TODAY)


def about(world, pk):
    """A record of an upper app, as far as this one knows it: a kind and an id."""
    return type(world.fenland)(pk=pk)


def test_a_task_is_to_do_for_one_and_waited_for_by_another(world):
    with acting_as(world.ics_lead):
        open_task(world, followed_with="draft_plan", due=FRIDAY, due_set_by="10 working days", minutes=30)
    (row,) = work(world.quality_lead)["do_now"]
    assert (row.verb, row.thing, row.place) == ("Endorse", "Patient Safety Network Plan 2026/27", "Fenland")
    assert (row.href, row.reference, row.due, row.set_by) == ("/plans/1/", "XAA-1", FRIDAY, "10 working days")
    assert (row.minutes, row.why, row.passed) == (30, "You record what the ICB decides.", False)
    (waited,) = work(world.ics_lead)["waiting"]
    assert waited.awaited == ["Quality lead"]
    assert waited.hand_back == ""


def test_who_is_awaited_is_found_through_the_psc_and_without_those_left_out(world):
    with acting_as(world.ics_lead):
        open_task(world, permission="approve_plan", followed_with="draft_plan")
        open_task(
            world, permission="comment_plan", not_for=[world.partner.pk, world.ics_lead.pk], followed_with="draft_plan"
        )
        open_task(world, permission="", person=world.partner, followed_with="draft_plan")
        open_task(world, permission="comment_plan", role=Role.NETWORK_MEMBER, followed_with="draft_plan")
    assert [row.awaited for row in work(world.ics_lead)["waiting"]] == [
        ["Psc lead"],
        ["Network member", "Psc lead", "Quality lead"],
        ["Partner"],
        ["Network member"],
    ]


def test_the_nearest_date_is_first_and_no_date_last(world):
    with acting_as(world.ics_lead):
        for due in (None, FRIDAY, date(2026, 11, 30)):
            open_task(world, due=due)
    rows = work(world.quality_lead)["do_now"]
    assert [(row.due, row.passed) for row in rows] == [(date(2026, 11, 30), True), (FRIDAY, False), (None, False)]


def test_only_what_others_could_do_can_be_handed_back(world):
    with acting_as(world.ics_lead):
        task = open_task(world, permission="comment_plan", person=world.partner)
        open_task(world, permission="", person=world.partner)
    assert [row.hand_back for row in work(world.partner)["do_now"]] == [f"/work/{task.pk}/not-mine/", ""]


# (due, is it shown among what comes up)
NEAR = [(date(2026, 11, 30), False), (TODAY, True), (date(2026, 12, 15), True), (date(2026, 12, 16), False)]


@pytest.mark.parametrize(("due", "shown"), NEAR)
def test_dates_of_the_next_two_weeks_come_up(world, due, shown):
    with acting_as(world.ics_lead):
        open_deadline(world, due_on=due)
    assert bool(work(world.ics_lead)["coming_up"]) is shown


@pytest.mark.parametrize(("who", "shown"), [("ics_lead", True), ("quality_lead", False), ("sibling_lead", False)])
def test_a_date_comes_up_for_those_whom_it_concerns(world, who, shown):
    with acting_as(world.ics_lead):
        open_deadline(world, due_on=FRIDAY)
    assert bool(work(getattr(world, who))["coming_up"]) is shown


def test_a_date_that_is_the_date_of_a_task_is_shown_once(world):
    with acting_as(world.ics_lead):
        open_task(world, permission="draft_plan", due=FRIDAY)
        open_deadline(world, due_on=FRIDAY)
        open_deadline(world, due_on=date(2026, 12, 3), kind="papers_due")
    lists = work(world.ics_lead)
    assert [row.due for row in lists["do_now"]] == [FRIDAY]
    assert [row.due for row in lists["coming_up"]] == [date(2026, 12, 3)]


@pytest.mark.parametrize(("days", "shown"), [(0, True), (13, True), (15, False)])
def test_what_was_done_is_shown_for_two_weeks(world, days, shown):
    with at(f"{TODAY - timedelta(days=days)} 09:00"), acting_as(world.quality_lead):
        open_task(world)
        workflow.close_tasks(world.fenland, because="endorsed", by=world.quality_lead)
    rows = work(world.quality_lead)["done_lately"]
    assert [(row.done_on, row.ended, row.done_by) for row in rows] == (
        [(TODAY - timedelta(days=days), "Endorsed", "Quality lead")] if shown else []
    )


def test_who_waits_is_not_told_why_it_is_theirs(world):
    with acting_as(world.ics_lead):
        open_task(world, followed_with="draft_plan")
    assert [row.why for row in work(world.ics_lead)["waiting"]] == [""]


def test_a_list_shows_fifty_rows_and_the_count_says_how_many_there_are(world):
    with acting_as(world.ics_lead):
        for _ in range(52):
            open_task(world)
    assert len(work(world.quality_lead)["do_now"]) == 50
    with acting_as(world.quality_lead):
        assert queries.open_work_count(world.quality_lead) == 52


def test_somebody_without_a_role_has_nothing_to_do(world):
    assert work(world.nobody) == {"do_now": [], "waiting": [], "coming_up": [], "done_lately": []}


@pytest.mark.parametrize("who", ["ics_lead", "psc_lead"])
def test_my_work_costs_the_same_with_3_rows_and_with_30(world, who):
    person, costs = getattr(world, who), []
    for pks in (range(1, 4), range(4, 31)):
        with at(f"{TODAY} 08:00"), acting_as(person):
            for pk in pks:
                for verb in ("Comment", "Close"):
                    open_task(world, about=about(world, pk), verb=verb, permission="comment_plan")
                open_task(world, about=about(world, pk), followed_with="comment_plan")
                open_deadline(world, about=about(world, pk), due_on=FRIDAY, permissions=["comment_plan"])
                workflow.close_tasks(about(world, pk), because="done", by=person, verb="Close")
        with CaptureQueriesContext(connection) as asked:
            lists = work(person)
        costs.append(len(asked))
    assert [len(rows) for rows in lists.values()] == [30, 30, 30, 30]
    assert costs[0] == costs[1]
    assert costs[1] <= 14  # the transaction's own among them
