"""Submitting, deciding, publishing, withdrawing: what the pages show and what they refuse."""

import re

import pytest
from django.urls import reverse

from plans import workflow
from plans.models import Decision, Plan, Section
from ssip.core import clock
from ssip.core.context import acting_as
from ssip.tenancy import workflow as tenancy
from ssip.tenancy.models import Role
from tests.pages import text, told
from tests.stories import (
    STATIONS,
    a_draft,
    a_published_plan,
    a_returned_plan,
    a_submitted_plan,
    an_approved_plan,
    an_endorsed_plan,
    moved,
    written,
)

pytestmark = pytest.mark.django_db
MOVES = ("submit", "decide", "publish", "withdraw", "reopen")
STORY = ("timeline", "version", "changes")


def address(name, plan, *more):
    return reverse(f"plans:{name}", args=[plan.pk, *more])


def now(plan, who):
    with acting_as(who):
        return Plan.objects.get(pk=plan.pk)


def endorsement(**other):
    today = clock.today()
    date = {"met_on_day": today.day, "met_on_month": today.month, "met_on_year": today.year}
    said = {"answer": "endorse", "body": "System Quality Group", "minute_reference": "SQG 7.2", "seen": 1}
    return said | date | other


# Submitting


def test_what_is_missing_stands_on_the_page_with_links_and_without_a_button(world, as_):
    plan = a_draft(world)
    answer = as_(world.ics_lead).get(address("submit", plan))

    assert "7 sections must be written" in text(answer)
    assert address("section_edit", plan, "aims") in answer.content.decode()
    assert "Submit for approval</button>" not in re.sub(r"\s*<", "<", answer.content.decode())


def test_an_incomplete_plan_that_is_sent_all_the_same_says_what_is_missing(world, as_):
    plan = a_draft(world)
    answer = as_(world.ics_lead).post(address("submit", plan))

    assert answer.status_code == 200
    assert "The plan was not submitted: write something in Why we need this plan, Aims" in text(answer)
    assert now(plan, world.ics_lead).status == "draft"


def test_the_page_says_who_can_endorse_and_by_when(world, as_):
    plan = written(world, a_draft(world))
    answer = as_(world.ics_lead).get(address("submit", plan))

    due = clock.add_working_days(clock.today(), 10)
    assert "Quality lead" in text(answer)
    assert f"by {due:%-d %B %Y}: set by the round (10 working days)" in text(answer)
    assert "No meeting is named yet" in text(answer)


def test_a_warning_stands_where_nobody_would_be_free_to_endorse(world, as_, become):
    with become("ssip_owner"):
        tenancy.grant("quality_lead@example.org", Role.ICS_LEAD, world.fenland, by=None, reason="Two jobs")
    plan = written(world, a_draft(world))
    with acting_as(world.quality_lead):
        section = Section.objects.filter(plan=plan).first()
        workflow.save_section(section, content={"text": "Mine."}, base_version=1, by=world.quality_lead)

    assert "Nobody is free to endorse it" in text(as_(world.ics_lead).get(address("submit", plan)))


def test_submitting_says_what_comes_next_and_goes_to_the_plan(world, as_):
    plan = written(world, a_draft(world))
    answer = as_(world.ics_lead).post(address("submit", plan), follow=True)

    assert answer.redirect_chain == [(address("detail", plan), 302)]
    assert told(answer)[0].startswith("Version 1 is submitted. The ICB quality lead has been asked")
    assert now(plan, world.ics_lead).status == "submitted"


def test_the_second_press_of_submit_is_told_where_the_plan_stands(world, as_):
    plan = written(world, a_draft(world))
    client = as_(world.ics_lead)
    client.post(address("submit", plan), follow=True)
    answer = client.post(address("submit", plan), follow=True)

    assert "The plan is now “submitted”" in told(answer)[0]


