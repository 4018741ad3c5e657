"""What stands in the header for which role."""

import pytest
from django.urls import NoReverseMatch

from ssip.tenancy.models import ICS, PSC, Grant, Role
from ssip.views import navigation

ADDRESSES = {
    "work": "/work/",
    "networks:list": "/networks/",
    "plans:list": "/plans/",
    "psc": "/psc/%s/",
    "ics": "/ics/%s/",
    "people": "/manage/%s-%s/people/",
    "site_people": "/manage/site/people/",
}


@pytest.fixture(autouse=True)
def addresses(monkeypatch):
    """The header's own rules, whatever the addresses are; that they exist is another test."""

    def reverse(name, args):
        if name not in ADDRESSES or ADDRESSES[name].count("%s") != len(args):
            raise NoReverseMatch(name)
        return ADDRESSES[name] % tuple(args) if args else ADDRESSES[name]

    monkeypatch.setattr(navigation, "reverse", reverse)


ESSEX = ICS(pk=1, code="D7T5G", name="NHS Essex", short_name="Essex")
NORFOLK = ICS(pk=2, code="T6Y0W", name="NHS Norfolk and Suffolk", short_name="Norfolk and Suffolk")
EASTERN = PSC(pk=1, code="EASTERN", name="Eastern PSC")


def grant(role, scope=None):
    return Grant(role=role, **({scope.scope_kind: scope} if scope else {}))


def labels(*grants, path="/"):
    return [entry["label"] for entry in navigation.entries(list(grants), path)]


def test_an_ics_lead_finds_work_plan_and_networks():
    assert labels(grant(Role.ICS_LEAD, ESSEX)) == ["My work", "Our plan", "Networks"]


def test_the_address_of_a_place_names_the_scope():
    hrefs = [entry["href"] for entry in navigation.entries([grant(Role.PSC_LEAD, EASTERN)], "/")]

    assert "/psc/EASTERN/" in hrefs


@pytest.mark.parametrize(
    ("role", "scope", "href"),
    [
        (Role.PSC_ADMINISTRATOR, EASTERN, "/manage/psc-EASTERN/people/"),
        (Role.SYSTEM_ADMINISTRATOR, None, "/manage/site/people/"),
    ],
)
def test_who_looks_after_people_finds_them(role, scope, href):
    found = {entry["label"]: entry["href"] for entry in navigation.entries([grant(role, scope)], "/")}

    assert found["People"] == href


def test_the_page_one_is_on_is_marked():
    current = [e["label"] for e in navigation.entries([grant(Role.ICS_LEAD, ESSEX)], "/networks/4/") if e["current"]]

    assert current == ["Networks"]


def test_two_roles_do_not_show_the_same_page_twice():
    assert labels(grant(Role.ICS_LEAD, ESSEX), grant(Role.ICB_QUALITY_LEAD, ESSEX)) == [
        "My work",
        "Our plan",
        "Networks",
    ]


def test_nobody_sees_more_than_five_entries():
    everything = [grant(role, EASTERN if "psc" in role else ESSEX) for role in Role]

    assert len(labels(*everything)) == navigation.MOST


def test_a_page_that_is_not_there_is_left_out(monkeypatch):
    monkeypatch.delitem(ADDRESSES, "networks:list")

    assert labels(grant(Role.ICS_LEAD, ESSEX)) == ["My work", "Our plan"]


@pytest.mark.parametrize("role", list(Role))
def test_every_role_has_a_place(role):
    assert navigation.PLACES[role]


def test_the_switcher_lists_each_place_of_work_once():
    grants = [grant(Role.ICS_LEAD, ESSEX), grant(Role.ICB_QUALITY_LEAD, ESSEX), grant(Role.NETWORK_MEMBER, NORFOLK)]

    entries = navigation.scope_entries(grants, "/ics/T6Y0W/")

    assert [(e["name"], e["href"], e["current"]) for e in entries] == [
        ("Essex", "/ics/D7T5G/", False),
        ("Norfolk and Suffolk", "/ics/T6Y0W/", True),
    ]


def test_a_role_on_the_site_itself_is_no_place_to_switch_to():
    assert navigation.scope_entries([grant(Role.SYSTEM_ADMINISTRATOR)], "/") == []


def test_a_role_that_does_not_open_its_place_leads_nowhere():
    member, lead = grant(Role.SPECIALIST_MEMBER, EASTERN), grant(Role.PSC_LEAD, EASTERN)

    assert (navigation.way_to(member), navigation.way_to(lead)) == ("", "/psc/EASTERN/")
    assert navigation.scope_entries([member], "/") == []
