"""The bench's own judgement: what it says of a plan of the database and of a ratio; and the crowd, in small."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ssip.core.context import acting_as
from ssip.core.models import User
from ssip.demo.bench import crowd, explain, reads, walls
from ssip.demo.bench.explain import Index, Reach
from ssip.tenancy.models import Role

WALLED = {"task", "tenancy_grant"}
INDEXES = {
    "task_pkey": Index("task", ("id",), True),
    "open_tasks": Index("task", ("ics_id", "permission"), False),
    "by_day": Index("task", ("opened_at", "ics_id"), False),
    "by_words": Index("task", ("",), False),
    "once_a_day": Index("task", ("day", "number"), True),
    "own_roles": Index("tenancy_grant", ("person_id",), False),
    "kinds_pkey": Index("kinds", ("id",), True),
}
SMALL = crowd.Size(to_do=3000, done=1000, dates=1000, rounds=6, loud="XAA", quiet="XBB")


def faults(*nodes):
    plan = {"Node Type": "Limit", "Plans": [{"Node Type": "Nested Loop", "Plans": list(nodes)}]}
    return [reach.fault for reach in explain.reaches(plan, WALLED, INDEXES) if reach.fault]


def by(index, condition="", kind="Index Scan", **more):
    return {"Node Type": kind, "Index Name": index, **({"Index Cond": condition} if condition else {}), **more}


@pytest.mark.parametrize(
    "node",
    [
        by("open_tasks", "((ics_id = ANY ((InitPlan 1).col1)) AND ((permission)::text = 'draft_plan'::text))"),
        by("task_pkey", "(id = plan.task_id)"),
        by("once_a_day", "((day = '2026-11-23'::date) AND (number = 3))"),
        by("own_roles", "(person_id = 7)"),
        {"Node Type": "Seq Scan", "Relation Name": "kinds"},
        by("kinds_pkey"),
        {
            "Node Type": "Bitmap Heap Scan",
            "Relation Name": "task",
            "Plans": [by("open_tasks", "(ics_id = 4)", "Bitmap Index Scan")],
        },
    ],
    ids=lambda node: f"{node['Node Type']} {node.get('Index Cond', '')}",
)
def test_a_plan_that_keeps_to_the_tenant_has_no_fault(node):
    assert faults(node) == []


@pytest.mark.parametrize(
    "node",
    [
        by("task_pkey"),
        by("task_pkey", "(id < 400)"),
        by("by_day", "((opened_at > now()) AND (ics_id = 4))"),
        by("by_words", "(lower(verb) = 'draft')"),
        by("once_a_day", "(day = '2026-11-23'::date)"),
        by("open_tasks", "((permission)::text = 'draft_plan'::text)"),
        by("open_tasks", "(plan.ics_id = 4)"),
        by("open_tasks", "(lead_ics_id = 4)"),
        by("by_day", "(opened_at > now())", "Bitmap Index Scan"),
        by("by_day", kind="Index Only Scan"),
    ],
    ids=lambda node: f"{node['Index Name']} {node.get('Index Cond', '')}",
)
def test_an_index_over_every_tenant_is_a_fault(node):
    (fault,) = faults(node)
    assert fault == f"task is walked by {node['Index Name']}, which the tenant does not begin"


def test_a_table_of_tenants_that_is_read_as_a_whole_is_a_fault_however_deep():
    below = {"Node Type": "Hash", "Plans": [{"Node Type": "Seq Scan", "Relation Name": "task"}]}
    assert faults({"Node Type": "Hash Join", "Plans": [by("kinds_pkey"), below]}) == ["task is read as a whole"]


def cost(with_walls, without, *reached):
    read = reads.Read("a reader", None, "a list", None)
    return walls.Cost(read, times={True: [with_walls] * 3, False: [without] * 3}, reaches={"1": list(reached)})


def test_a_read_within_the_limit_by_its_tenants_index_passes():
    assert cost(1.5, 1.0, Reach("task", "open_tasks")).faults() == []


def test_a_read_that_costs_more_and_goes_astray_is_named_for_both():
    found = cost(1.6, 1.0, Reach("task", "", "task is read as a whole")).faults()
    assert found == [
        "a list (a reader): task is read as a whole",
        "a list (a reader): the p50 is 1.60 times that without row-level security",
    ]


@pytest.mark.parametrize("command", ["load_crowd", "bench_walls"])
def test_neither_command_runs_outside_a_demonstration(settings, command):
    settings.DEMO = False
    with pytest.raises(CommandError, match="demo"):
        call_command(command, "--thrown-away")


@pytest.mark.parametrize("command", ["load_crowd", "bench_walls"])
def test_neither_command_runs_unless_the_database_may_be_thrown_away(settings, command):
    settings.DEMO = True
    with pytest.raises(CommandError, match="--thrown-away"):
        call_command(command)


@pytest.fixture
def in_a_small_crowd(db, as_owner, become):
    made = crowd.load(SMALL)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute("SET LOCAL enable_seqscan = off")  # so few rows would else be read as a whole, and rightly
    with become("ssip_app"):
        yield made


def test_in_a_small_crowd_every_query_of_the_quiet_ics_keeps_to_its_tenant(in_a_small_crowd):
    assert in_a_small_crowd["reminders_task"] >= SMALL.to_do + SMALL.done
    person = User.objects.get(email=crowd.email(SMALL.quiet, Role.ICS_LEAD))
    walled, indexes = explain.walled_tables(), explain.known_indexes()
    asked = {}
    for read in reads.models("quiet", person):
        with acting_as(person):
            with CaptureQueriesContext(connection) as queries:
                read.once()
            plans = [explain.plan_of(each["sql"], None) for each in queries if each["sql"].startswith("SELECT")]
        asked[read.name] = {reach for plan in plans for reach in explain.reaches(plan, walled, indexes)}

    assert {
        name: {reach.table for reach in found} >= {"reminders_task"} for name, found in asked.items()
    } == dict.fromkeys(["list of work", "one piece of work", "list of plans", "one plan"], True)
    assert [reach for found in asked.values() for reach in found if reach.fault] == []