def test_a_plan_that_came_back_shows_what_was_asked_for_and_what_has_changed(world, as_):
    plan = a_returned_plan(world)
    with acting_as(world.ics_lead):
        section = Section.objects.get(plan=plan, key="aims")
        workflow.save_section(section, content={"text": "Fewer falls."}, base_version=1, by=world.ics_lead)
    shown = text(as_(world.ics_lead).get(address("submit", plan)))

    assert "What has changed since version 1" in shown
    assert "Say for whom the aim holds." in shown
    assert "Aims: changed" in shown
    assert "Why we need this plan: changed" not in shown


# Deciding


def test_the_page_shows_what_is_decided_about(world, as_):
    plan = a_submitted_plan(world)
    shown = text(as_(world.quality_lead).get(address("decide", plan)))
    with acting_as(world.ics_lead):
        version = plan.versions.get()

    assert "Version 1: Endorsement by the ICB" in shown
    assert "by Ics lead" in shown
    assert version.digest in shown
    assert version.digest[:12] in shown


def test_an_endorsement_is_recorded_with_its_meeting(world, as_):
    plan = a_submitted_plan(world)
    answer = as_(world.quality_lead).post(address("decide", plan), endorsement(note="Well done."), follow=True)

    assert told(answer) == [
        "The endorsement of version 1 is recorded. The PSC improvement lead is asked to approve it."
    ]
    with acting_as(world.quality_lead):
        decision = Decision.objects.get()
    assert (decision.on_behalf_of, decision.met_on, decision.minute_reference, decision.note) == (
        "System Quality Group",
        clock.today(),
        "SQG 7.2",
        "Well done.",
    )


@pytest.mark.parametrize(
    ("change", "field", "sentence"),
    [
        ({"answer": ""}, "answer", "Select what you want to do"),
        ({"body": ""}, "body", "Enter the body that endorsed the plan"),
        ({"minute_reference": " "}, "minute_reference", "Enter the reference of the minute"),
        ({"met_on_day": "", "met_on_month": "", "met_on_year": ""}, "met_on", "Enter the date of the meeting"),
        ({"met_on_year": "2099"}, "met_on", "Date of the meeting must be today or earlier"),
        ({"met_on_year": "2001"}, "met_on", "the round began that day"),
        ({"answer": "ask_for_changes"}, "changes", "Say what needs to change"),
    ],
)
def test_what_is_wrong_with_a_decision_is_said_at_its_field(world, as_, change, field, sentence):
    plan = a_submitted_plan(world)
    answer = as_(world.quality_lead).post(address("decide", plan), endorsement(**change))

    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [field]
    assert sentence in text(answer)
    assert now(plan, world.quality_lead).status == "submitted"


def test_what_was_typed_for_the_other_answer_does_not_count(world, as_):
    plan = a_submitted_plan(world)
    said = endorsement(answer="ask_for_changes", changes="Name the measures.", met_on_day="99", about_aims="Whose?")
    as_(world.quality_lead).post(address("decide", plan), said)

    assert now(plan, world.quality_lead).status == "changes_asked"
    with acting_as(world.ics_lead):
        comment = plan.comments.get()
        assert (comment.section.key, comment.text) == ("aims", "Whose?")


def test_the_improvement_lead_approves_and_reads_what_that_means(world, as_):
    plan = an_endorsed_plan(world)
    client = as_(world.psc_lead)
    shown = text(client.get(address("decide", plan)))
    assert "Approve version 1" in shown
    assert "It does not replace the ICB" in shown
    assert "minute SQG 7.2" in shown

    answer = client.post(address("decide", plan), {"seen": 1, "answer": "approve"}, follow=True)
    assert told(answer) == ["Version 1 is approved. It can be published now."]
    assert now(plan, world.psc_lead).status == "approved"


