"""The guards themselves: they say what MOVES says, stand on every table and let right work through."""

import pytest
from django.db import Error, connection

from plans import policies
from plans.guards import rows
from plans.models import Plan, Section, Status
from plans.models.plans import WRITABLE
from plans.workflow import MOVES
from ssip.core.context import acting_as
from ssip.tenancy.models import ICS
from tests.plans.attacks import decision, move, revision, save
from tests.stories import a_draft, a_submitted_plan, moved, written

pytestmark = pytest.mark.django_db
GUARDED = {
    "plans_plan": 2, "plans_section": 2, "plans_sectionrevision": 2, "plans_helddraft": 1, "plans_coauthor": 1,
    "plans_earlyread": 1, "plans_comment": 2, "plans_planversion": 1, "plans_versionsection": 1,
    "plans_decision": 1, "plans_publishedplan": 1,
}  # fmt: skip


def found(question, *values):
    with connection.cursor() as cursor:
        cursor.execute(question, values)
        return cursor.fetchall()


def test_the_arrows_in_the_database_are_those_of_the_code():
    assert found("SELECT source, target, move, permission FROM plans_arrow ORDER BY 1, 2, 3, 4") == rows(MOVES)


@pytest.mark.parametrize("arrow", rows(MOVES), ids=" ".join)
def test_each_arrow_names_the_permission_that_the_policy_asks_for(monkeypatch, arrow):
    """Asked of the policy itself: which permission in the plan's ICS does it want of a person who holds none?"""
    source, _, name, permission = arrow
    wanted = []
    monkeypatch.setattr(policies.access, "holds", lambda person, codename, scope: wanted.append(codename))

    assert not MOVES[name].policy(None, Plan(status=source, ics=ICS()))
    assert wanted == [permission]


def test_a_plan_is_written_where_it_can_be_submitted():
    assert {source for source, _, name, _ in rows(MOVES) if name == "submit"} == set(WRITABLE)


def test_every_state_but_the_last_leads_somewhere():
    assert set(Status) - {source for source, *_ in rows(MOVES)} == {Status.SUPERSEDED}


def test_every_table_of_a_plan_has_its_guards_switched_on():
    standing = found("""
        SELECT t.tgrelid::regclass::text, count(*)::int FROM pg_trigger t JOIN pg_proc f ON f.oid = t.tgfoid
        WHERE f.proname LIKE 'ssip_guard%%' AND t.tgenabled = 'O' AND t.tgrelid::regclass::text LIKE 'plans%%'
        GROUP BY 1
    """)
    tenants = found("""
        SELECT DISTINCT attrelid::regclass::text FROM pg_attribute
        WHERE attname = 'ics_id' AND attrelid::regclass::text LIKE 'plans%%' AND attrelid IN
              (SELECT oid FROM pg_class WHERE relkind = 'r')
    """)

    assert dict(standing) == GUARDED
    assert {table for (table,) in tenants} == set(GUARDED)


def test_no_function_of_ours_can_be_led_astray_by_a_search_path():
    loose = found("""
        SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND proname LIKE 'ssip%%'
        AND NOT coalesce(array_to_string(proconfig, ' '), '') LIKE '%%search_path=%%'
    """)

    assert loose == []


def test_who_wrote_is_not_told_to_who_asks(world):
    plan = a_draft(world)
    with pytest.raises(Error, match="permission denied"), acting_as(world.ics_lead):
        found("SELECT ssip_authors(%s)", plan.pk)


# What the pages do, in the same words of SQL as the attacks: a guard that refused everything would fail here.


def facts_of(world, plan):
    with acting_as(world.ics_lead):
        return {
            "plan": plan.pk,
            "ics": plan.ics_id,
            "aims": Section.objects.get(plan=plan, key="aims").pk,
            "version": plan.versions.values_list("pk", flat=True).first(),
            "endorse": plan.round.steps.get(name="endorse").pk,
            "ics_lead": world.ics_lead.pk,
            "quality_lead": world.quality_lead.pk,
        }


def do(person, facts, *statements):
    with acting_as(person), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement, facts)
            assert cursor.rowcount == 1


def test_a_decision_and_its_move_in_plain_sql_are_taken(world):
    plan = a_submitted_plan(world)
    do(world.quality_lead, facts_of(world, plan), decision("quality_lead"), move("endorsed"))

    with acting_as(world.ics_lead):
        assert Plan.objects.get(pk=plan.pk).status == Status.ENDORSED


def test_a_save_in_plain_sql_is_taken_with_its_history(world):
    plan = written(world, a_draft(world))
    do(world.ics_lead, facts_of(world, plan), revision("ics_lead"), save("ics_lead"))

    with acting_as(world.ics_lead):
        assert Section.objects.get(plan=plan, key="aims").text == "Mine."


def test_words_that_a_submission_overtook_are_refused_in_the_same_transaction(world):
    plan = written(world, a_draft(world))
    facts = facts_of(world, plan)

    def in_one_go():
        with acting_as(world.ics_lead):
            do(world.ics_lead, facts, revision("ics_lead"))
            moved(world, plan, "submit", world.ics_lead)
            do(world.ics_lead, facts, save("ics_lead"))

    with pytest.raises(Error, match="not being written"):
        in_one_go()


def test_a_row_of_a_savepoint_is_of_this_transaction_and_one_of_yesterday_is_not(world):
    plan = a_draft(world)
    with acting_as(world.ics_lead):
        ((now,),) = found("SELECT ssip_made_now(xmin) FROM plans_plan WHERE id = %s", plan.pk)
        ((before,),) = found("SELECT bool_or(ssip_made_now(xmin)) FROM tenancy_ics")

    assert (now, before) == (True, False)
