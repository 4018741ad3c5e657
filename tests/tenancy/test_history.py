"""How rows of the audit are told as the history of a record: new ones with both sides, old ones as far as they say."""

import pytest

from networks.models import Network
from ssip.core import audit
from ssip.core.canonical import digest
from ssip.core.context import acting_as
from ssip.tenancy import history
from ssip.tenancy.history import Change, Told
from tests.stories import a_network

TOLD = Told(Network, {"change": "Changed it"}, {"kind": "Kind", "begun_on": "Began", "purpose": "Purpose"})


@pytest.mark.parametrize(
    ("data", "how"),
    [
        ({"changed": {"kind": ["medicines", "maternity"]}}, ["Kind: from Medicines to Maternity and neonatal"]),
        ({"changed": {"begun_on": [None, "2026-11-23"]}}, ["Began: 23 November 2026"]),
        ({"changed": {"begun_on": ["2026-11-23", None]}}, ["Began: no longer 23 November 2026"]),
        ({"changed": {"seats": [0, 3]}}, ["Seats: from 0 to 3"]),
        ({"reworded": {"purpose": [digest(""), digest("x")]}}, ["Purpose: added"]),
        ({"reworded": {"purpose": [digest("x"), digest("")]}}, ["Purpose: taken out"]),
        ({"reworded": {"purpose": [digest("x"), digest("y")]}}, ["Purpose: changed"]),
        ({"before": "active", "after": "ended"}, ["Status: from At work to Ended"]),
        # Rows from before both sides were kept.
        ({"fields": ["purpose", "kind", "meets"]}, ["Kind: changed", "Purpose: changed", "Meets: changed"]),
        ({"kind": "medicines", "begun_on": "2026-11-23"}, ["Kind: Medicines", "Began: 23 November 2026"]),
        ({"kind": "", "begun_on": None, "digest": "abc"}, []),
        ({"kind": "a kind of long ago"}, ["Kind: a kind of long ago"]),
        ({}, []),
    ],
)
def test_what_a_row_says_of_fields(data, how):
    assert [str(change) for change in history.changes(data, TOLD)] == how


@pytest.mark.django_db
def test_a_record_is_told_the_newest_first_without_reads_and_what_has_no_words(world):
    network, lead = a_network(world), world.ics_lead
    with acting_as(lead):
        for number, action in enumerate(("change", "read", "keep", "change")):
            audit.record(action, network, by=lead, changed={"kind": [number, number + 1]}, person=world.partner.pk)
        told = history.of(network, TOLD)

    assert [(each.sentence, each.by, each.role) for each in told] == [("Changed it", "Ics lead", "ICS lead")] * 2
    assert [each.changes for each in told] == [(Change("Kind", "from 3 to 4"),), (Change("Kind", "from 0 to 1"),)]
    assert told[0].details == ("Partner",)


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ({"kind": "a", "purpose": "x"}, {"kind": "a", "purpose": "x"}, {}),
        ({"kind": "a", "purpose": "x"}, {"kind": "b", "purpose": "x"}, {"changed": {"kind": ["a", "b"]}}),
        ({"purpose": "x"}, {"purpose": "y"}, {"reworded": {"purpose": [digest("x"), digest("y")]}}),
    ],
)
def test_only_named_fields_stand_in_the_audit_with_their_values(before, after, found):
    assert audit.difference(before, after, values=("kind",)) == found
