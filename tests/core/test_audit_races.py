"""Many write to the audit at the same moment: no gap in a chain, and nobody waits for who waits for them."""

from django.db import connection
from django.test import Client

from ssip.core import audit, chain
from ssip.core.context import acting_as
from ssip.core.models import AuditEvent, AuditHead
from ssip.tenancy.models import Organisation
from tests.world import World


def as_owner():
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE ssip_owner")


def writing(person, scopes, times):
    def write():
        for number in range(times):
            with acting_as(person):
                for scope in scopes:
                    audit.record("at once", scope, by=person, number=number)

    return write


def test_four_who_write_in_two_scopes_crosswise_leave_unbroken_chains(at_once):
    world, times = World(), 25
    here, there = world.fenland, world.broadland
    people = (world.ics_lead, world.psc_lead, world.sibling_lead, world.outsider)
    ways = ((here, there), (there, here), (here, there, here), (there, here, there))
    answers = at_once(*(writing(who, way, times) for who, way in zip(people, ways, strict=True)))

    assert answers == [None] * 4
    as_owner()
    for scope in (here, there):
        places = AuditEvent.objects.filter(action="at once", scope_id=scope.pk).values_list("sequence", flat=True)
        assert len(places) == 5 * times
    assert chain.verify({}).troubles == []


def test_who_waits_for_a_row_when_committing_holds_no_head_yet(at_once):
    """A check of a foreign key that comes after the audit's row locks before the head, or two would wait crosswise."""
    world = World()
    as_owner()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE held (id int PRIMARY KEY)")
        cursor.execute("CREATE TABLE holds (held_id int REFERENCES held DEFERRABLE INITIALLY DEFERRED)")
        cursor.execute("INSERT INTO held VALUES (1)")
        cursor.execute("GRANT ALL ON held, holds TO ssip_app")
        cursor.execute("SET ROLE ssip_app")
    person = world.ics_lead

    def locks_first():
        for _ in range(30):
            with acting_as(person), connection.cursor() as cursor:
                cursor.execute("SELECT * FROM held FOR UPDATE")
                audit.record("locked", world.fenland, by=person)

    def locks_at_commit():
        for _ in range(30):
            with acting_as(person), connection.cursor() as cursor:
                audit.record("checked", world.fenland, by=person)
                cursor.execute("INSERT INTO holds VALUES (1)")

    assert at_once(locks_first, locks_at_commit, locks_first, locks_at_commit) == [None] * 4


def test_six_who_begin_the_same_chain_at_once_begin_one(at_once):
    begun, person = Organisation.objects.get(code="ZBB"), World().ics_lead
    assert at_once(*[writing(person, [begun], 1)] * 6) == [None] * 6
    as_owner()
    assert AuditHead.objects.get(scope_kind="organisation", scope_id=begun.pk).sequence == 6


def test_two_who_open_the_same_audit_at_once_are_both_shown_it_and_both_are_in_it(at_once):
    """A page that is only looked at commits its row, and the next who look find it sealed."""

    def opening(name):
        def open_it():
            client = Client()
            client.force_login(getattr(World(), name))
            return client.get("/manage/ics-XAA/audit/").status_code

        return open_it

    assert at_once(opening("ics_lead"), opening("quality_lead")) == [200, 200]
    as_owner()
    readers = AuditEvent.objects.filter(action=audit.READ, sequence__isnull=False).values_list(
        "actor__email", flat=True
    )
    assert sorted(readers) == ["ics_lead@example.org", "quality_lead@example.org"]
    assert chain.verify({}).troubles == []
