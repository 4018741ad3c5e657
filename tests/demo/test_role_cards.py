"""Signing in to a demonstration by a card: as its cast, and in a demonstration only."""

import re

import pytest
from django.urls import Resolver404, resolve, reverse

from ssip.core.context import acting_as
from ssip.core.models import User
from ssip.demo import cards, people, urls
from ssip.demo.people import Person
from ssip.reminders.workflow import open_task
from ssip.tenancy import workflow
from ssip.tenancy.models import ICS, PSC, Role

pytestmark = pytest.mark.django_db

NORA = Person("Nora Broads", Role.ICS_LEAD, ICS, "XAA", day="I lead.", cannot="I cannot see Broadland.")
PRIYA = Person("Priya Senior", Role.PSC_LEAD, PSC, "EAST", day="I approve.", cannot="I cannot write.")
ADA = Person("Ada Keys", Role.SYSTEM_ADMINISTRATOR, None, "", day="I keep accounts.", cannot="I see no plan.")
LATE = Person("Not Made", Role.ICS_LEAD, ICS, "XBB", day="I am not there.", cannot="I cannot sign in.")


@pytest.fixture
def demo(settings):
    settings.DEMO, settings.ROOT_URLCONF, settings.LOGIN_URL = True, "ssip.demo.urls", "demo_people"


@pytest.fixture
def cast(world, monkeypatch, become):
    """A small cast in the mirror world; one of them has not been made."""
    monkeypatch.setattr(cards, "PEOPLE", (NORA, PRIYA, ADA, LATE))
    places = {"XAA": world.fenland, "EAST": world.eastern, "": None}
    with become("ssip_owner"):
        for who in (NORA, PRIYA, ADA):
            User.objects.create_user(who.email, who.name)
            workflow.grant(who.email, who.role, places[who.code], by=None, reason="Part of the demonstration")


def account(who):
    return User.objects.get(email=who.email)


def body(response):
    return re.sub(r"\s+", " ", response.content.decode())


def signed_in_as(client):
    return client.session.get("_auth_user_id")


def press(client, who, **more):
    return client.post("/demo/sign-in/", {"email": who.email} | more)


# Only in a demonstration


@pytest.mark.parametrize("address", ["/demo/", "/demo/sign-in/"])
def test_a_real_site_does_not_have_the_addresses(client, address):
    with pytest.raises(Resolver404):
        resolve(address, "ssip.urls")
    assert client.get(address).status_code == client.post(address).status_code == 404


def test_the_address_would_let_nobody_in_even_if_it_were_there(client, demo, cast, settings):
    settings.DEMO = False

    assert press(client, NORA).status_code == 404
    assert signed_in_as(client) is None


def test_a_demonstration_has_every_address_of_the_site(demo):
    from ssip import urls as site

    assert set(site.urlpatterns) < set(urls.urlpatterns)
    assert urls.handler404 == site.handler404


# The cards


def test_a_card_says_who_where_what_and_what_not(client, demo, cast):
    html = body(client.get("/demo/"))

    assert "Nora Broads</h2>" in html
    assert "ICS lead, Fenland" in html
    assert "I lead." in html
    assert "I cannot see Broadland." in html
    assert "Sign in as Nora Broads</button>" in html
    assert "demonstration only" in html


def test_who_has_not_been_made_or_is_switched_off_has_no_card(client, demo, cast, become):
    with become("ssip_owner"):
        User.objects.filter(email=PRIYA.email).update(is_active=False)
    html = body(client.get("/demo/"))

    assert "Not Made" not in html
    assert "Priya Senior" not in html


def test_a_demonstration_without_its_people_says_so(client, demo, monkeypatch):
    monkeypatch.setattr(cards, "PEOPLE", (LATE,))

    assert "have not been made yet" in body(client.get("/demo/"))


