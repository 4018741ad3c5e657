"""When an organisation may enter responses: the policy and the database give the same answer, in every state."""

from datetime import timedelta
from itertools import chain, combinations

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from incidents import policies, queries
from incidents.guards import gate
from incidents.models import Item
from ssip.core import clock
from ssip.core.context import acting_as
from ssip.tenancy import workflow as tenancy
from ssip.tenancy.models import Organisation, Role
from ssip.tenancy.roles import ROLES
from tests.incidents.ready import recorded, withdrawn

pytestmark = pytest.mark.django_db
SUBSETS = list(chain.from_iterable(combinations(Item, count) for count in range(len(Item) + 1)))
REFUSED = "once what must be in place before is recorded"


def may_enter(person, organisation):
    """What the policy says and what the database says."""
    with acting_as(person), connection.cursor() as cursor:
        cursor.execute("SELECT ssip_may_enter_responses(%s)", [organisation.pk])
        return policies.can_enter_responses(person, organisation).allowed, cursor.fetchone()[0]


@pytest.mark.parametrize("there", SUBSETS, ids=lambda items: "+".join(items) or "nothing")
def test_responses_are_entered_once_all_four_are_recorded(world, there):
    if there:
        recorded(world, *there)

    assert may_enter(world.ward_team, world.broadmere) == (len(there) == 4,) * 2


@pytest.mark.parametrize("item", Item)
def test_a_withdrawn_record_shuts_the_gate_until_it_is_recorded_again(world, item):
    recorded(world)
    withdrawn(world, item)
    assert may_enter(world.ward_team, world.broadmere) == (False, False)

    recorded(world, item)
    assert may_enter(world.ward_team, world.broadmere) == (True, True)


def test_an_older_record_does_not_stand_in_for_the_newest_that_was_withdrawn(world):
    recorded(world)
    recorded(world, Item.CALDICOTT_GUARDIAN, title="Chief Nurse")
    withdrawn(world, Item.CALDICOTT_GUARDIAN)

    assert may_enter(world.ward_team, world.broadmere) == (False, False)


def test_a_review_date_that_has_passed_shuts_nobody_out(world):
    recorded(world)
    with clock.days_ago(60):
        recorded(world, Item.IMPACT_ASSESSMENT, review_by=clock.today() + timedelta(days=30))

    with acting_as(world.ward_team):
        assert queries.gate(world.ward_team, world.broadmere).review_has_passed
    assert may_enter(world.ward_team, world.broadmere) == (True, True)


ENTERS = {"ward_team": True, "specialist": True}


@pytest.mark.parametrize(
    "who", ["ward_team", "specialist", "executive", "partner", "quality_lead", "psc_lead", "outsider", "nobody"]
)
def test_who_may_not_start_a_response_enters_none(world, who):
    recorded(world)

    assert may_enter(getattr(world, who), world.broadmere) == (ENTERS.get(who, False),) * 2


def test_one_organisation_does_not_open_the_gate_of_another(world, become):
    recorded(world)
    with become("ssip_owner"):
        other = Organisation.objects.get(code="ZBB")
        tenancy.grant("ward_team@example.org", Role.WARD_TEAM, other, by=None, reason="Works in both")

    assert may_enter(world.ward_team, other) == (False, False)
    assert may_enter(world.ward_team, world.broadmere) == (True, True)


def test_without_anybody_there_is_no_entry(world, become):
    recorded(world)
    with acting_as(None), connection.cursor() as cursor:
        cursor.execute("SELECT ssip_may_enter_responses(%s), ssip_may_enter_responses(NULL)", [world.broadmere.pk])
        assert cursor.fetchone() == (False, False)


def test_the_refusal_says_what_is_missing_and_who_records_it(world):
    recorded(world, Item.IMPACT_ASSESSMENT)
    with acting_as(world.ward_team):
        verdict = policies.can_enter_responses(world.ward_team, world.broadmere)

    assert verdict.reason == (
        "Fenland Trust cannot enter responses yet. Missing: controller agreement, Caldicott Guardian and information "
        "asset owner. To be recorded by the patient safety specialist or the executive lead."
    )


def test_those_whom_the_refusal_names_are_those_who_may_record():
    able = {
        role.label for role, mays in ROLES.items() for may in mays.values() if "record_assurance" in may.permissions
    }

    assert {label.lower() for label in able} == set(policies.RECORDERS.replace("the ", "").split(" or "))


# The tables of responses


@pytest.fixture
def responses(become):
    """A table such as that of responses, with nothing between its rows and the web but the gate."""
    with become("ssip_owner"), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE incidents_sample (organisation_id bigint, word text)")
        cursor.execute("COMMENT ON TABLE incidents_sample IS 'Public: of a test'")
        cursor.execute("GRANT ALL ON incidents_sample TO ssip_app, ssip_worker")
        cursor.execute(gate("incidents_sample").sql)

    def enter(*organisations):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO incidents_sample SELECT unnest(%s::bigint[]), 'x'", [[each.pk for each in organisations]]
            )
            return cursor.rowcount

    return enter


def test_the_database_refuses_a_response_before_the_gate_is_open(world, responses):
    recorded(world, Item.IMPACT_ASSESSMENT, Item.CALDICOTT_GUARDIAN, Item.ASSET_OWNER)
    with acting_as(world.ward_team), pytest.raises(ProgrammingError, match=REFUSED):
        responses(world.broadmere)

    recorded(world, Item.CONTROLLER_AGREEMENT)
    with acting_as(world.ward_team):
        assert responses(world.broadmere, world.broadmere) == 2


def test_one_row_of_another_organisation_stops_the_whole_statement(world, responses):
    recorded(world)
    with acting_as(world.specialist), pytest.raises(ProgrammingError, match=REFUSED):
        responses(world.broadmere, Organisation.objects.get(code="ZBB"))


def test_who_may_not_start_a_response_is_refused_by_the_database(world, responses):
    recorded(world)
    with acting_as(world.executive), pytest.raises(ProgrammingError, match=REFUSED):
        responses(world.broadmere)


def test_the_clock_enters_no_response(world, responses, become):
    recorded(world)
    with become("ssip_worker"), acting_as(None), pytest.raises(ProgrammingError, match=REFUSED):
        responses(world.broadmere)


def test_the_operator_restores_what_there_was(world, responses, as_owner):
    assert responses(world.broadmere) == 1


def test_what_has_begun_can_be_completed(world, responses):
    recorded(world)
    with acting_as(world.ward_team):
        responses(world.broadmere)
    withdrawn(world, Item.ASSET_OWNER)
    with acting_as(world.ward_team), connection.cursor() as cursor:
        cursor.execute("UPDATE incidents_sample SET word = 'y'")
        assert cursor.rowcount == 1
