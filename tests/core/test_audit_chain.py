"""The audit's chains: sealed at commit, closed to everybody, one hash in two languages."""

import json
from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ssip.core import audit, chain
from ssip.core.context import acting_as
from ssip.core.models import AuditEvent

pytestmark = pytest.mark.django_db


def seal():
    """What a commit does."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def recorded(world, *actions, scope=None, **data):
    with acting_as(world.ics_lead):
        for action in actions:
            audit.record(action, scope or world.fenland, by=world.ics_lead, **data)


def rows(*actions):
    found = AuditEvent.objects.filter(action__in=actions).order_by("id")
    return list(found)


def troubles():
    return [str(trouble) for trouble in chain.verify({}).troubles]


# Sealing


def test_a_row_has_no_place_before_the_commit_and_one_after(world, become):
    recorded(world, "one", "two")
    with become("ssip_owner"):
        assert [row.sequence for row in rows("one", "two")] == [None, None]
        seal()
        one, two = rows("one", "two")
        assert (two.sequence, two.previous) == (one.sequence + 1, one.hash)
        assert troubles() == []


def test_the_head_is_the_last_row_of_its_scope_and_of_no_other(world, become):
    recorded(world, "here")
    recorded(world, "there", scope=world.broadland)
    seal()
    with become("ssip_owner"):
        here, there = rows("here", "there")
    with acting_as(world.ics_lead):
        assert audit.head(world.fenland) == (here.sequence, here.hash)
        assert audit.head(world.broadland) == (0, "")
    with acting_as(world.sibling_lead):
        assert audit.head(world.broadland) == (there.sequence, there.hash)


def test_what_a_savepoint_took_back_leaves_no_gap(world, become):
    recorded(world, "kept")
    with transaction.atomic():
        recorded(world, "taken back")
        transaction.set_rollback(True)
    recorded(world, "kept too")
    with become("ssip_owner"):
        seal()
        first, second = rows("kept", "taken back", "kept too")
        assert second.sequence == first.sequence + 1
        assert troubles() == []


def test_the_demonstration_may_date_a_row_back_before_the_commit(world, become):
    recorded(world, "old")
    with become("ssip_owner"):
        AuditEvent.objects.filter(action="old").update(at=datetime(2026, 3, 29, 1, 30, tzinfo=UTC))
        seal()
        assert rows("old")[0].sequence
        assert troubles() == []


def test_rows_of_before_the_chain_are_sealed_in_their_order(world, become):
    """What the migration runs, on rows as they were before it."""
    with become("ssip_owner"), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE core_auditevent DISABLE TRIGGER USER")
        recorded(world, "first", "second")
        recorded(world, "elsewhere", scope=world.broadland)
        seal()
        cursor.execute("ALTER TABLE core_auditevent ENABLE TRIGGER USER")
        assert "not sealed" in troubles()[0]
        cursor.execute("SELECT ssip_seal_pending_audit()")
        first, second, elsewhere = rows("first", "second", "elsewhere")
        assert second.previous == first.hash
        assert elsewhere.scope_id == world.broadland.pk
        assert troubles() == []


# Nobody but the audit's own functions


DIRECTLY = {
    "insert": "INSERT INTO {} DEFAULT VALUES",
    "update": "UPDATE {} SET hash = 'x'",
    "update of the content": "UPDATE {} SET scope_kind = 'psc'",
    "delete": "DELETE FROM {}",
    "truncate": "TRUNCATE {}",
}


@pytest.mark.parametrize("role", ["ssip_app", "ssip_worker"])
@pytest.mark.parametrize("table", ["core_auditevent", "core_audithead"])
@pytest.mark.parametrize("statement", DIRECTLY.values(), ids=DIRECTLY)
@pytest.mark.parametrize("given", [False, True], ids=["without the right", "with a right given by mistake"])
def test_neither_web_nor_clock_changes_the_audit(become, role, table, statement, given):
    if given:
        with become("ssip_owner"), connection.cursor() as cursor:
            cursor.execute(f"GRANT ALL ON {table} TO {role}")
    refusal = "Nobody changes the audit" if given else "permission denied for table"
    with become(role), connection.cursor() as cursor, pytest.raises(DatabaseError, match=refusal), transaction.atomic():
        cursor.execute(statement.format(table))


@pytest.mark.parametrize("role", ["ssip_app", "ssip_worker"])
@pytest.mark.parametrize("call", ["ssip_seal_pending_audit()", "ssip_canonical('{}')"])
def test_neither_web_nor_clock_calls_what_seals(become, role, call):
    refused = pytest.raises(DatabaseError, match="permission denied for function")
    with become(role), connection.cursor() as cursor, refused, transaction.atomic():
        cursor.execute(f"SELECT {call}")


# One hash in two languages

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
NUMBERS = st.integers(-(10**18) + 1, 10**18 - 1)
JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.dictionaries(TEXT, JSON, max_size=4), action=TEXT, reference=TEXT, site=st.booleans())
def test_python_and_the_database_agree_on_a_hash(as_owner, data, action, reference, site):
    with transaction.atomic(), connection.cursor() as cursor:
        scope = ("site", None) if site else ("ics", 1)
        words = [action, *scope, "core.user", 7, reference, json.dumps(data, ensure_ascii=False)]
        cursor.execute("SELECT ssip_record_audit(%s, %s, %s, %s, %s, %s, %s)", words)
        pk = cursor.fetchone()[0]
        seal()
        event = AuditEvent.objects.get(pk=pk)
        assert chain.hash_of(event) == event.hash
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    ("written", "kept"),
    [("e\u0301", "\u00e9"), ("one\r\ntwo", "one\ntwo"), ({"b": [None, True], "a": {}}, {"a": {}, "b": [None, True]})],
)
def test_what_is_recorded_has_one_spelling(world, as_owner, written, kept):
    recorded(world, "spelt", word=written)
    assert rows("spelt")[0].data == {"word": kept}


def test_a_fraction_has_more_than_one_spelling_and_is_refused(world, as_owner):
    with pytest.raises(TypeError, match="whole numbers"):
        recorded(world, "half", much=0.5)
    with connection.cursor() as cursor, pytest.raises(DatabaseError, match="whole numbers"), transaction.atomic():
        cursor.execute("SELECT ssip_canonical('{\"much\": 0.5}')")