def test_a_second_version_is_shown_with_what_changed_since_it_was_decided_about(world, as_):
    plan = a_returned_plan(world)
    with acting_as(world.ics_lead):
        section = Section.objects.get(plan=plan, key="aims")
        workflow.save_section(section, content={"text": "Fewer falls."}, base_version=1, by=world.ics_lead)
    moved(world, plan, "submit", world.ics_lead)
    shown = text(as_(world.quality_lead).get(address("decide", plan)))

    assert "What has changed since version 1" in shown
    assert "Aims: changed" in shown
    assert "Delivery: changed" not in shown
    assert address("changes", plan, 2) in as_(world.quality_lead).get(address("decide", plan)).content.decode()


def test_comments_of_the_early_read_stand_above_the_form(world, as_):
    plan = written(world, a_draft(world))
    with acting_as(world.ics_lead):
        workflow.ask_for_early_read(plan, wanted_by=clock.today(), by=world.ics_lead)
    with acting_as(world.partner):
        token = "5f0c4bd4-4a4c-4b0e-8d4f-0e2c6bb7a001"
        workflow.add_comment(plan, text="Ask the carers too.", token=token, by=world.partner)
    moved(world, plan, "submit", world.ics_lead)

    assert "Ask the carers too." in text(as_(world.quality_lead).get(address("decide", plan)))


@pytest.mark.parametrize(
    ("who", "reason"),
    [
        ("ics_lead", "The ICB quality lead records the endorsement"),
        ("network_member", "The ICB quality lead records the endorsement"),
        ("psc_administrator", "The ICB quality lead records the endorsement"),
    ],
)
def test_who_has_no_right_to_decide_reads_who_has(world, as_, who, reason):
    plan = a_submitted_plan(world)
    answer = as_(getattr(world, who)).get(address("decide", plan))

    assert answer.status_code == 403
    assert reason in text(answer)


def test_an_author_who_holds_the_right_reads_why_somebody_else_decides(world, as_, become):
    with become("ssip_owner"):
        tenancy.grant("ics_lead@example.org", Role.ICB_QUALITY_LEAD, world.fenland, by=None, reason="Two jobs")
    plan = a_submitted_plan(world)
    client = as_(world.ics_lead)

    for answer in (client.get(address("decide", plan)), client.post(address("decide", plan), endorsement())):
        assert answer.status_code == 403
        assert "You wrote or submitted part of this plan" in text(answer)


@pytest.mark.parametrize(("station", "who"), [("submitted", "psc_lead"), ("approved", "quality_lead")])
def test_who_decides_at_another_time_is_told_whose_turn_it_is(world, as_, station, who):
    plan = STATIONS[station](world)
    answer = as_(getattr(world, who)).get(address("decide", plan), follow=True)

    assert answer.redirect_chain == [(address("detail", plan), 302)]
    assert f"The plan is now “{station}”" in told(answer)[0]


def test_a_second_press_records_nothing_and_says_where_the_plan_stands(world, as_):
    plan = a_submitted_plan(world)
    client = as_(world.quality_lead)
    client.post(address("decide", plan), endorsement(), follow=True)
    answer = client.post(address("decide", plan), endorsement(), follow=True)

    assert "The plan is now “endorsed”" in told(answer)[0]
    with acting_as(world.quality_lead):
        assert Decision.objects.count() == 1


def test_a_form_about_an_older_version_decides_nothing(world, as_):
    plan = a_submitted_plan(world)
    moved(world, plan, "ask_for_changes", world.quality_lead, note="More on measures.")
    moved(world, plan, "submit", world.ics_lead)
    answer = as_(world.quality_lead).post(address("decide", plan), endorsement(seen=1), follow=True)

    assert told(answer) == ["Nothing was changed. There is a newer version of the plan: read it first."]
    assert now(plan, world.quality_lead).status == "submitted"


# Publishing, withdrawing, opening again


def test_publishing_asks_first_and_says_that_it_cannot_be_taken_back(world, as_):
    plan = an_approved_plan(world)
    client = as_(world.psc_lead)
    assert "It cannot be taken back" in text(client.get(address("publish", plan)))
    assert now(plan, world.psc_lead).status == "approved"

    answer = client.post(address("publish", plan), follow=True)
    assert "Everybody can read it now" in told(answer)[0]
    assert now(plan, world.psc_lead).status == "published"


