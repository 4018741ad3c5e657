"""Comments, co-authors, the meeting and an early read, on their pages."""

import re
import uuid
from datetime import timedelta

import pytest

from plans import workflow
from plans.models import CoAuthor, Comment, EarlyRead, Plan, Section
from ssip.core import clock
from ssip.core.context import acting_as
from ssip.reminders.models import DeadlineMove
from ssip.tenancy import workflow as tenancy
from ssip.tenancy.models import Role
from tests.stories import a_draft, an_endorsed_plan, moved, written

pytestmark = pytest.mark.django_db
TODAY = clock.today()


@pytest.fixture
def plan(world):
    return a_draft(world)


@pytest.fixture
def lead(world, client):
    client.force_login(world.ics_lead)
    return client


def now(world, plan):
    with acting_as(world.ics_lead):
        return Plan.objects.with_names().get(pk=plan.pk)


def at(plan, page):
    return f"/plans/{plan.pk}/{page}/"


def boxes(**dates):
    return {
        f"{name}_{part}": getattr(day, part) if day else ""
        for name, day in dates.items()
        for part in ("day", "month", "year")
    }


def comment_by(world, person, plan, text="For whom?", key=""):
    with acting_as(person):
        section = Section.objects.get(plan=plan, key=key) if key else None
        return workflow.add_comment(plan, text=text, token=uuid.uuid4(), by=person, section=section)


# Comments


def test_a_comment_stands_on_the_plan_with_the_role_of_who_made_it(world, plan, client):
    client.force_login(world.partner)
    answer = client.post(at(plan, "comment"), {"text": "Ask **carers** too.", "token": uuid.uuid4()})
    page = client.get(answer.headers["Location"]).content.decode()

    assert answer.headers["Location"] == f"/plans/{plan.pk}/"
    assert "Ask <strong>carers</strong> too." in page
    assert "Patient safety partner, <time" in page


def test_a_comment_on_a_section_leads_back_to_it(world, plan, client):
    client.force_login(world.partner)
    answer = client.post(at(plan, "comment"), {"text": "For whom?", "token": uuid.uuid4(), "section": "aims"})

    assert answer.headers["Location"] == f"/plans/{plan.pk}/sections/aims/"
    assert "For whom?" in client.get(answer.headers["Location"]).content.decode()


