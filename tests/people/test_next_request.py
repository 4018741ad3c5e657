"""Ending a role takes effect on the next request: the session lives, the page is gone."""

import pytest
from django.test import Client

from ssip.core.context import acting_as
from ssip.tenancy import workflow as tenancy
from ssip.tenancy.models import Grant
from tests.people.given import review, role_of
from tests.world import World

FENLAND = ["/manage/ics-XAA/people/", "/ics/XAA/"]


@pytest.fixture
def signed_in(committed_db, django_db_blocker):
    """A browser of its own, with a session that stands in the database."""

    def sign_in(person):
        client = Client()
        client.force_login(person)
        return client

    with django_db_blocker.unblock():
        yield sign_in


def ends_it(world, member):
    held = role_of(member, world.fenland)
    with acting_as(world.ics_lead):
        tenancy.end(Grant.objects.get(pk=held.pk), by=world.ics_lead, reason="Left")


def reviews_it(world, member):
    review(world.fenland, world.psc_administrator, ended=[member])


def last_day_passes(world, member):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET ROLE ssip_owner")
        cursor.execute("UPDATE tenancy_grant SET until = '2024-01-31' WHERE person_id = %s", [member.pk])
        cursor.execute("SET ROLE ssip_app")


@pytest.mark.parametrize("how", [ends_it, reviews_it, last_day_passes])
def test_the_next_request_of_a_live_session_goes_without_the_role(signed_in, at_once, how):
    world = World()
    member = world.network_member
    browser = signed_in(member)
    assert [browser.get(page).status_code for page in FENLAND] == [200, 200]

    # On a connection of its own, committed before the next request, as another process would.
    assert at_once(lambda: how(world, member)) == [None]
    assert [browser.get(page).status_code for page in FENLAND] == [404, 404]
    assert browser.get("/work/").status_code == 200  # the session lives on, with nothing in it
    assert "_auth_user_id" in browser.session


def test_a_form_that_was_open_when_the_role_ended_saves_nothing(signed_in, at_once):
    world = World()
    administrator = world.psc_administrator
    browser = signed_in(administrator)
    held = role_of(world.partner, world.fenland)
    address = f"/manage/ics-XAA/people/{held.pk}/end/"
    assert browser.get(address).status_code == 200

    def ends_the_administrator():
        with acting_as(world.site_administrator):
            own = Grant.objects.get(person=administrator)
            tenancy.end(own, by=world.site_administrator, reason="Left")

    assert at_once(ends_the_administrator) == [None]
    assert browser.post(address, {"reason": "Too late"}).status_code == 404
    assert browser.post("/manage/ics-XAA/people/review/", {"seen": "0"}).status_code == 404
    with acting_as(world.ics_lead):
        assert Grant.objects.get(pk=held.pk).ended_at is None