def test_a_plan_is_withdrawn_and_opened_again_each_after_a_question(world, as_):
    plan = a_submitted_plan(world)
    client = as_(world.ics_lead)
    assert "all dates of the plan end" in text(client.get(address("withdraw", plan)))
    client.post(address("withdraw", plan))
    assert now(plan, world.ics_lead).status == "withdrawn"

    assert "Open the plan again as a draft?" in text(client.get(address("reopen", plan)))
    client.post(address("reopen", plan))
    assert now(plan, world.ics_lead).status == "draft"


@pytest.mark.parametrize("name", ["publish", "withdraw", "reopen"])
def test_a_page_whose_time_has_not_come_leads_back_to_the_plan(world, as_, name):
    plan = a_published_plan(world)
    answer = as_(world.psc_lead if name == "publish" else world.ics_lead).post(address(name, plan), follow=True)

    assert "The plan is now “published”" in told(answer)[0]


@pytest.mark.parametrize("name", MOVES)
def test_a_member_who_may_read_the_plan_makes_no_move(world, as_, name):
    plan = a_draft(world)
    client = as_(world.network_member)

    assert client.get(address(name, plan)).status_code == 403
    assert client.post(address(name, plan)).status_code == 403


@pytest.mark.parametrize("name", [*MOVES, *STORY])
@pytest.mark.parametrize("who", ["outsider", "sibling_lead", "nobody", "specialist_member", "ward_team"])
def test_who_may_not_see_the_plan_finds_nothing_at_its_addresses(world, as_, name, who):
    plan = a_submitted_plan(world)
    more = [2] if name == "changes" else [1] if name == "version" else []
    client = as_(getattr(world, who))

    answer = client.get(address(name, plan, *more))
    assert answer.status_code == 404
    assert text(answer) == text(client.get(address(name, Plan(pk=plan.pk + 1000), *more)))


# The story, and frozen versions


def test_the_story_tells_each_decision_with_body_date_and_minute(world, as_):
    plan = a_published_plan(world)
    shown = text(as_(world.network_member).get(address("timeline", plan)))

    assert "Recorded the endorsement of the ICB · version 1 System Quality Group, meeting of 3 November 2026" in shown
    assert "minute SQG 7.2" in shown
    assert shown.index("Published the plan") < shown.index("Approved the plan") < shown.index("Submitted the plan")
    assert "Quality lead, ICB quality lead" in shown


def test_what_one_person_wrote_on_a_day_is_one_entry(world, as_):
    plan = written(world, a_draft(world))
    written(world, plan, words="In other words.")
    shown = text(as_(world.ics_lead).get(address("timeline", plan)))

    assert shown.count("Wrote in") == 1
    assert "Wrote in 8 sections, saved 16 times" in shown


def test_what_was_written_after_a_submission_is_not_told_before_it(world, as_):
    plan = a_returned_plan(world)
    written(world, plan, words="In other words.")
    shown = text(as_(world.ics_lead).get(address("timeline", plan)))

    assert shown.count("Wrote in 8 sections") == 2
    assert shown.index("Wrote in") < shown.index("Asked for changes") < shown.rindex("Wrote in")


def test_a_kept_draft_of_somebody_is_not_told(world, as_):
    plan = written(world, a_draft(world))
    with acting_as(world.ics_lead):
        section = Section.objects.filter(plan=plan).first()
        assert workflow.save_section(section, content={"text": "Late."}, base_version=0, by=world.ics_lead)
    shown = text(as_(world.network_member).get(address("timeline", plan)))

    assert "hold" not in shown
    assert "Wrote in 8 sections, saved 8 times" in shown


