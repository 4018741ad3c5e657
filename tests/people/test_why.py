"""Why can I see this? By which role, since when, and who else."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ssip.tenancy import workflow
from ssip.tenancy.models import Role
from tests.pages import text

pytestmark = pytest.mark.django_db


def asked(client, person, path):
    client.force_login(person)
    answer = client.get(path)
    return answer.status_code, text(answer)


def test_a_member_reads_by_which_role_they_see_the_plans_and_who_else_does(world, client):
    status, page = asked(client, world.network_member, "/why/ics-XAA/view_plan/")

    assert status == 200
    assert "you are Network member , since 1 July 2022" in page
    assert "The operator of the site gave you this role: “Set up for the tests”" in page
    for other in (
        "Ics lead, ICS lead",
        "Quality lead, ICB quality lead",
        "Psc lead, PSC improvement lead of Eastern PSC",
    ):
        assert other in page
    assert "Sibling lead" not in page


def test_a_role_on_the_psc_that_serves_an_ics_is_named_as_such(world, client):
    _, page = asked(client, world.psc_lead, "/why/ics-XBB/view_plan/")

    assert "PSC improvement lead of Eastern PSC, which serves Broadland" in page


def test_a_psc_s_own_networks_are_seen_by_their_members_and_by_who_sees_the_psc(world, client):
    path = "/why/psc-EAST/view_psc_networks/"
    _, page = asked(client, world.psc_lead, path)
    assert "you are PSC improvement lead , since 1 July 2022" in page
    assert "Specialist member, Specialist network member" in page

    # Who takes part does not see the people of the PSC, and is not told that there are none.
    _, page = asked(client, world.specialist_member, path)
    assert "you are Specialist network member , since 1 July 2022" in page
    assert "Others who take part, and the people of Eastern PSC." in page
    assert "Nobody" not in page


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("ics_lead", "/why/psc-EAST/view_psc_networks/"),
        ("sibling_lead", "/why/ics-XAA/view_plan/"),
        ("outsider", "/why/ics-XAA/view_plan/"),
        ("ics_lead", "/why/ics-NONE/view_plan/"),
        ("ics_lead", "/why/psc-EAST/view_psc/"),
        ("ics_lead", "/why/ics-XAA/draft_plan/"),
        ("ics_lead", "/why/site-XAA/view_plan/"),
        ("site_administrator", "/why/ics-XAA/view_plan/"),
    ],
)
def test_who_cannot_see_it_learns_nothing(world, client, name, path):
    assert asked(client, getattr(world, name), path)[0] == 404


def test_30_more_people_take_no_more_queries(world, client, become):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            client.get("/why/ics-XAA/view_plan/")
        return len(captured)

    client.force_login(world.ics_lead)
    client.get("/why/ics-XAA/view_plan/")
    few = queries()
    with become("ssip_owner"):
        for number in range(30):
            email = f"more{number}@example.org"
            workflow.grant(email, Role.NETWORK_MEMBER, world.fenland, by=None, reason="More", name=f"More {number}")
    assert queries() == few