def test_a_card_says_what_waits_for_its_person_and_for_nobody_else(client, demo, cast, world):
    with acting_as(account(NORA)):
        for number in (1, 2):
            open_task(
                scope=world.fenland,
                about=world.fenland,
                verb=f"Write part {number} of",
                thing="the plan",
                path="/work/",
                place="Fenland",
                why="You lead the plan",
                permission="draft_plan",
            )
    nora, priya, _ = cards.all_cards()
    html = body(client.get("/demo/"))

    assert (nora.waiting, priya.waiting) == (2, 0)
    assert "<strong>2 things wait for me.</strong> First: Write part 1 of the plan." in html
    assert html.count("Nothing waits for me now.") == 2


def test_everybody_of_the_cast_has_a_card_in_whole_sentences():
    assert len({who.email for who in people.PEOPLE}) == len(people.PEOPLE)
    for who in people.PEOPLE:
        assert re.fullmatch(r"I .+\.", who.day)
        assert re.fullmatch(r"I cannot .+\.", who.cannot)


# Signing in


def test_a_card_signs_in_as_its_person(client, demo, cast):
    answer = press(client, NORA)

    assert (answer.status_code, answer.url) == (302, "/work/")
    assert signed_in_as(client) == str(account(NORA).pk)


def test_somebody_signed_in_becomes_somebody_else(client, demo, cast):
    press(client, NORA)
    before = client.session.session_key
    press(client, PRIYA)

    assert signed_in_as(client) == str(account(PRIYA).pk)
    assert client.session.session_key != before
    assert "You are Priya Senior now." in body(client.get("/demo/"))


@pytest.mark.parametrize(
    "email", ["ics_lead@example.org", "not.made@demo.example", "", "\x00", "NORA.BROADS@demo.example"]
)
def test_nobody_but_the_cast_can_be_signed_in(client, demo, cast, email):
    assert client.post("/demo/sign-in/", {"email": email}).status_code == 404
    assert signed_in_as(client) is None


def test_somebody_switched_off_cannot_be_signed_in(client, demo, cast, become):
    with become("ssip_owner"):
        User.objects.filter(email=NORA.email).update(is_active=False)

    assert press(client, NORA).status_code == 404


def test_another_site_cannot_press_the_button(demo, cast):
    from django.test import Client

    stranger = Client(enforce_csrf_checks=True)

    assert press(stranger, NORA).status_code == 403
    assert stranger.get("/demo/sign-in/").status_code == 405


@pytest.mark.parametrize(
    ("wanted", "goes_to"),
    [
        ("/manage/ics-XAA/people/?q=lead", "/manage/ics-XAA/people/?q=lead"),
        ("", "/work/"),
        ("work/", "/work/"),
        ("https://elsewhere.example/", "/work/"),
        ("//elsewhere.example/", "/work/"),
        ("/\\elsewhere.example/", "/work/"),
        ("javascript:alert(1)", "/work/"),
    ],
)
def test_a_way_on_leads_to_this_site_only(client, demo, cast, wanted, goes_to):
    assert press(client, NORA, next=wanted).url == goes_to
    kept = re.search(r'name="next" value="([^"]*)"', body(client.get("/demo/", {"next": wanted})))
    assert (kept[1] if kept else "/work/") == goes_to


# On the way


def test_a_page_for_members_leads_to_the_cards_and_back(client, demo, cast):
    answer = client.get("/manage/ics-XAA/people/")

    assert answer.url == "/demo/?next=/manage/ics-XAA/people/"
    assert 'name="next" value="/manage/ics-XAA/people/"' in body(client.get(answer.url))


def test_signing_in_by_email_is_there_as_well_and_keeps_the_way(client, demo, cast):
    assert "/account/login/?next=%2Fwords%2F" in body(client.get("/demo/?next=/words/"))
    assert "/demo/?next=%2Fwords%2F" in body(client.get("/account/login/?next=/words/"))


def test_every_page_says_who_one_is(client, demo, cast):
    press(client, NORA)
    html = body(client.get("/words/"))

    assert "You are Nora Broads, ICS lead of Fenland. " in html
    assert f'<a href="{reverse("demo_people")}">Be somebody else</a>' in html


def test_a_real_site_says_nothing_of_the_kind(client, world):
    client.force_login(world.ics_lead)

    assert "Be somebody else" not in body(client.get("/words/"))
    assert "choose who you want to be" not in body(client.get("/account/login/"))
