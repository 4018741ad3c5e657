import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction

from ssip.core.context import acting_as
from ssip.core.models import AuditEvent, User
from ssip.tenancy import access, workflow
from ssip.tenancy.models import Grant, Role

pytestmark = pytest.mark.django_db
NEW = "new.person@example.org"


def give(world, by, role, scope, email="nobody@example.org"):
    with acting_as(by):
        return workflow.grant(email, role, scope, by=by, reason="Joins the network")


# (who gives, role, where, may they)
WHO_GRANTS = [
    ("psc_administrator", Role.PSC_LEAD, "eastern", True),
    ("psc_administrator", Role.ICS_LEAD, "fenland", True),
    ("psc_administrator", Role.ICB_QUALITY_LEAD, "broadland", True),
    ("psc_administrator", Role.NETWORK_MEMBER, "fenland", True),
    ("psc_administrator", Role.ICS_LEAD, "moorland", False),
    ("psc_administrator", Role.PSC_ADMINISTRATOR, "eastern", False),
    ("psc_administrator", Role.WARD_TEAM, "broadmere", False),
    ("psc_lead", Role.ICS_LEAD, "fenland", False),
    ("ics_lead", Role.NETWORK_MEMBER, "fenland", True),
    ("ics_lead", Role.PATIENT_SAFETY_PARTNER, "fenland", True),
    ("ics_lead", Role.ICS_LEAD, "fenland", False),
    ("ics_lead", Role.NETWORK_MEMBER, "broadland", False),
    ("quality_lead", Role.NETWORK_MEMBER, "fenland", False),
    ("specialist", Role.WARD_TEAM, "broadmere", True),
    ("specialist", Role.EXECUTIVE_LEAD, "broadmere", True),
    ("ward_team", Role.WARD_TEAM, "broadmere", False),
    ("site_administrator", Role.PSC_ADMINISTRATOR, "eastern", True),
    ("site_administrator", Role.ICS_LEAD, "fenland", False),
    ("outsider", Role.NETWORK_MEMBER, "fenland", False),
]


@pytest.mark.parametrize(("giver", "role", "where", "may"), WHO_GRANTS)
def test_who_may_give_which_role_where(world, giver, role, where, may):
    by, scope = getattr(world, giver), getattr(world, where)
    if may:
        held = give(world, by, role, scope)
        assert (held.person.email, held.by_id, held.scope) == ("nobody@example.org", by.pk, scope)
    else:
        with pytest.raises(PermissionDenied):
            give(world, by, role, scope)


@pytest.mark.parametrize(("giver", "role", "where", "may"), WHO_GRANTS)
def test_the_database_says_the_same_when_nobody_else_asks(world, giver, role, where, may):
    by, scope = getattr(world, giver), getattr(world, where)
    with acting_as(by), connection.cursor() as cursor:
        cursor.execute(
            "SELECT ssip_may_grant(%s, %s, %s, %s)", [world.nobody.pk, role.value, scope.scope_kind, scope.pk]
        )
        assert cursor.fetchone()[0] is may


def test_nobody_gives_a_role_to_themselves(world):
    with pytest.raises(PermissionDenied, match="themselves"):
        give(world, world.ics_lead, Role.NETWORK_MEMBER, world.fenland, email=world.ics_lead.email)


def test_nor_by_asking_the_database_directly(world):
    lead = world.ics_lead
    refused = pytest.raises(DatabaseError, match="themselves")
    with acting_as(lead), refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT ssip_grant(%s, 'network_member', 'ics', %s, NULL, 'why not')", [lead.pk, world.fenland.pk]
        )


@pytest.mark.parametrize("table", ["tenancy_grant", "core_user_groups", "auth_group", "tenancy_icsgrouppermission"])
def test_the_web_writes_no_table_that_says_who_may(world, table):
    refused = pytest.raises(DatabaseError, match="permission denied")
    with acting_as(world.psc_administrator), refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table}")


def test_a_role_held_already_is_not_given_twice(world):
    with pytest.raises(workflow.AlreadyHeld, match="already Network member"):
        give(world, world.ics_lead, Role.NETWORK_MEMBER, world.fenland, email="network_member@example.org")


def test_an_ended_role_is_gone_at_once_and_can_be_given_again(world):
    member = world.network_member
    with acting_as(world.ics_lead):
        held = Grant.objects.live().get(person=member)
        workflow.end(held, by=world.ics_lead, reason="Changed job")
    with acting_as(member):
        assert access.ics_ids(member, "view_plan") == []
    again = give(world, world.ics_lead, Role.NETWORK_MEMBER, world.fenland, email=member.email)
    assert again.ended_at is None


def test_who_gave_and_ended_a_role_stands_in_the_audit(world):
    held = give(world, world.ics_lead, Role.NETWORK_MEMBER, world.fenland)
    with acting_as(world.ics_lead):
        workflow.end(held, by=world.ics_lead, reason="Changed job")
        rows = AuditEvent.objects.filter(thing_kind="tenancy.grant", thing_id=held.pk).order_by("id")
        assert [(row.action, row.actor_id) for row in rows] == [
            ("grant", world.ics_lead.pk),
            ("end grant", world.ics_lead.pk),
        ]
        assert "Changed job" not in str(rows[1].data)


def test_a_person_who_is_new_gets_an_account_and_the_name_given(world):
    with acting_as(world.ics_lead):
        workflow.grant(NEW, Role.NETWORK_MEMBER, world.fenland, by=world.ics_lead, reason="Joins", name="New Person")
    assert User.objects.get(email=NEW).name == "New Person"
    assert not User.objects.get(email=NEW).has_usable_password()
