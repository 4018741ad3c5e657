"""The pages of a review: every role with what is known of it, nothing chosen beforehand, nothing lost, asked twice."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ssip.core import clock
from ssip.core.context import acting_as
from ssip.people import workflow
from ssip.people.models import AccessReview
from ssip.tenancy import workflow as tenancy
from ssip.tenancy.models import Grant, Role
from tests.pages import text, told
from tests.people.given import give, review, role_of

pytestmark = pytest.mark.django_db
FENLAND, TRUST, EASTERN = "/manage/ics-XAA/people/", "/manage/organisation-ZAA/people/", "/manage/psc-EAST/people/"
MEMBERS = ("ics_lead", "quality_lead", "network_member", "partner")


@pytest.fixture
def answers(world):
    """The form of a review of Fenland: every role kept but those named."""

    def fill(*, end=(), leave_out=(), **more):
        filled = {"seen": "0"}
        for name in MEMBERS:
            if name not in leave_out:
                pk = role_of(getattr(world, name), world.fenland).pk
                filled[f"role-{pk}"] = "ended" if name in end else "kept"
        return filled | more

    return fill


def reviews(world):
    with acting_as(world.psc_administrator):
        return list(AccessReview.objects.visible_to(world.psc_administrator))


@pytest.mark.parametrize(
    ("who", "page", "status"),
    [
        ("psc_administrator", FENLAND, 200),
        ("psc_administrator", EASTERN, 200),
        ("specialist", TRUST, 200),
        ("ics_lead", FENLAND, 403),
        ("psc_lead", EASTERN, 403),
        ("executive", TRUST, 403),
        ("site_administrator", EASTERN, 403),
        ("psc_administrator", TRUST, 404),
        ("outsider", FENLAND, 404),
        ("sibling_lead", FENLAND, 404),
        ("nobody", EASTERN, 404),
    ],
)
def test_who_may_open_a_review(as_, world, who, page, status):
    assert as_(getattr(world, who)).get(f"{page}review/").status_code == status
    assert as_(getattr(world, who)).post(f"{page}review/", {"seen": "0"}).status_code == status


def test_each_role_stands_there_with_what_is_known_and_nothing_is_chosen(as_, world, become):
    with become("ssip_owner"):
        type(world.partner).objects.filter(pk=world.partner.pk).update(last_login="2023-03-12T23:30Z")
    answer = as_(world.psc_administrator).get(f"{FENLAND}review/")

    page = text(answer)
    assert "4 roles to decide" in page
    known = "Since 1 July 2022 · Given by the operator of the site: Set up for the tests"
    assert f"Network member: Network member Never signed in Given over 14 days ago · {known}" in page
    assert f"Partner: Patient safety partner Last signed in on 12 March 2023 Over 90 days ago · {known}" in page
    assert "Psc lead, PSC improvement lead of Eastern PSC" in page
    assert b"checked" not in answer.content


def test_what_was_not_answered_is_said_beside_it_and_nothing_is_lost(as_, world, answers):
    filled = answers(end=["partner"], leave_out=["quality_lead"])
    answer = as_(world.psc_administrator).post(f"{FENLAND}review/", filled)

    said = "Choose an answer for Quality lead, ICB quality lead"
    assert answer.content.decode().count(said) == 2
    assert len(re.findall(r'type="radio"[^>]*\bchecked', answer.content.decode())) == 3
    assert reviews(world) == []


def test_a_review_that_ends_nothing_is_finished_at_once(as_, world, answers):
    answer = as_(world.psc_administrator).post(f"{FENLAND}review/", answers(), follow=True)

    due = clock.spoken(clock.working_day_on_or_after(clock.add_months(clock.today(), 6)))
    assert told(answer) == [f"The review is finished. Roles: 4 kept. The next is due by {due}."]
    today = clock.spoken(clock.today())
    assert f"Access was last reviewed on {today} by Psc administrator. The next review is due by {due}." in text(answer)


def test_before_roles_end_it_is_asked_why_and_what_that_would_leave(as_, world, answers):
    client, filled = as_(world.psc_administrator), answers(end=["partner", "quality_lead"])
    page = text(client.post(f"{FENLAND}review/", filled))
    assert "End 2 roles?" in page
    assert "This cannot be undone" in page
    assert "Nobody would be free to endorse a plan of Fenland." in page
    assert reviews(world) == []

    answer = client.post(f"{FENLAND}review/", filled | {"finish": "x", "reason": " "})
    assert answer.content.decode().count("Enter a reason") == 2
    assert reviews(world) == []

    answer = client.post(f"{FENLAND}review/", filled | {"finish": "x", "reason": "Left in May"}, follow=True)
    assert "Roles: 2 kept, 2 ended." in told(answer)[0]
    assert "by Psc administrator: Left in May" in text(answer)


def test_the_hidden_answers_of_the_last_page_are_those_that_were_given(as_, world, answers):
    filled = answers(end=["partner"])
    html = as_(world.psc_administrator).post(f"{FENLAND}review/", filled).content.decode()

    hidden = dict(re.findall(r'<input type="hidden" name="(seen|role-\d+)" value="(\w+)"', html))
    assert hidden == filled


def test_an_answer_can_be_changed_on_the_last_page(as_, world, answers):
    filled = answers(end=["partner"], back="x")
    html = as_(world.psc_administrator).post(f"{FENLAND}review/", filled).content.decode()

    assert len(re.findall(r'type="radio"[^>]*\bchecked', html)) == 4
    assert "There is a problem" not in html
    assert reviews(world) == []


def test_a_role_that_ended_meanwhile_is_told_and_the_rest_goes_on(as_, world, answers):
    filled = answers(leave_out=["quality_lead"])
    with acting_as(world.ics_lead):
        held = Grant.objects.get(person=world.network_member)
        tenancy.end(held, by=world.ics_lead, reason="Left")
    answer = as_(world.psc_administrator).post(f"{FENLAND}review/", filled)

    assert told(answer) == ["Network member is no longer Network member. Ics lead ended it in the meantime."]
    assert "3 roles to decide" in text(answer)


def test_a_role_that_was_given_meanwhile_is_asked_about(as_, world, answers):
    filled = answers()
    give("late@example.org", Role.NETWORK_MEMBER, world.fenland, by=world.ics_lead)
    answer = as_(world.psc_administrator).post(f"{FENLAND}review/", filled)

    assert "Choose an answer for late, Network member" in text(answer)
    assert reviews(world) == []


def test_roles_that_change_in_the_very_moment_lose_no_answer(as_, world, answers, monkeypatch):
    def changed(*args, **more):
        raise workflow.Changed("Somebody gave or ended a role here while you were looking.")

    monkeypatch.setattr(workflow, "review", changed)
    answer = as_(world.psc_administrator).post(f"{FENLAND}review/", answers())

    assert "Your answers are kept" in told(answer)[0]
    assert len(re.findall(r'type="radio"[^>]*\bchecked', answer.content.decode())) == 4


def test_who_finishes_second_is_told_who_was_first(as_, world, answers, become):
    with become("ssip_owner"):
        second = give("second@example.org", Role.PSC_ADMINISTRATOR, world.eastern).person
    filled = answers()
    review(world.fenland, second)
    answer = as_(world.psc_administrator).post(f"{FENLAND}review/", filled, follow=True)

    today = clock.spoken(clock.today())
    assert told(answer) == [f"second finished this review on {today}, before you. Nothing of yours was saved."]
    assert len(reviews(world)) == 1


@pytest.mark.parametrize(
    "wrong", [{"seen": "x"}, {"seen": ""}, {"seen": "9" * 30}, {"role-x": "kept"}, {f"role-{'9' * 30}": "kept"}]
)
def test_what_no_browser_sends_stores_nothing_wrong(as_, world, answers, wrong):
    answer = as_(world.psc_administrator).post(f"{FENLAND}review/", answers() | wrong, follow=True)

    assert answer.status_code == 200
    assert len(reviews(world)) == (0 if "seen" in wrong else 1)


# One's own role


def test_one_s_own_role_is_shown_and_not_asked_about(as_, world):
    page = text(as_(world.specialist).get(f"{TRUST}review/"))

    assert "Specialist: Patient safety specialist . Another person must look at this one." in page
    assert "Nobody else reviews access here, so it is recorded as not reviewed." in page
    assert "2 roles to decide" in page


def test_where_there_is_another_reviewer_they_are_named_and_asked(as_, world):
    other = give("other@example.org", Role.PATIENT_SAFETY_SPECIALIST, world.broadmere, by=world.specialist).person
    assert "afterwards it stands in the work of other." in text(as_(world.specialist).get(f"{TRUST}review/"))

    review(world.broadmere, world.specialist)
    assert "Review what the last reviewer in Fenland Trust left" in text(as_(other).get("/work/"))
    page = text(as_(other).get(f"{TRUST}review/"))
    assert "Does Specialist still need it?" in page
    assert "1 role to decide" in page


def test_who_is_alone_in_a_place_can_finish_its_review(as_, world, become):
    with become("ssip_owner"):
        Grant.objects.filter(person__in=[world.ward_team, world.executive]).update(until="2024-01-31")
    answer = as_(world.specialist).post(f"{TRUST}review/", {"seen": "0"}, follow=True)

    assert "Roles: 1 not reviewed." in told(answer)[0]


def test_a_role_that_others_give_can_be_left_to_them(as_, world, become):
    with become("ssip_owner"):
        give("second@example.org", Role.PSC_ADMINISTRATOR, world.eastern)
    html = as_(world.psc_administrator).get(f"{EASTERN}review/").content.decode()

    assert html.count("Leave to a system administrator") == 1


# What was decided


def test_a_review_can_be_read_by_who_sees_the_place(as_, world):
    review(world.fenland, world.psc_administrator, ended=[world.partner], reason="Left in May")
    page = text(as_(world.network_member).get(f"{FENLAND}reviews/1/"))

    assert "By Psc administrator. 3 kept, 1 ended, 0 not reviewed." in page
    assert "Partner Role Patient safety partner since 1 July 2022 Decided Ended: Left in May" in page
    assert page.index("Decided Ended") < page.index("Decided Kept")


@pytest.mark.parametrize(
    ("who", "page"),
    [
        ("outsider", f"{FENLAND}reviews/1/"),
        ("sibling_lead", f"{FENLAND}reviews/1/"),
        ("nobody", f"{FENLAND}reviews/1/"),
        ("site_administrator", f"{EASTERN}reviews/1/"),
        ("specialist_member", f"{EASTERN}reviews/1/"),
        ("ics_lead", f"{FENLAND}reviews/2/"),
        ("ics_lead", "/manage/ics-XBB/people/reviews/1/"),
    ],
)
def test_a_review_of_another_place_does_not_exist(as_, world, who, page):
    review(world.fenland, world.psc_administrator)
    review(world.eastern, world.psc_administrator)

    assert as_(getattr(world, who)).get(page).status_code == 404


def test_a_site_administrator_sees_nothing_of_the_reviews_of_a_psc(as_, world):
    review(world.eastern, world.psc_administrator)

    assert "review" not in text(as_(world.site_administrator).get(EASTERN)).lower()


# Length


@pytest.mark.parametrize("page", [f"{FENLAND}review/", f"{FENLAND}reviews/1/", FENLAND])
def test_30_roles_take_no_more_queries_than_3(as_, world, page, become):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(page).status_code == 200
        return len(captured)

    review(world.fenland, world.psc_administrator)
    client = as_(world.psc_administrator)
    client.get(page)
    few = queries()
    with become("ssip_owner"):
        for number in range(30):
            give(f"more{number}@example.org", Role.NETWORK_MEMBER, world.fenland)
    with become("ssip_app"):
        if page.endswith("/1/"):
            review(world.fenland, world.psc_administrator)
            page = f"{FENLAND}reviews/2/"
        assert queries() == few


def test_30_roles_are_stored_with_no_more_queries_than_3_but_those_that_end(as_, world, become):
    def queries(ended=()):
        with CaptureQueriesContext(connection) as captured:
            review(world.fenland, world.psc_administrator, ended=ended)
        return len(captured)

    queries()
    few = queries()
    with become("ssip_owner"):
        for number in range(30):
            give(f"more{number}@example.org", Role.NETWORK_MEMBER, world.fenland)
    assert queries() == few


@pytest.mark.parametrize(
    ("who", "page"),
    [
        ("psc_administrator", f"{FENLAND}review/"),
        ("psc_administrator", f"{FENLAND}reviews/1/"),
        ("psc_administrator", FENLAND),
        ("specialist", f"{TRUST}review/"),
        ("ics_lead", FENLAND),
    ],
)
def test_nothing_on_these_pages_is_undefined(as_, world, settings, who, page):
    review(world.fenland, world.psc_administrator)
    engine = settings.TEMPLATES[0]
    settings.TEMPLATES = [engine | {"OPTIONS": engine["OPTIONS"] | {"string_if_invalid": "NOT GIVEN: %s"}}]

    assert "NOT GIVEN" not in as_(getattr(world, who)).get(page).content.decode()
