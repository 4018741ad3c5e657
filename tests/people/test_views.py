"""The pages about people: who may open them, what they say, what they refuse."""

import re

import pytest
from django.urls import reverse

from ssip.core.context import acting_as
from ssip.core.models import User
from ssip.tenancy import workflow
from ssip.tenancy.models import Grant, Role

pytestmark = pytest.mark.django_db

FENLAND, BROADLAND, EASTERN = "/manage/ics-XAA/people/", "/manage/ics-XBB/people/", "/manage/psc-EAST/people/"
TRUST, SITE = "/manage/organisation-ZAA/people/", "/manage/site/people/"
NEW = {"email": "New.Person@trust.example", "name": "New Person", "role": "network_member", "reason": "Joins us"}


@pytest.fixture
def as_person(client, world):
    """The client, signed in as somebody of the world."""

    def sign_in(name):
        client.force_login(getattr(world, name))
        return client

    return sign_in


def body(response):
    """Without the token, which is another one in each answer."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())


def grant_of(name, by):
    with acting_as(by):
        return Grant.objects.get(person__email=f"{name}@example.org", ended_at=None)


# Who may open which page

LISTS = [
    ("ics_lead", FENLAND, 200),
    ("quality_lead", FENLAND, 200),
    ("partner", FENLAND, 200),
    ("psc_lead", FENLAND, 200),
    ("psc_administrator", BROADLAND, 200),
    ("psc_lead", EASTERN, 200),
    ("specialist_member", EASTERN, 403),
    ("specialist_member", FENLAND, 404),
    ("ics_lead", BROADLAND, 404),
    ("ics_lead", EASTERN, 404),
    ("ics_lead", TRUST, 404),
    ("outsider", FENLAND, 404),
    ("outsider", EASTERN, 404),
    ("nobody", FENLAND, 404),
    ("ward_team", TRUST, 200),
    ("executive", TRUST, 200),
    ("psc_administrator", TRUST, 404),
    ("site_administrator", EASTERN, 200),
    ("site_administrator", FENLAND, 404),
    ("site_administrator", TRUST, 404),
    ("site_administrator", SITE, 200),
    ("psc_administrator", SITE, 403),
    ("nobody", SITE, 403),
]


@pytest.mark.parametrize(("who", "address", "status"), LISTS)
def test_who_may_read_the_list(as_person, who, address, status):
    assert as_person(who).get(address).status_code == status


@pytest.mark.parametrize(
    ("who", "address", "status"),
    [
        ("ics_lead", FENLAND, 200),
        ("psc_administrator", FENLAND, 200),
        ("psc_administrator", EASTERN, 200),
        ("psc_administrator", "/manage/organisation-ZBB/people/", 200),
        ("psc_administrator", "/manage/organisation-ZCC/people/", 404),
        ("specialist", TRUST, 200),
        ("site_administrator", EASTERN, 200),
        ("psc_lead", FENLAND, 403),
        ("network_member", FENLAND, 403),
        ("ward_team", TRUST, 403),
        ("sibling_lead", FENLAND, 404),
        ("outsider", EASTERN, 404),
    ],
)
def test_who_may_open_the_page_to_give_a_role(as_person, who, address, status):
    assert as_person(who).get(f"{address}give/").status_code == status


@pytest.mark.parametrize("place", ["ics-ZZZ", "ics-EAST", "psc-XAA", "planet-XAA", "ics-xaa", "site-XAA"])
def test_a_place_that_does_not_exist_looks_like_one_that_is_not_ours(as_person, place):
    client = as_person("ics_lead")
    missing, foreign = client.get(f"/manage/{place}/people/"), client.get(BROADLAND)

    assert (missing.status_code, body(missing)) == (404, body(foreign))


def test_a_refusal_in_ones_own_place_says_why(as_person):
    assert "Your role does not include giving roles in Fenland." in body(as_person("psc_lead").get(f"{FENLAND}give/"))


# The list

QUERIES = {FENLAND: 16, EASTERN: 20}


def test_the_list_shows_the_people_of_the_ics_and_the_psc_that_reaches_it(as_person):
    html = body(as_person("ics_lead").get(FENLAND))

    for name in ("ics_lead", "quality_lead", "network_member", "partner", "psc_lead", "psc_administrator"):
        assert f"{name}@example.org" in html
    for name in ("sibling_lead", "specialist_member", "outsider", "specialist@", "site_administrator"):
        assert name not in html


def test_a_list_offers_to_end_only_what_one_may_end(as_person, world):
    member, lead = (grant_of(name, world.ics_lead) for name in ("network_member", "ics_lead"))
    html = body(as_person("ics_lead").get(FENLAND))

    assert f"{FENLAND}{member.pk}/end/" in html
    assert f"{FENLAND}{lead.pk}/end/" not in html


def test_somebody_who_only_reads_is_offered_no_change(as_person):
    html = body(as_person("network_member").get(FENLAND))

    assert "End this role" not in html
    assert "Give a role" not in html


@pytest.mark.parametrize(
    ("sought", "found"), [("QUALITY_lead@", 1), ("network m", 1), ("icb", 1), ("zebra", 0), ("\x00zebra", 0)]
)
def test_people_are_found_by_name_address_and_role(as_person, sought, found):
    html = body(as_person("ics_lead").get(FENLAND, {"q": sought}))

    assert f"{found} role{'' if found == 1 else 's'} found." in html
    assert html.count("Since ") == found


def test_what_ended_in_the_last_year_is_folded_away_and_older_things_are_gone(as_person, world, as_owner, become):
    with become("ssip_app"), acting_as(world.ics_lead):
        held = workflow.end(grant_of("network_member", world.ics_lead), by=world.ics_lead, reason="Changed job")
    with become("ssip_app"):
        assert "by Ics lead: Changed job" in body(as_person("quality_lead").get(FENLAND))

    Grant.objects.filter(pk=held.pk).update(ended_at="2024-01-01T12:00Z")
    with become("ssip_app"):
        assert "Changed job" not in body(as_person("quality_lead").get(FENLAND))


def test_a_role_of_somebody_whose_account_is_switched_off_is_no_longer_live(as_person, world, as_owner, become):
    User.objects.filter(pk=world.network_member.pk).update(is_active=False)
    with become("ssip_app"):
        html = body(as_person("ics_lead").get(FENLAND))

    assert html.index("Ended in the last 12 months (1)") < html.index("network_member@example.org")
    assert "Account switched off" in html


def test_a_system_administrator_sees_administrators_and_nobody_else(as_person):
    client = as_person("site_administrator")
    site, eastern = body(client.get(SITE)), body(client.get(EASTERN))

    assert "Western PSC</a>: no administrator yet" in site
    assert "psc_administrator@example.org" in site
    assert "psc_administrator@example.org" in eastern
    assert "psc_lead@example.org" not in site + eastern
    assert "Nobody would be free" not in eastern


def test_the_psc_finds_its_icss_and_the_organisations_without_a_specialist(as_person):
    html = body(as_person("psc_administrator").get(EASTERN))

    assert FENLAND in html
    assert BROADLAND in html
    assert "/manage/ics-XCC/people/" not in html
    assert "/manage/organisation-ZBB/people/give/" in html
    assert "organisation-ZAA" not in html


@pytest.mark.parametrize(("who", "address"), [("psc_administrator", FENLAND), ("psc_administrator", EASTERN)])
def test_a_longer_list_asks_the_database_no_more_often(as_person, world, who, address, django_assert_num_queries):
    def add(count, start):
        roles = {FENLAND: (Role.NETWORK_MEMBER, world.fenland), EASTERN: (Role.SPECIALIST_MEMBER, world.eastern)}
        with acting_as(world.psc_administrator):
            for number in range(start, start + count):
                workflow.grant(
                    f"n{number}@x.example", *roles[address], by=world.psc_administrator, reason="More", name="N"
                )

    client = as_person(who)
    client.get(address)  # the session's own writing
    add(3, 0)
    with django_assert_num_queries(QUERIES[address]):
        client.get(address)
    add(27, 3)
    with django_assert_num_queries(QUERIES[address]):
        assert body(client.get(address)).count("End this role<") > 25


# Giving a role


def test_somebody_new_gets_the_role_an_account_and_a_mail(as_person, world, mailoutbox):
    answer = as_person("ics_lead").post(f"{FENLAND}give/", NEW, follow=True)

    assert answer.redirect_chain == [(FENLAND, 302)]
    assert "New Person is now Network member in Fenland." in body(answer)
    assert [mail.to for mail in mailoutbox] == [["new.person@trust.example"]]
    with acting_as(world.ics_lead):
        held = Grant.objects.get(person__email="new.person@trust.example")
        assert (held.by, held.reason, held.until) == (world.ics_lead, "Joins us", None)


def test_the_page_says_the_same_of_an_address_that_has_an_account(as_person, mailoutbox):
    known = NEW | {"email": "outsider@example.org"}
    new = body(as_person("ics_lead").post(f"{FENLAND}give/", NEW, follow=True))
    old = body(as_person("ics_lead").post(f"{FENLAND}give/", known, follow=True))

    said = "is now Network member in Fenland. If they are new here, they are sent"
    assert said in new
    assert said in old
    assert len(mailoutbox) == 1


def test_a_role_can_have_a_last_day(as_person):
    last_day = {"until_day": "27", "until_month": "March", "until_year": "2099"}
    html = body(as_person("ics_lead").post(f"{FENLAND}give/", NEW | last_day, follow=True))

    assert "in Fenland until 27 March 2099." in html
    assert "<br>Until 27 March 2099" in html


PAST = {"until_day": "1", "until_month": "2", "until_year": "2020"}
WRONG = [
    ({"email": ""}, "Enter an email address"),
    ({"email": "not an address"}, "Enter an email address in the correct format, like name@example.com"),
    ({"name": " "}, "Enter the person&#x27;s name"),
    ({"role": ""}, "Choose a role"),
    ({"role": "ics_lead"}, "Choose one of the roles that you can give here"),
    ({"role": "king"}, "Choose one of the roles that you can give here"),
    (PAST, "The last day must be today or later"),
    ({"reason": ""}, "Enter a reason"),
    ({"reason": "x" * 301}, "Reason must be 300 characters or fewer"),
    ({"email": "ics_lead@example.org"}, "Nobody can give a role to themselves. Ask another administrator."),
    ({"email": "Network_Member@example.org "}, "Network member is already Network member here."),
    ({"name": "A\x00B"}, "contained a character that cannot be saved"),
]


@pytest.mark.parametrize(("wrong", "said"), WRONG)
def test_what_is_wrong_is_said_beside_the_field_and_nothing_typed_is_lost(as_person, world, wrong, said):
    typed = NEW | {"reason": "Because the board asked"} | wrong
    response = as_person("ics_lead").post(f"{FENLAND}give/", typed)
    html = body(response).replace("&#39;", "&#x27;")

    assert (response.status_code, html.count(said)) == (200, 2)
    assert html.count("There is a problem") == 1
    assert typed["reason"] in html
    assert f'value="{typed["email"]}"' in html or not typed["email"]
    with acting_as(world.ics_lead):
        assert not Grant.objects.filter(reason=typed["reason"]).exists()


def test_an_account_that_is_switched_off_is_told_beside_the_address(as_person, world, as_owner, become):
    User.objects.filter(pk=world.nobody.pk).update(is_active=False)
    with become("ssip_app"):
        html = body(as_person("ics_lead").post(f"{FENLAND}give/", NEW | {"email": "nobody@example.org"}))

    assert html.count("This account is switched off. A system administrator can open it again.") == 2


@pytest.mark.parametrize("who", ["network_member", "psc_lead", "sibling_lead", "outsider", "site_administrator"])
def test_who_may_not_give_cannot_send_the_form_either(as_person, world, who):
    assert as_person(who).post(f"{FENLAND}give/", NEW).status_code in (403, 404)
    with acting_as(world.ics_lead):
        assert not User.objects.filter(email="new.person@trust.example").exists()


def test_the_giver_of_a_first_specialist_ends_where_they_may_be(as_person):
    specialist = NEW | {"role": "patient_safety_specialist"}
    give = "/manage/organisation-ZBB/people/give/"
    answer = as_person("psc_administrator").post(give, specialist, follow=True)

    assert answer.redirect_chain == [(reverse("work"), 302)]
    assert "New Person is now Patient safety specialist in Broadland Trust." in body(answer)
    assert as_person("psc_administrator").get(give).status_code == 404


def test_a_role_whose_last_day_has_passed_can_be_given_again(as_person, world, as_owner, become):
    Grant.objects.filter(person=world.network_member).update(until="2024-01-31")
    with become("ssip_app"):
        answer = as_person("ics_lead").post(f"{FENLAND}give/", NEW | {"email": world.network_member.email}, follow=True)

    assert "Network member is now Network member in Fenland." in body(answer)
    assert Grant.objects.filter(person=world.network_member, ended_at=None).count() == 1


def test_a_first_specialist_whose_last_day_has_passed_can_be_given_the_role_again(as_person, world, become):
    """The PSC administrator sees nothing of the role that has passed: the database makes room."""
    with become("ssip_owner"):
        Grant.objects.filter(person=world.specialist).update(until="2024-01-31")
    again = NEW | {"role": "patient_safety_specialist", "email": world.specialist.email}
    answer = as_person("psc_administrator").post(f"{TRUST}give/", again, follow=True)

    assert "Specialist is now Patient safety specialist in Fenland Trust." in body(answer)
    with become("ssip_owner"):
        assert list(world.specialist.grants.order_by("id").values_list("ended_reason", flat=True)) == [
            "Its last day has passed",
            "",
        ]


def test_who_is_second_to_give_the_same_role_is_told(as_person, monkeypatch):
    """Both have looked before either wrote: the database refuses the second."""
    monkeypatch.setattr(workflow, "_still_open", lambda *_: Grant.objects.none())
    html = body(as_person("ics_lead").post(f"{FENLAND}give/", NEW | {"email": "network_member@example.org"}))

    assert html.count("Somebody gave a role to this address just now.") == 2


@pytest.mark.parametrize(
    ("who", "address"),
    [
        ("ics_lead", FENLAND),
        ("psc_administrator", EASTERN),
        ("site_administrator", EASTERN),
        ("site_administrator", SITE),
        ("ward_team", TRUST),
        ("specialist", f"{TRUST}give/"),
        ("ics_lead", f"{FENLAND}?q=zebra"),
    ],
)
def test_nothing_on_these_pages_is_undefined(as_person, settings, who, address):
    engine = settings.TEMPLATES[0]
    settings.TEMPLATES = [engine | {"OPTIONS": engine["OPTIONS"] | {"string_if_invalid": "NOT GIVEN: %s"}}]

    assert "NOT GIVEN" not in body(as_person(who).get(address))


# Ending a role


def test_a_role_ends_at_once_with_a_reason(as_person, world):
    held = grant_of("network_member", world.ics_lead)
    answer = as_person("ics_lead").post(f"{FENLAND}{held.pk}/end/", {"reason": "Changed job"}, follow=True)

    assert "Network member is no longer Network member." in body(answer)
    assert as_person("network_member").get(FENLAND).status_code == 404
    with acting_as(world.ics_lead):
        held.refresh_from_db()
        assert (held.ended_by, held.ended_reason) == (world.ics_lead, "Changed job")


def test_a_role_does_not_end_without_a_reason(as_person, world):
    held = grant_of("network_member", world.ics_lead)
    html = body(as_person("ics_lead").post(f"{FENLAND}{held.pk}/end/", {"reason": " "}))

    assert html.count("Enter a reason") == 2
    assert grant_of("network_member", world.ics_lead) == held


def test_the_page_says_what_ending_would_leave(as_person, world):
    held = grant_of("quality_lead", world.ics_lead)
    html = body(as_person("psc_administrator").get(f"{FENLAND}{held.pk}/end/"))

    assert "Nobody would be free to endorse a plan of Fenland." in html
    assert "approve" not in html


def test_who_presses_second_is_told_that_it_has_ended(as_person, world):
    held = grant_of("network_member", world.ics_lead)
    with acting_as(world.psc_administrator):
        workflow.end(held, by=world.psc_administrator, reason="First")
    answer = as_person("ics_lead").post(f"{FENLAND}{held.pk}/end/", {"reason": "Second"}, follow=True)

    assert "this role has ended already" in body(answer)


@pytest.mark.parametrize(
    ("who", "whose", "seen_by", "status"),
    [
        ("ics_lead", "quality_lead", "ics_lead", 403),
        ("psc_lead", "network_member", "psc_lead", 403),
        ("network_member", "partner", "ics_lead", 403),
        ("ics_lead", "psc_lead", "psc_lead", 404),
        ("ics_lead", "sibling_lead", "psc_lead", 404),
        ("ics_lead", "outsider", "outsider", 404),
        ("sibling_lead", "network_member", "ics_lead", 404),
    ],
)
def test_who_may_not_end_a_role_cannot(as_person, world, who, whose, seen_by, status):
    held = grant_of(whose, getattr(world, seen_by))
    client = as_person(who)

    assert client.get(f"{FENLAND}{held.pk}/end/").status_code == status
    assert client.post(f"{FENLAND}{held.pk}/end/", {"reason": "No"}).status_code == status
    assert grant_of(whose, getattr(world, seen_by)) == held
