"""A scope on a page, and My work: what stands there for whom, in a fixed number of queries."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from networks.models import Network
from plans.models import Plan
from plans.workflow import add_networks
from ssip.core.context import acting_as
from tests.stories import STATIONS, a_network, a_round, moved

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(client):
    def get(person, path):
        client.force_login(person)
        answer = client.get(path)
        return answer.status_code, answer.content.decode()

    return get


def test_a_psc_sees_each_of_its_icss_in_a_line(world, page):
    STATIONS["submitted"](world)
    status, html = page(world.psc_lead, "/psc/EAST/")

    assert status == 200
    assert "It waits for the endorsement of the System Quality Group" in html
    assert "Broadland" in html
    assert "Moorland" not in html


@pytest.mark.parametrize(
    ("name", "path", "expected"),
    [
        ("psc_lead", "/psc/EAST/", 200),
        ("psc_lead", "/psc/east/", 200),
        ("ics_lead", "/psc/EAST/", 404),
        ("outsider", "/psc/EAST/", 404),
        ("ics_lead", "/ics/XAA/", 200),
        ("network_member", "/ics/XAA/", 200),
        ("psc_lead", "/ics/XAA/", 200),
        ("ics_lead", "/ics/XBB/", 404),
        ("ics_lead", "/ics/NONE/", 404),
        ("ward_team", "/organisations/ZAA/", 200),
        ("specialist", "/organisations/ZAA/", 200),
        ("specialist", "/organisations/ZBB/", 404),
        ("ics_lead", "/organisations/ZAA/", 404),
        ("site_administrator", "/ics/XAA/", 404),
    ],
)
def test_a_scopes_page_opens_to_those_who_have_a_role_there(world, page, name, path, expected):
    assert page(getattr(world, name), path)[0] == expected


def test_an_ics_shows_its_networks_plans_and_who_serves_it(world, page):
    plan = STATIONS["draft"](world)
    _, html = page(world.partner, "/ics/XAA/")

    assert plan.title in html
    assert plan.network.name in html
    assert "Eastern PSC" in html
    assert "Fenland Trust" in html


def test_my_work_says_what_is_missing_before_the_plan_can_be_submitted(world, page):
    STATIONS["draft"](world)
    _, html = page(world.ics_lead, "/work/")

    assert "7 sections still to write before the submission on" in html
    assert "Draft Patient Safety Network Plan 2026 to 2027" in html


def test_my_work_names_whom_one_waits_for(world, page):
    STATIONS["submitted"](world)
    _, html = page(world.ics_lead, "/work/")

    assert "Waiting for Quality lead" in html
    assert "Submitted, " in html


def test_my_work_of_somebody_without_a_role_says_whom_to_ask(world, page):
    status, html = page(world.nobody, "/work/")

    assert status == 200
    assert "You have no role here yet" in html


@pytest.mark.parametrize(
    ("name", "path"),
    [("ics_lead", "/work/"), ("psc_lead", "/work/"), ("psc_lead", "/psc/EAST/"), ("ics_lead", "/ics/XAA/")],
)
def test_30_plans_take_as_many_queries_as_3(world, client, name, path):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        return len(captured)

    client.force_login(getattr(world, name))
    networks = [a_network(world, name=f"Network {number}") for number in range(30)]
    planning_round = a_round(world, networks[:3])
    client.get(path)
    few = queries()
    with acting_as(world.psc_administrator):
        add_networks(planning_round, networks[3:], by=world.psc_administrator)
    assert queries() == few


def test_a_plan_that_was_withdrawn_is_no_longer_in_the_overview(world, page):
    plan = moved(world, STATIONS["draft"](world), "withdraw", world.ics_lead)
    assert plan.title not in page(world.psc_lead, "/psc/EAST/")[1]
    with acting_as(world.psc_lead):
        assert Plan.objects.count() == Network.objects.count() == 1
