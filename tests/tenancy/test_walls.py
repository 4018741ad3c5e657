"""What each person holds where, and that the database's policies say the same as the queries."""

from datetime import timedelta

import pytest
from django.db import connection

from ssip.core import clock
from ssip.core.context import acting_as
from ssip.core.models import User
from ssip.tenancy import access
from ssip.tenancy.models import Coverage, Grant
from ssip.tenancy.roles import ROLES
from tests.world import PEOPLE

pytestmark = pytest.mark.django_db

# person: ICSs where they may read plans
READS_PLANS_OF = [
    ("psc_lead", {"Fenland", "Broadland"}),
    ("psc_administrator", {"Fenland", "Broadland"}),
    ("specialist_member", set()),
    ("ics_lead", {"Fenland"}),
    ("quality_lead", {"Fenland"}),
    ("network_member", {"Fenland"}),
    ("partner", {"Fenland"}),
    ("sibling_lead", {"Broadland"}),
    ("outsider", {"Moorland"}),
    ("ward_team", set()),
    ("site_administrator", set()),
    ("nobody", set()),
]


def names(world, ids):
    return {str(ics) for ics in (world.fenland, world.broadland, world.moorland) if ics.pk in ids}


@pytest.mark.parametrize(("who", "where"), READS_PLANS_OF)
def test_where_each_person_reads_plans(world, who, where):
    person = getattr(world, who)
    with acting_as(person):
        assert names(world, access.ics_ids(person, "view_plan")) == where


@pytest.mark.parametrize("who", [*PEOPLE, "nobody"])
def test_the_policies_find_the_ids_that_the_queries_use(world, who):
    person = getattr(world, who)
    with acting_as(person), connection.cursor() as cursor:
        cursor.execute("SELECT ssip_ics_ids('view_plan'), ssip_serving_psc_ids('view_plan')")
        in_database = [sorted(ids or []) for ids in cursor.fetchone()]
        assert in_database == [
            sorted(access.ics_ids(person, "view_plan")),
            access.serving_psc_ids(person, "view_plan"),
        ]


@pytest.mark.parametrize("who", [*PEOPLE, "nobody"])
def test_each_permission_is_found_by_itself_where_it_is_found_among_all(world, who):
    person = getattr(world, who)
    permissions = {name for mays in ROLES.values() for may in mays.values() for name in may.permissions}
    with acting_as(person), connection.cursor() as cursor:
        cursor.execute(
            """SELECT kind, asked, array_agg(scope_id ORDER BY scope_id)
            FROM unnest(%s::text[]) AS asked JOIN ssip_held_by(%s) ON permission = asked AND kind <> 'site'
            GROUP BY kind, asked ORDER BY kind, asked""",
            [sorted(permissions), person.pk],
        )
        among_all = cursor.fetchall()
        cursor.execute(
            """SELECT kind, asked, ARRAY(SELECT unnest(ids) ORDER BY 1)
            FROM unnest(%s::text[]) AS asked CROSS JOIN LATERAL (VALUES
                ('psc', ssip_psc_ids(asked)),
                ('ics', ssip_ics_ids(asked)), ('organisation', ssip_organisation_ids(asked))
            ) AS found (kind, ids) WHERE ids IS NOT NULL ORDER BY kind, asked""",
            [sorted(permissions)],
        )
        assert cursor.fetchall() == among_all
    assert bool(among_all) == (who not in ("nobody", "site_administrator"))


@pytest.mark.parametrize("change", ["until", "ended_at", "from_date", "is_active"])
def test_a_role_that_does_not_count_today_opens_no_row(world, become, change):
    yesterday, now = clock.today() - timedelta(days=1), clock.now()
    with become("ssip_owner"):
        if change == "is_active":
            User.objects.filter(pk=world.psc_lead.pk).update(is_active=False)
        else:
            to = {"until": {"until": yesterday}, "ended_at": {"ended_at": now, "ended_reason": "left"}}
            later = {"from_date": clock.today() + timedelta(days=1)}
            Grant.objects.filter(person=world.psc_lead).update(**to.get(change, later))
    with acting_as(world.psc_lead), connection.cursor() as cursor:
        cursor.execute("SELECT ssip_psc_ids('view_psc'), ssip_ics_ids('view_plan'), ssip_serving_psc_ids('view_plan')")
        assert cursor.fetchone() == (None, None, None)


def test_what_is_held_is_asked_once_in_a_request(world, django_assert_num_queries):
    person = world.psc_lead
    with acting_as(person), django_assert_num_queries(1):
        for permission in ("view_plan", "approve_plan", "view_ics"):
            access.ics_ids(person, permission)


def test_one_learns_nothing_of_what_somebody_else_holds(world):
    with acting_as(world.outsider):
        assert access.ics_ids(world.ics_lead, "view_plan") == []


def test_a_closed_account_holds_nothing(world, become):
    person = world.ics_lead
    with become("ssip_owner"):
        type(person).objects.filter(pk=person.pk).update(is_active=False)
    with acting_as(person):
        assert access.ics_ids(person, "view_plan") == []


def test_a_psc_that_no_longer_serves_an_ics_no_longer_sees_it(world, become):
    with become("ssip_owner"):
        Coverage.objects.filter(ics=world.fenland).update(valid_to="2023-01-01")
    with acting_as(world.psc_lead):
        assert names(world, access.ics_ids(world.psc_lead, "view_plan")) == {"Broadland"}


def test_an_ics_lead_sees_who_is_in_and_who_in_the_psc_decides_but_no_other_ics(world):
    with acting_as(world.ics_lead):
        seen = {grant.person.email.split("@")[0] for grant in Grant.objects.select_related("person")}
    assert {"ics_lead", "quality_lead", "network_member", "psc_lead"} <= seen
    assert not seen & {"sibling_lead", "outsider", "outside_lead", "ward_team", "site_administrator"}


def test_who_would_approve_is_found_by_the_one_who_drafts(world):
    with acting_as(world.ics_lead):
        assert access.holders("approve_plan", world.fenland) == [world.psc_lead]
        assert access.holders("endorse_plan", world.fenland) == [world.quality_lead]


def test_a_superuser_flag_opens_no_record(world, become):
    person = world.nobody
    with become("ssip_owner"):
        type(person).objects.filter(pk=person.pk).update(is_superuser=True)
    person.refresh_from_db()
    with acting_as(person):
        assert access.ics_ids(person, "view_plan") == []
        assert not Grant.objects.exists()


def test_no_table_of_a_tenant_stands_without_a_wall():
    """A column that names an owner means row-level security, or a comment that says why the table is public."""
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT DISTINCT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
            WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
              AND a.attname IN ('psc_id', 'ics_id', 'organisation_id')
              AND NOT c.relrowsecurity AND coalesce(obj_description(c.oid), '') NOT LIKE 'Public:%'
        """)
        assert cursor.fetchall() == []
