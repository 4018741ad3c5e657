import pytest
from django.db import DatabaseError, connection, transaction

from ssip.core import audit
from ssip.core.context import acting_as, current_person_id, request_cache
from ssip.core.models import AuditEvent, User
from ssip.tenancy.models import Grant

pytestmark = pytest.mark.django_db


def context():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('ssip.user_id', true)")
        return cursor.fetchone()[0] or ""


def test_the_suite_asks_as_the_webs_role():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == ("ssip_app", False, False)


def test_a_query_that_forgot_to_say_for_whom_is_refused_loudly():
    with pytest.raises(DatabaseError, match="without saying on whose behalf"), transaction.atomic():
        Grant.objects.count()


def test_the_person_is_known_inside_and_forgotten_after(world):
    person = world.ics_lead
    with acting_as(person):
        assert context() == str(person.pk)
        assert current_person_id() == person.pk
    assert context() == ""
    assert current_person_id() is None


def test_one_context_inside_another_gives_the_outer_one_back(world):
    outer, inner = world.ics_lead, world.outsider
    with acting_as(outer):
        with acting_as(inner):
            assert context() == str(inner.pk)
        assert context() == str(outer.pk)


def test_after_an_error_the_person_is_forgotten_too(world):
    with pytest.raises(ZeroDivisionError), acting_as(world.ics_lead):
        raise ZeroDivisionError
    assert context() == ""


def test_what_was_looked_up_is_kept_for_one_context_only(world):
    with acting_as(world.ics_lead):
        request_cache()["found"] = 1
        assert request_cache()["found"] == 1
    assert "found" not in request_cache()


@pytest.mark.parametrize("address", ["/", "/work/", "/words/", "/no-such-page/"])
def test_no_person_stays_behind_after_a_request(client, world, address):
    client.force_login(world.ics_lead)
    client.get(address)
    assert context() == ""


def test_the_audit_names_the_person_who_acts_and_their_roles(world):
    lead = world.ics_lead
    with acting_as(lead):
        audit.record("looked", world.fenland, by=lead, colour="green")
        row = AuditEvent.objects.get(action="looked")
    assert (row.actor_id, row.actor_roles, row.scope_kind, row.scope_id) == (
        lead.pk,
        ["ics_lead"],
        "ics",
        world.fenland.pk,
    )
    assert row.data == {"colour": "green"}


def test_the_audit_takes_no_other_name(world):
    with acting_as(world.ics_lead), pytest.raises(audit.WrongPerson):
        audit.record("looked", world.fenland, by=world.outsider)


@pytest.mark.parametrize("statement", ["UPDATE core_auditevent SET action = 'x'", "DELETE FROM core_auditevent"])
def test_the_web_can_neither_change_nor_remove_an_audit_row(world, statement):
    denied = pytest.raises(DatabaseError, match="permission denied")
    with acting_as(world.ics_lead), denied, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_an_outsider_reads_no_audit_of_another_scope(world):
    with acting_as(world.ics_lead):
        audit.record("looked", world.fenland, by=world.ics_lead)
    with acting_as(world.outsider):
        assert not AuditEvent.objects.filter(action="looked").exists()


def test_nobody_makes_themselves_a_superuser(world):
    with acting_as(world.ics_lead), pytest.raises(DatabaseError, match="Only the operator"), transaction.atomic():
        User.objects.filter(pk=world.ics_lead.pk).update(is_superuser=True)
