"""What was done to a network: told to whoever sees its place, with both sides of a change and no words."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from networks import workflow
from networks.models import Network
from ssip.core import audit
from ssip.core.context import acting_as
from ssip.core.models import AuditEvent
from tests.pages import text
from tests.stories import a_network

pytestmark = pytest.mark.django_db
WORDS = "Meadowsweet for every ward"


def page_of(network):
    return reverse("networks:history", args=[network.pk])


def changed(network, by, **values):
    with acting_as(by):
        return workflow.change(network, by=by, **values)


def test_a_change_says_both_sides_of_what_is_chosen_and_of_words_only_that_they_changed(world, as_):
    network = a_network(world)
    changed(network, world.ics_lead, kind="medicines", purpose=WORDS, chair=WORDS)
    changed(network, world.ics_lead, purpose="", meets="monthly")
    answer = as_(world.network_member).get(page_of(network))

    first, second, third = answer.context["entries"]
    assert [str(change) for change in first.changes] == ["Purpose: taken out", "How often it meets: added"]
    assert [str(change) for change in second.changes] == [
        "What it is about: from Patient safety, ICS-wide to Medicines",
        "Purpose: added",
        "Who chairs it: added",
    ]
    assert third.sentence == "Set up the network"
    assert "Ics lead, ICS lead" in text(answer)
    assert "Meadowsweet" not in text(answer)


def test_no_word_of_a_network_stands_in_the_audit(world):
    network = a_network(world, name=f"Network {WORDS}")
    changed(network, world.ics_lead, name=f"Group {WORDS}", purpose=WORDS, chair=WORDS, meets=WORDS)
    with acting_as(world.ics_lead):
        rows = AuditEvent.objects.filter(thing_kind="networks.network", thing_id=network.pk)
        assert "Meadowsweet" not in str([(row.data, row.reference) for row in rows])
        assert set(rows.get(action="change network").data["reworded"]) == {"name", "purpose", "chair", "meets"}


def test_nothing_changed_is_nothing_recorded(world):
    network = a_network(world)
    changed(network, world.ics_lead, kind=network.kind, purpose="")
    with acting_as(world.ics_lead):
        assert [event.action for event in audit.of(network)] == ["set up network"]


def test_a_row_of_before_both_sides_were_kept_is_told_still(world, as_):
    network = a_network(world)
    with acting_as(world.ics_lead):
        audit.record("change network", network, by=world.ics_lead, fields=["chair", "kind"])
    shown = text(as_(world.ics_lead).get(page_of(network)))

    assert "What it is about: changed" in shown
    assert "Who chairs it: changed" in shown


def test_the_page_of_a_network_leads_to_it(world, as_):
    network = a_network(world)
    for who in (world.network_member, world.psc_lead):
        assert page_of(network) in as_(who).get(reverse("network", args=[network.pk])).content.decode()


def test_who_takes_part_in_a_pscs_own_network_without_seeing_the_psc_is_told_whom_to_ask(world, as_):
    network = a_network(world, ics=world.eastern, by=world.psc_administrator, name="Eastern specialists")
    client = as_(world.specialist_member)

    assert page_of(network) not in client.get(reverse("network", args=[network.pk])).content.decode()
    answer = client.get(page_of(network))
    assert answer.status_code == 403
    assert "Ask its improvement lead" in text(answer)
    assert "Set up the network" in text(as_(world.psc_lead).get(page_of(network)))


@pytest.mark.parametrize("who", ["outsider", "sibling_lead", "specialist_member", "ward_team", "nobody"])
def test_of_a_network_of_another_place_there_is_no_history(world, as_, who):
    client = as_(getattr(world, who))
    answer, of_nothing = client.get(page_of(a_network(world))), client.get(page_of(Network(pk=987654)))

    assert (answer.status_code, text(answer)) == (404, text(of_nothing))


def test_a_network_that_nothing_was_recorded_of_says_so(world, as_, become):
    network = a_network(world)
    with become("ssip_owner"):
        AuditEvent.objects.filter(thing_id=network.pk, thing_kind="networks.network").update(thing_kind="gone")

    assert "Nothing has been done to the network yet." in text(as_(world.ics_lead).get(page_of(network)))


def test_30_changes_take_as_many_queries_as_3(world, as_, django_assert_num_queries):
    network, client = a_network(world), as_(world.network_member)
    for number in range(3):
        changed(network, world.ics_lead, meets=f"every {number} months")
    client.get(page_of(network))
    with CaptureQueriesContext(connection) as few:
        client.get(page_of(network))
    for number in range(3, 30):
        changed(network, world.ics_lead, meets=f"every {number} months")
    with django_assert_num_queries(len(few)):
        assert text(client.get(page_of(network))).count("Changed the details") == 30
