import re

import pytest
from django.http import HttpResponse
from django.urls import path as bare_path  # noqa: TID251  what a forgotten door looks like

from ssip import urls
from ssip.core import doors
from ssip.core.doors import Door, every_address_has_a_door, page, public, walk

pytestmark = pytest.mark.django_db


def view(request):
    return HttpResponse("in")


class Site:
    """The site and two addresses more."""

    urlpatterns = [
        page("open/", view, name="open", door=public()),
        bare_path("bare/", view, name="bare"),
        *urls.urlpatterns,
    ]


def test_every_address_of_the_site_declares_its_door():
    assert every_address_has_a_door() == []


def test_an_address_without_a_door_fails_the_start(settings):
    settings.ROOT_URLCONF = Site
    assert [error.id for error in every_address_has_a_door()] == ["core.E001"]


def test_a_view_without_a_door_is_not_found(client, settings):
    settings.ROOT_URLCONF = Site
    assert client.get("/open/").content == b"in"
    assert client.get("/bare/").status_code == 404


def test_a_door_for_holders_needs_a_scope_and_a_permission():
    with pytest.raises(TypeError, match="at least one permission"):
        Door("ics")


def address(route):
    """An address of this pattern; the link in it leads nowhere."""
    return "/" + re.sub("<[^>]*>", "1", route.replace("<str:key>", "abc-def"))


DOORS = {route: view.door for route, _, view in walk()}


@pytest.mark.parametrize("route", DOORS)
def test_a_stranger_comes_in_only_where_the_door_is_public(client, route):
    answer = client.get(address(route))
    if DOORS[route].is_public:
        # Behind /metrics stands who has the operator's token; without one there is no such address.
        missing = "<" in route or route == "metrics"
        assert answer.status_code in (200, 302) or (missing and answer.status_code == 404)
        assert "/account/login/?next=" not in answer.headers.get("Location", "")
    else:
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/account/login/?next=")


@pytest.mark.parametrize("route", DOORS)
def test_a_method_that_the_door_does_not_name_is_refused(client, world, route):
    client.force_login(world.ics_lead)
    assert client.delete(address(route)).status_code == 405
    if "POST" not in DOORS[route].methods:
        assert client.post(address(route)).status_code == 405


def test_doors_know_three_ways_to_answer():
    assert doors.signed_in().who == "signed in"
    assert public().is_public
    assert Door("ics", "view_plan").permissions == ("view_plan",)
