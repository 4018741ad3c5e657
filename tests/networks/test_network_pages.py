"""Networks: who sees which, who sets them up and changes them, who takes part."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from networks import workflow
from networks.models import Network
from ssip.core import clock
from ssip.core.context import acting_as
from ssip.tenancy import workflow as tenancy
from ssip.tenancy.models import Role
from tests.pages import text
from tests.stories import a_draft, a_network

pytestmark = pytest.mark.django_db
LIST, NEW = "/networks/", "/networks/new/"


def typed(**other):
    today = clock.today()
    said = {"where": "ics-XAA", "name": "Fenland falls network", "kind": "ics_wide", "purpose": "Fewer falls."}
    said |= {"chair": "Chief Nurse", "meets": "every 2 months"}
    return said | {"begun_on_day": today.day, "begun_on_month": today.month, "begun_on_year": today.year} | other


def psc_network(world, name="Eastern specialists"):
    return a_network(world, ics=world.eastern, by=world.psc_administrator, name=name)


# The list


def test_the_list_is_by_ics_with_the_pscs_own_apart(world, as_):
    a_network(world)
    a_network(world, ics=world.broadland, by=world.sibling_lead, name="Broadland network")
    psc_network(world)
    groups = as_(world.psc_lead).get(LIST).context["groups"]

    assert [(str(group.scope), [str(network) for network in group.networks]) for group in groups] == [
        ("Broadland", ["Broadland network"]),
        ("Fenland", ["Fenland Patient Safety Improvement Network"]),
        ("Eastern PSC", ["Eastern specialists"]),
    ]


def test_nobody_sees_networks_of_other_places(world, as_):
    a_network(world)
    own = psc_network(world)

    for who in (world.sibling_lead, world.outsider, world.ward_team, world.nobody):
        page = text(as_(who).get(LIST))
        assert "No network is set up yet" in page
        assert "Search for a network" not in page
    groups = as_(world.specialist_member).get(LIST).context["groups"]
    assert [network for group in groups for network in group.networks] == [own]


def test_the_search_finds_part_of_a_name(world, as_):
    a_network(world, name="Medicines in Fenland")
    a_network(world, name="Falls in Fenland")
    client = as_(world.ics_lead)

    assert "Search for a network" in text(client.get(LIST))
    assert "Falls" not in text(client.get(LIST, {"q": "medic"}))
    assert "No network found for “moon”" in text(client.get(LIST, {"q": "moon"}))


def test_the_list_takes_as_many_queries_for_3_networks_as_for_30(world, as_, django_assert_num_queries):
    client = as_(world.ics_lead)
    for number in range(3):
        a_network(world, name=f"Network {number}")
    client.get(LIST)
    with CaptureQueriesContext(connection) as few:
        client.get(LIST)
    for number in range(3, 30):
        a_network(world, name=f"Network {number}")
    with django_assert_num_queries(len(few)):
        client.get(LIST)


# Setting up and changing


def test_an_ics_lead_sets_up_a_network_in_the_own_ics(world, as_):
    client = as_(world.ics_lead)
    assert client.get(NEW).context["form"]["where"].value() == "ics-XAA"

    answer = client.post(NEW, typed(), follow=True)
    with acting_as(world.ics_lead):
        network = Network.objects.get()
    assert answer.redirect_chain == [(f"/networks/{network.pk}/", 302)]
    assert (network.ics, network.chair, network.meets) == (world.fenland, "Chief Nurse", "every 2 months")
    assert "is set up" in text(answer)


def test_a_psc_administrator_chooses_between_the_ics_and_the_psc(world, as_):
    client = as_(world.psc_administrator)
    offered = [value for value, _ in client.get(NEW).context["form"].fields["where"].choices]
    assert offered == ["ics-XBB", "ics-XAA", "psc-EAST"]

    client.post(NEW, typed(where="psc-EAST"))
    with acting_as(world.psc_administrator):
        assert Network.objects.get().psc == world.eastern


@pytest.mark.parametrize(
    ("change", "field", "sentence"),
    [
        ({"name": ""}, "name", "Enter the name of the network"),
        ({"name": "fenland FALLS network"}, "name", "There is a network of this name here already"),
        ({"where": "ics-XCC"}, "where", "Select one of the options"),
        ({"kind": ""}, "kind", "Select"),
        ({"begun_on_year": "2099"}, "begun_on", "must be today or earlier"),
        ({"purpose": "x" * 501}, "purpose", "500 characters or fewer"),
    ],
)
def test_what_is_wrong_with_a_network_is_said_at_its_field(world, as_, change, field, sentence):
    a_network(world, name="Fenland falls network")
    answer = as_(world.ics_lead).post(NEW, typed(name="Another") | change)

    assert list(answer.context["form"].errors) == [field]
    assert sentence in text(answer)
    with acting_as(world.ics_lead):
        assert Network.objects.count() == 1


def test_a_network_is_changed_and_keeps_its_reference(world, as_):
    network = a_network(world)
    a_network(world, name="Taken")
    client, where = as_(world.ics_lead), reverse("networks:change", args=[network.pk])
    assert list(client.post(where, typed(name="Taken")).context["form"].errors) == ["name"]

    client.post(where, typed(name="A better name"))
    with acting_as(world.ics_lead):
        changed = Network.objects.get(pk=network.pk)
    assert (changed.name, changed.reference, changed.purpose) == ("A better name", network.reference, "Fewer falls.")


@pytest.mark.parametrize("place", ["new", "change"])
def test_a_name_taken_between_our_look_and_our_save_is_said_beside_it(world, as_, monkeypatch, place):
    network = a_network(world)
    a_network(world, name="Taken")
    monkeypatch.setattr(workflow, "_refuse_taken", lambda *scope_and_name, **but: None)
    where = NEW if place == "new" else reverse("networks:change", args=[network.pk])

    assert list(as_(world.ics_lead).post(where, typed(name="Taken")).context["form"].errors) == ["name"]


def test_the_capitals_of_a_networks_own_name_can_be_changed(world, as_):
    network = a_network(world, name="Fenland FALLS network")
    as_(world.ics_lead).post(reverse("networks:change", args=[network.pk]), typed())
    with acting_as(world.ics_lead):
        assert Network.objects.get().name == "Fenland falls network"


@pytest.mark.parametrize("who", ["psc_lead", "quality_lead", "network_member", "specialist_member", "nobody"])
def test_who_runs_no_network_sets_none_up(world, as_, who):
    client = as_(getattr(world, who))

    assert client.get(NEW).status_code == 403
    assert client.post(NEW, typed()).status_code == 403


def test_who_sees_a_network_but_does_not_run_it_changes_nothing(world, as_):
    network = a_network(world)

    assert as_(world.network_member).post(reverse("networks:change", args=[network.pk]), typed()).status_code == 403


# One network


def test_the_page_shows_the_network_with_its_plans(world, as_):
    plan = a_draft(world)
    answer = as_(world.network_member).get(reverse("network", args=[plan.network_id]))

    assert "Patient safety, ICS-wide" in text(answer)
    assert reverse("plans:detail", args=[plan.pk]) in answer.content.decode()
    assert "Change the network" not in text(answer)


def test_a_specialist_sees_the_pscs_own_network_and_not_its_people(world, as_):
    network, client = psc_network(world), as_(world.specialist_member)

    answer = client.get(reverse("network", args=[network.pk]))
    assert "Eastern specialists" in text(answer)
    assert "Who takes part" not in text(answer)
    assert 'href="/why/psc-EAST/view_psc_networks/"' in answer.content.decode()
    assert client.get(reverse("networks:members", args=[network.pk])).status_code == 403


def test_members_are_named_with_their_roles_and_without_addresses(world, as_, become):
    with become("ssip_owner"):
        tenancy.grant("partner@example.org", Role.NETWORK_MEMBER, world.fenland, by=None, reason="Both")
    network = a_network(world)
    answer = as_(world.network_member).get(reverse("networks:members", args=[network.pk]))
    members = {member.name: member.roles for member in answer.context["members"]}

    assert members["Ics lead"] == "ICS lead"
    assert members["Partner"] == "Patient safety partner, Network member"
    assert not {"Sibling lead", "Psc lead", "Outside lead"} & set(members)
    assert "@example.org" not in answer.content.decode()


@pytest.mark.parametrize("name", ["network", "networks:change", "networks:members"])
@pytest.mark.parametrize("who", ["outsider", "sibling_lead", "specialist_member", "ward_team", "nobody"])
def test_a_network_of_another_place_does_not_exist(world, as_, name, who):
    network = a_network(world)

    assert as_(getattr(world, who)).get(reverse(name, args=[network.pk])).status_code == 404