def test_a_moved_date_is_told_with_its_reason(world, as_):
    from datetime import timedelta

    plan, today = a_draft(world), clock.today()
    with acting_as(world.ics_lead):
        for days, reason in ((30, ""), (44, "The group meets later.")):
            workflow.set_meeting(
                plan,
                meeting_of="System Quality Group",
                meeting_on=today + timedelta(days=days),
                papers_due_on=None,
                by=world.ics_lead,
                reason=reason,
            )
    shown = text(as_(world.network_member).get(address("timeline", plan)))

    assert f"from {today + timedelta(days=30):%-d %B %Y} to {today + timedelta(days=44):%-d %B %Y}" in shown
    assert "The group meets later." in shown


def test_a_frozen_version_keeps_its_words_when_the_plan_goes_on(world, as_):
    plan = a_returned_plan(world)
    written(world, plan, words="New words.")
    moved(world, plan, "submit", world.ics_lead)
    client = as_(world.network_member)

    assert "fewer falls on our wards" in text(client.get(address("version", plan, 1)))
    assert "New words." in text(client.get(address("version", plan, 2)))
    assert "Changes asked for" in text(client.get(address("version", plan, 1)))
    assert client.get(address("version", plan, 3)).status_code == 404


def test_what_differs_between_two_versions_is_marked(world, as_):
    plan = a_returned_plan(world)
    with acting_as(world.ics_lead):
        section = Section.objects.get(plan=plan, key="aims")
        words = {"text": "Aims. We want fewer falls on our wards by spring."}
        workflow.save_section(section, content=words, base_version=1, by=world.ics_lead)
    moved(world, plan, "submit", world.ics_lead)
    client = as_(world.network_member)
    page = client.get(address("changes", plan, 2)).content.decode()

    assert re.findall(r"<h2>(.*?)</h2>", page)[0] == "Aims"
    assert "Delivery" not in page
    assert "spring" in re.search(r"<ins>.*?</ins>", page)[0]
    assert client.get(address("changes", plan, 1)).status_code == 404


@pytest.mark.parametrize("name", ["timeline", "decide", "version"])
def test_the_number_of_queries_does_not_grow_with_what_was_said_and_done(world, as_, django_assert_num_queries, name):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    plan = a_submitted_plan(world)
    client = as_(world.quality_lead)
    where = address(name, plan, *([1] if name == "version" else []))
    add_comments(world, plan, 3)
    client.get(where)
    with CaptureQueriesContext(connection) as few:
        client.get(where)
    add_comments(world, plan, 30)
    with django_assert_num_queries(len(few)):
        client.get(where)


def add_comments(world, plan, count):
    import uuid

    for who in (world.partner, world.network_member):
        with acting_as(who):
            for number in range(count):
                workflow.add_comment(plan, text=f"Comment {number}", token=uuid.uuid4(), by=who)


@pytest.mark.parametrize(("who", "decides"), [("quality_lead", True), ("ics_lead", False), ("partner", False)])
def test_whose_turn_it_is_comes_from_the_version_to_the_decision(world, as_, who, decides):
    plan = a_submitted_plan(world)
    page = as_(getattr(world, who)).get(address("version", plan, 1)).content.decode()

    assert (f'href="{address("decide", plan)}"' in page) == decides


def test_no_decision_is_offered_on_a_version_that_was_decided_about(world, as_):
    plan = written(world, a_returned_plan(world), words="In other words.")
    moved(world, plan, "submit", world.ics_lead)
    page = as_(world.quality_lead).get(address("version", plan, 1)).content.decode()

    assert address("decide", plan) not in page


def test_what_was_asked_about_a_section_is_before_the_eyes_of_who_decides_again(world, as_):
    plan = moved(world, written(world, a_draft(world)), "submit", world.ics_lead)
    with acting_as(world.quality_lead):
        aims = Section.objects.get(plan=plan, key="aims")
    asked = {"note": "One thing.", "on_sections": {aims.pk: "By when?"}}
    plan = moved(world, plan, "ask_for_changes", world.quality_lead, **asked)
    moved(world, written(world, plan, words="By June."), "submit", world.ics_lead)

    assert "One thing. Aims By when?" in text(as_(world.quality_lead).get(address("decide", plan)))