def test_the_same_form_sent_twice_makes_one_comment(world, plan, client):
    client.force_login(world.partner)
    sent = {"text": "Once.", "token": uuid.uuid4()}
    answers = [client.post(at(plan, "comment"), sent) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    with acting_as(world.partner):
        assert Comment.objects.count() == 1


def test_other_words_sent_after_a_step_back_are_another_comment(world, plan, client):
    client.force_login(world.partner)
    token = uuid.uuid4()
    for text in ("First.", "Second."):
        client.post(at(plan, "comment"), {"text": text, "token": token})

    page = client.get(f"/plans/{plan.pk}/").content.decode()
    assert "<p>First.</p>" in page
    assert "<p>Second.</p>" in page


@pytest.mark.parametrize("token", ["", "x", "\x00"])
def test_a_comment_from_a_form_without_its_name_is_taken_or_comes_back(world, plan, client, token):
    client.force_login(world.partner)
    answer = client.post(at(plan, "comment"), {"text": "Still here.", "token": token})

    assert answer.status_code == 302 or "Still here." in answer.content.decode()


@pytest.mark.parametrize(
    ("text", "told"),
    [("", "Write your comment, then send it"), ("x" * 5001, "must be 5,000 characters or fewer"), ("a\x00b", "ab")],
)
def test_a_comment_that_cannot_be_sent_comes_back_with_its_words(world, plan, client, text, told):
    client.force_login(world.partner)
    answer = client.post(at(plan, "comment"), {"text": text, "token": uuid.uuid4()})

    assert answer.status_code == 200
    assert told in answer.content.decode()
    with acting_as(world.partner):
        assert not Comment.objects.exists()


def test_who_reads_but_does_not_comment_is_refused(world, plan, client):
    client.force_login(world.psc_administrator)

    assert client.post(at(plan, "comment"), {"text": "No."}).status_code == 403
    assert "Send the comment" not in client.get(f"/plans/{plan.pk}/").content.decode()


@pytest.mark.parametrize("key", ["\0", "aims\0", "x" * 5000, "Aims and drivers"])
def test_a_comment_on_a_section_that_cannot_be_is_not_found(world, plan, client, key):
    client.force_login(world.partner)

    assert client.post(at(plan, "comment"), {"text": "For whom?", "section": key}).status_code == 404


def test_somebody_of_many_roles_comments_in_those_that_have_a_part_in_the_plan(world, plan):
    with acting_as(world.psc_administrator):
        for role in (Role.ICS_LEAD, Role.ICB_QUALITY_LEAD, Role.NETWORK_MEMBER, Role.PATIENT_SAFETY_PARTNER):
            tenancy.grant(world.nobody.email, role, world.fenland, by=world.psc_administrator, reason="Does it all")
        for role in (Role.PSC_LEAD, Role.SPECIALIST_MEMBER):
            tenancy.grant(world.nobody.email, role, world.eastern, by=world.psc_administrator, reason="Does it all")
    comment = comment_by(world, world.nobody, plan)

    assert "PSC improvement lead" in comment.role
    assert "Specialist network member" not in comment.role


def test_a_comment_on_a_section_of_another_plan_is_not_found(world, plan, client):
    client.force_login(world.partner)

    assert client.post(at(plan, "comment"), {"text": "No.", "section": "nothing"}).status_code == 404


def test_the_lead_marks_a_comment_as_taken_into_account(world, plan, lead):
    comment = comment_by(world, world.partner, plan, key="aims")
    assert "Comment waits" in lead.get(f"/plans/{plan.pk}/").content.decode()
    answer = lead.post(f"/plans/{plan.pk}/comments/{comment.pk}/settle/", {"from_section": "yes"})

    assert answer.headers["Location"] == f"/plans/{plan.pk}/sections/aims/"
    assert "Taken into account by Ics lead" in lead.get(answer.headers["Location"]).content.decode()
    assert "Comment waits" not in lead.get(f"/plans/{plan.pk}/").content.decode()


def test_nothing_waits_in_a_plan_that_has_come_to_its_end(world, plan, lead):
    comment_by(world, world.partner, plan, key="aims")
    moved(world, plan, "withdraw", world.ics_lead)
    page = lead.get(f"/plans/{plan.pk}/").content.decode()

    assert "Comment waits" not in page
    assert "Optional" not in page
    assert page.count("Left empty") == 8


def test_only_the_lead_marks_a_comment(world, plan, client):
    comment = comment_by(world, world.partner, plan)
    client.force_login(world.partner)

    assert client.post(f"/plans/{plan.pk}/comments/{comment.pk}/settle/").status_code == 403
    assert "Taken into account" not in client.get(f"/plans/{plan.pk}/").content.decode()


def test_what_changes_something_is_never_done_by_following_a_link(world, plan, lead):
    comment = comment_by(world, world.partner, plan)

    for page in ("comment", f"comments/{comment.pk}/settle", "early-read/end"):
        answer = lead.get(at(plan, page))
        assert answer.status_code == 405
        assert "This page opens with a button" in answer.content.decode()


# Co-authors


def test_a_partner_is_invited_to_one_section(world, plan, lead):
    lead.post(at(plan, "co-authors"), {"person": world.partner.pk, "section": "aims"})
    page = lead.get(at(plan, "co-authors")).content.decode()

    assert "Partner can write “Aims” now, and is told by email." in page
    assert "Only “Aims”" in page


def test_members_and_partners_are_offered_and_nobody_who_decides(world, plan, lead):
    page = lead.get(at(plan, "co-authors")).content.decode()

    assert "Partner, Patient safety partner" in page
    assert "Network member, Network member" in page
    for somebody in ("Quality lead", "Psc lead", "Sibling lead", "Ics lead, ICS lead"):
        assert f">{somebody}" not in page


def test_somebody_from_elsewhere_cannot_be_invited(world, plan, lead):
    answer = lead.post(at(plan, "co-authors"), {"person": world.sibling_lead.pk, "section": ""})

    assert answer.status_code == 200
    assert "Select one of the options for who" in answer.content.decode()
    with acting_as(world.ics_lead):
        assert not CoAuthor.objects.exists()


def test_an_invitation_ends_after_it_was_asked_whether_it_is_meant(world, plan, lead):
    with acting_as(world.ics_lead):
        co_author = workflow.add_co_author(plan, person=world.partner, section=None, by=world.ics_lead)
    page = at(plan, f"co-authors/{co_author.pk}/end")

    assert "End the invitation of Partner?" in lead.get(page).content.decode()
    lead.post(page)
    lead.post(page)
    with acting_as(world.ics_lead):
        assert CoAuthor.objects.get().ended_by == world.ics_lead


# The meeting


def meeting(lead, plan, on, papers=None, reason="", name="System Quality Group"):
    return lead.post(
        at(plan, "meeting"), {"meeting_of": name, "reason": reason} | boxes(meeting_on=on, papers_due_on=papers)
    )


def in_days(days):
    return TODAY + timedelta(days=days)


def test_the_meeting_is_named_and_stands_on_the_plan(plan, lead):
    answer = meeting(lead, plan, in_days(50), in_days(40))
    page = lead.get(answer.headers["Location"]).content.decode()

    assert f"papers are due on {in_days(40):%-d %B %Y}" in page
    assert f"between it and the papers date of the System Quality Group on {in_days(40):%-d %B %Y}" in page


@pytest.mark.parametrize(
    ("on", "papers", "told"),
    [
        (50, 51, "The papers must be due on the day of the meeting or before it"),
        (-1, None, "The meeting must be today or in the future"),
        (50, -1, "The date its papers are due must be today or in the future"),
        (None, None, "Enter the date of the meeting"),
    ],
)
def test_dates_that_cannot_be_are_told_at_their_field(world, plan, lead, on, papers, told):
    days = [None if day is None else in_days(day) for day in (on, papers)]
    answer = meeting(lead, plan, *days)

    assert answer.status_code == 200
    assert told in answer.content.decode()
    assert now(world, plan).meeting_on is None


def test_a_meeting_before_the_round_begins_is_refused(world, plan, lead, as_owner):
    Plan.objects.get(pk=plan.pk).round.__class__.objects.filter(pk=plan.round_id).update(begins_on=in_days(10))
    answer = meeting(lead, plan, in_days(5))

    assert "must be after the round 2026 to 2027 begins" in answer.content.decode()


def test_a_meeting_after_the_end_of_the_round_is_set_with_a_warning(world, plan, lead):
    answer = meeting(lead, plan, in_days(121))

    assert "The meeting is after the round ends" in lead.get(answer.headers["Location"]).content.decode()
    assert now(world, plan).meeting_on == in_days(121)


def test_a_date_that_was_set_moves_with_a_reason_only(world, plan, lead):
    meeting(lead, plan, in_days(50), in_days(40))
    refused = meeting(lead, plan, in_days(57), in_days(47))

    assert "Say why the date changes" in refused.content.decode()
    assert now(world, plan).meeting_on == in_days(50)
    meeting(lead, plan, in_days(57), in_days(47), reason="The group meets a week later.")
    assert now(world, plan).meeting_on == in_days(57)
    with acting_as(world.ics_lead):
        assert {move.reason for move in DeadlineMove.objects.all()} == {"The group meets a week later."}


def test_a_name_changes_without_a_reason(world, plan, lead):
    meeting(lead, plan, in_days(50))
    meeting(lead, plan, in_days(50), name="Quality Committee")

    assert now(world, plan).meeting_of == "Quality Committee"


def test_once_the_icb_has_decided_there_is_no_meeting_to_name(world, client):
    plan = an_endorsed_plan(world)
    client.force_login(world.ics_lead)

    assert client.get(at(plan, "meeting")).headers["Location"] == f"/plans/{plan.pk}/"


# The early read


def early(lead, plan, day):
    return lead.post(at(plan, "early-read"), boxes(wanted_by=day))


def test_an_early_read_is_asked_for_told_and_ended(world, plan, lead):
    answer = early(lead, plan, in_days(10))
    page = lead.get(answer.headers["Location"]).content.decode()
    assert f"Comments are wanted by {in_days(10):%A %-d %B %Y}" in page

    lead.post(at(plan, "early-read/end"))
    with acting_as(world.ics_lead):
        assert EarlyRead.objects.get().ended_at is not None


@pytest.mark.parametrize(
    ("day", "told"),
    [(0, "must be tomorrow or later"), (42, "must be before the plan is due"), (None, "Enter the day by which")],
)
def test_a_day_that_leaves_no_time_is_told_at_the_field(world, plan, lead, day, told):
    answer = early(lead, plan, None if day is None else in_days(day))

    assert told in answer.content.decode()
    with acting_as(world.ics_lead):
        assert not EarlyRead.objects.exists()


def test_asking_twice_leads_back_to_the_plan(plan, lead):
    early(lead, plan, in_days(10))

    assert lead.get(at(plan, "early-read")).headers["Location"] == f"/plans/{plan.pk}/"


def test_a_submitted_plan_has_no_early_read(world, plan, lead):
    written(world, plan)
    moved(world, plan, "submit", world.ics_lead)

    assert lead.get(at(plan, "early-read")).status_code == 302


# Who may


@pytest.mark.parametrize("place", ["co-authors", "meeting", "early-read"])
@pytest.mark.parametrize("who", ["partner", "psc_lead", "quality_lead", "network_member"])
def test_what_the_lead_does_is_refused_to_others_with_a_reason(world, plan, client, who, place):
    client.force_login(getattr(world, who))

    for answer in (client.get(at(plan, place)), client.post(at(plan, place))):
        assert answer.status_code == 403
        assert "This is done by the ICS lead." in answer.content.decode()


@pytest.mark.parametrize("place", ["", "print/", "co-authors/", "meeting/", "early-read/"])
@pytest.mark.parametrize("who", ["sibling_lead", "outsider", "ward_team"])
def test_a_plan_of_another_ics_does_not_exist(world, plan, client, who, place):
    client.force_login(getattr(world, who))

    foreign, missing = client.get(f"/plans/{plan.pk}/{place}"), client.get(f"/plans/{plan.pk + 1000}/{place}")
    assert foreign.status_code == missing.status_code == 404
    assert without_token(foreign) == without_token(missing)


def without_token(answer):
    """Masked anew for every answer."""
    return re.sub(rb'name="csrfmiddlewaretoken" value="\w+"', b"", answer.content)
