"""In direct SQL, as the web's role and in the name of somebody who may record: the records are only added to."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.utils import ProgrammingError

from incidents.models import Item
from ssip.core.context import acting_as
from ssip.tenancy.models import Organisation
from tests.incidents.ready import recorded, withdrawn

pytestmark = pytest.mark.django_db

NEW = {
    "organisation_id": "%(here)s", "item": "'caldicott-guardian'", "dated": "'2026-03-02'", "document": "''",
    "arrangement": "''", "title": "'Chief Nurse'", "by_id": "%(me)s", "role": "'Executive lead'",
}  # fmt: skip
ENDED = {
    "organisation_id": "%(here)s", "assurance_id": "%(record)s", "reason": "'Gone.'", "by_id": "%(me)s",
    "role": "'Executive lead'",
}  # fmt: skip


def add(table, **values):
    return f"INSERT INTO incidents_{table} ({', '.join(values)}) VALUES ({', '.join(values.values())})"


def assurance(**other):
    return add("assurance", **NEW | other)


def withdrawal(**other):
    return add("withdrawal", **ENDED | other)


DENIED, WALL = "permission denied", "row-level security"
DOCUMENT = {"item": "'impact-assessment'", "title": "''", "document": "'DPIA 1'"}
ATTACKS = {
    "a record is changed": ("UPDATE incidents_assurance SET dated = '2020-01-01'", DENIED),
    "a record is removed": ("DELETE FROM incidents_assurance", DENIED),
    "all records are removed": ("TRUNCATE incidents_assurance CASCADE", DENIED),
    "a withdrawal is changed": ("UPDATE incidents_withdrawal SET reason = 'x'", DENIED),
    "a withdrawal is removed": ("DELETE FROM incidents_withdrawal", DENIED),
    "the guard is switched off": ("ALTER TABLE incidents_assurance DISABLE TRIGGER ALL", "must be owner"),
    "the gate is replaced": (
        "CREATE OR REPLACE FUNCTION public.ssip_may_enter_responses(of_organisation bigint) RETURNS boolean "
        "LANGUAGE sql AS 'SELECT true'",
        DENIED,
    ),
    "a record in somebody else's name": (assurance(by_id="%(other)s"), "somebody else's name"),
    "a record of another organisation": (assurance(organisation_id="%(elsewhere)s"), WALL),
    "a record of tomorrow": (assurance(dated="'2099-01-01'"), "has happened"),
    "a record of before": (assurance(dated="'2018-05-24'"), "has happened"),
    "a record that says it was made before": (assurance(at="'2026-01-01'"), "day and hour"),
    "a role without a title": (assurance(title="''"), "a_document_or_a_role"),
    "an assessment without a reference": (assurance(**DOCUMENT | {"document": "''"}), "a_document_or_a_role"),
    "an assessment with an arrangement": (assurance(**DOCUMENT, arrangement="'joint'"), "an_agreement_says_which"),
    "an agreement that says nothing": (
        assurance(**DOCUMENT | {"item": "'controller-agreement'"}),
        "an_agreement_says_which",
    ),
    "a fifth item": (assurance(item="'goodwill'"), "a_document_or_a_role"),
    "a review before the signature": (assurance(**DOCUMENT, review_by="'2026-03-02'"), "reviewed_after"),
    "a role with a review": (assurance(review_by="'2027-03-02'"), "reviewed_after"),
    "an address for a title": (assurance(title="'jane@trust.example'"), "holds_no_address"),
    "a withdrawal in somebody else's name": (withdrawal(by_id="%(other)s"), "somebody else's name"),
    "a withdrawal that says it was made before": (withdrawal(at="'2026-01-01'"), "day and hour"),
    "a withdrawal elsewhere": (withdrawal(organisation_id="%(elsewhere)s"), WALL),
    "a withdrawal without a reason": (withdrawal(reason="''"), "for_a_reason"),
    "a withdrawal of what was replaced": (withdrawal(assurance_id="%(older)s"), "recorded last"),
    "a withdrawal of what another organisation recorded": (withdrawal(assurance_id="%(foreign)s"), "recorded last"),
    "a withdrawal of nothing": (withdrawal(assurance_id="987654321"), "recorded last"),
}


@pytest.fixture
def named(world, become):
    """Records of the own trust, and one of another."""
    older = recorded(world, Item.IMPACT_ASSESSMENT, Item.CALDICOTT_GUARDIAN)
    record = recorded(world, Item.CALDICOTT_GUARDIAN, title="Chief Nurse")
    elsewhere = Organisation.objects.get(code="ZBB").pk
    with become("ssip_owner"), connection.cursor() as cursor:
        values = NEW | {"organisation_id": str(elsewhere), "by_id": str(world.specialist.pk)}
        cursor.execute(add("assurance", **values) + " RETURNING id")
        foreign = cursor.fetchone()[0]
    return {
        "here": world.broadmere.pk, "elsewhere": elsewhere, "me": world.executive.pk, "other": world.specialist.pk,
        "record": record.pk, "older": older.pk, "foreign": foreign,
    }  # fmt: skip


def tried(statement, named):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, named)
        return cursor.rowcount


@pytest.mark.parametrize("name", ATTACKS)
def test_the_database_refuses(world, named, name):
    statement, sentence = ATTACKS[name]
    with acting_as(world.executive), pytest.raises(DatabaseError, match=sentence):
        tried(statement, named)


@pytest.mark.parametrize("make", [assurance, withdrawal], ids=["record", "withdrawal"])
def test_the_same_statements_with_nothing_wrong_are_let_through(world, named, make):
    with acting_as(world.executive):
        assert tried(make(), named) == 1


@pytest.mark.parametrize("make", [assurance, withdrawal], ids=["record", "withdrawal"])
@pytest.mark.parametrize("who", ["ward_team", "partner", "quality_lead", "outsider", "nobody"])
def test_who_may_not_record_is_stopped_at_the_wall(world, named, who, make):
    person = getattr(world, who)
    with acting_as(person), pytest.raises(ProgrammingError, match=WALL):
        tried(make(), named | {"me": person.pk})


@pytest.mark.parametrize("who", ["sibling_lead", "quality_lead", "psc_lead", "psc_administrator", "site_administrator"])
def test_nobody_outside_the_organisation_sees_a_row(world, named, who):
    withdrawn(world, Item.CALDICOTT_GUARDIAN)
    with acting_as(getattr(world, who)), connection.cursor() as cursor:
        cursor.execute("SELECT (SELECT count(*) FROM incidents_assurance), (SELECT count(*) FROM incidents_withdrawal)")
        assert cursor.fetchone() == (0, 0)


def test_that_another_organisation_withdrew_its_record_is_not_told(world, named, become):
    """A key over all tenants would answer “taken” for a foreign record that was withdrawn, and not for others."""
    with become("ssip_owner"):
        tried(withdrawal(organisation_id="%(elsewhere)s", assurance_id="%(foreign)s"), named)
    with acting_as(world.executive), pytest.raises(ProgrammingError, match="recorded last"):
        tried(withdrawal(assurance_id="%(foreign)s"), named)


def test_a_second_withdrawal_of_the_same_record_is_refused(world, named):
    with acting_as(world.executive):
        tried(withdrawal(), named)
        with pytest.raises(IntegrityError, match="withdrawn_once"):
            tried(withdrawal(), named)


def test_the_clock_sees_and_writes_nothing(world, named, become):
    for statement in ("SELECT 1 FROM incidents_assurance", "SELECT 1 FROM incidents_withdrawal", assurance()):
        with become("ssip_worker"), acting_as(None), pytest.raises(ProgrammingError, match=DENIED):
            tried(statement, named)
