"""Direct SQL by people who are signed in, and what the database says to it: no, whatever our code would have said.

Each station of a plan is committed to a database of its own, once; each attack is rolled back.
"""

import re
import threading
import time
import uuid
from datetime import timedelta
from typing import NamedTuple

import pytest
from django.db import Error, connection, connections

from plans import workflow
from plans.models import Plan, Section
from ssip.core import clock
from ssip.core.context import acting_as
from ssip.tenancy import workflow as tenancy
from ssip.tenancy.models import Role
from tests.conftest import _as, _in_postgres
from tests.plans import attacks
from tests.plans.attacks import ATTACKS, BITING
from tests.stories import STATIONS, a_draft, a_network, a_round, a_submitted_plan, moved, written
from tests.world import PEOPLE, World

NO_RIGHT, NO_SECOND = "42501", "23505"
SENTENCE = re.compile(r"'([A-Z](?:[^']|'')*\.)'\s*\)")
FACTS = {
    "plan": "SELECT min(id) FROM plans_plan",
    "spare": "SELECT max(id) FROM plans_plan",
    "ics": "SELECT id FROM tenancy_ics WHERE code = 'XAA'",
    "other_ics": "SELECT id FROM tenancy_ics WHERE code = 'XBB'",
    "network": "SELECT min(id) FROM networks_network",
    "other_network": "SELECT max(id) FROM networks_network",
    "other_round": "SELECT id FROM plans_round WHERE name = '2027 to 2028'",
    "closed_round": "SELECT id FROM plans_round WHERE closed_at IS NOT NULL",
    "endorse": "SELECT min(id) FROM plans_step WHERE name = 'endorse'",
    "approve": "SELECT min(id) FROM plans_step WHERE name = 'approve'",
    "other_endorse": "SELECT max(id) FROM plans_step WHERE name = 'endorse'",
    "aims": "SELECT id FROM plans_section WHERE key = 'aims' ORDER BY plan_id LIMIT 1",
    "why": "SELECT id FROM plans_section WHERE key = 'why' ORDER BY plan_id LIMIT 1",
    "first": "SELECT min(id) FROM plans_planversion",
    "version": "SELECT max(id) FROM plans_planversion",
    "decision": "SELECT max(id) FROM plans_decision",
    "comment": "SELECT max(id) FROM plans_comment",
    "co_author": "SELECT max(id) FROM plans_coauthor",
    "held": "SELECT max(id) FROM plans_helddraft",
    "early_read": "SELECT max(id) FROM plans_earlyread",
    **{name: f"SELECT id FROM core_user WHERE email = '{name}@example.org'" for name in [*PEOPLE, "nobody"]},
}


def a_busy_draft(world):
    """Written, with a co-author, a text kept for them, a comment and an early read."""
    plan = written(world, a_draft(world))
    with acting_as(world.ics_lead):
        aims = Section.objects.get(plan=plan, key="aims")
        workflow.add_co_author(plan, person=world.partner, section=aims, by=world.ics_lead)
        workflow.ask_for_early_read(plan, wanted_by=clock.today() + timedelta(days=7), by=world.ics_lead)
    with acting_as(world.partner):
        workflow.save_section(aims, content={"text": "Too late."}, base_version=0, by=world.partner)
    with acting_as(world.network_member):
        workflow.add_comment(plan, text="Well said.", token=uuid.uuid4(), by=world.network_member)
    return plan


def an_uninvited_co_author(world):
    plan = a_busy_draft(world)
    with acting_as(world.ics_lead):
        workflow.end_co_author(plan.co_authors.get(), by=world.ics_lead)
    return plan


def a_reopened_plan(world):
    plan = moved(world, a_submitted_plan(world), "withdraw", world.ics_lead)
    return moved(world, plan, "reopen", world.ics_lead)


def a_resubmitted_plan(world):
    return moved(world, a_reopened_plan(world), "submit", world.ics_lead)


def a_plan_of_two_hats(world):
    """Who submitted it may endorse elsewhere, and who may endorse wrote a section."""
    with _as("ssip_owner"):
        for who, role in (("ics_lead", Role.ICB_QUALITY_LEAD), ("quality_lead", Role.ICS_LEAD)):
            tenancy.grant(f"{who}@example.org", role, world.fenland, by=None, reason="Two jobs")
    plan = written(world, a_draft(world))
    with acting_as(world.quality_lead):
        section = Section.objects.get(plan=plan, key="aims")
        workflow.save_section(section, content={"text": "Mine."}, base_version=1, by=world.quality_lead)
    return moved(world, plan, "submit", world.ics_lead)


ALL_STATIONS = STATIONS | {
    "draft": a_busy_draft,
    "uninvited": an_uninvited_co_author,
    "reopened": a_reopened_plan,
    "resubmitted": a_resubmitted_plan,
    "two hats": a_plan_of_two_hats,
    "for a race": a_busy_draft,
}


def surroundings(world):
    """A round without a plan of the network, one that is closed, and a plan of another network."""
    a_round(world, [], name="2027 to 2028")
    closed = a_round(world, [], name="2020 to 2021")
    with acting_as(world.psc_administrator):
        workflow.close_round(closed, by=world.psc_administrator)
    a_round(world, [a_network(world, name="Second network of Fenland")], name="2028 to 2029")


@pytest.fixture(scope="module")
def station(django_db_setup, django_db_blocker):
    """`station(name)`: connect to the database where the plan stands there; its FACTS."""
    home, made = connection.settings_dict["NAME"], {}

    def enter(name):
        if connection.settings_dict["NAME"] != name:
            connections.close_all()
            connection.settings_dict["NAME"] = name

    def build(name):
        clone = f"test_clone_{uuid.uuid4().hex[:12]}"
        connections.close_all()
        _in_postgres(f'CREATE DATABASE "{clone}" TEMPLATE "{home}_template"')
        enter(clone)
        ALL_STATIONS[name](World())
        surroundings(World())
        with _as("ssip_owner"), connection.cursor() as cursor:
            facts = {}
            for fact, asked in FACTS.items():
                cursor.execute(asked)
                facts[fact] = (cursor.fetchone() or [None])[0]
        return clone, facts

    def go(name):
        if name not in made:
            made[name] = build(name)
        clone, facts = made[name]
        enter(clone)
        return facts

    with django_db_blocker.unblock():
        try:
            yield go
        finally:
            enter(home)
            for clone, _ in made.values():
                _in_postgres(f'DROP DATABASE "{clone}" WITH (FORCE)')


class Undo(Exception):
    """Nothing of it is to stay."""


class Answer(NamedTuple):
    """What became of the last statement: the rows it touched, or the state and sentence of its refusal."""

    rows: int | None
    state: str = ""
    says: str = ""


def attack(station, case, role="ssip_app"):
    where, who, *statements = case
    facts, touched = station(where), []
    person = getattr(World(), who)
    try:
        with acting_as(person), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL ROLE {role}")
            for statement in statements:
                touched.append(0)
                cursor.execute(statement, facts)
                touched[-1] = cursor.rowcount
            raise Undo
    except Undo:
        answer = Answer(touched[-1])
    except Error as refusal:
        answer = Answer(None, refusal.__cause__.pgcode, refusal.__cause__.diag.message_primary)
    assert len(touched) == len(statements), "a statement before the attack was refused"
    assert 0 not in touched[:-1], "a statement before the attack did nothing"
    return answer


@pytest.mark.parametrize("name", ATTACKS)
def test_the_database_refuses(station, name):
    answer = attack(station, ATTACKS[name])

    assert answer.state == NO_RIGHT or answer.rows == 0


@pytest.mark.parametrize("name", BITING)
def test_it_is_the_guard_that_refuses_since_the_owner_is_not(station, name):
    """The same statement, word for word: no slip of the pen kept it out. ALTER and TRUNCATE count no rows: -1."""
    assert attack(station, BITING[name], role="ssip_owner").rows in (-1, *range(1, 1000))


def test_the_clock_is_refused_whatever_anybody_is(station):
    single = [case for case in ATTACKS.values() if len(case) == 3]

    assert {attack(station, case, role="ssip_worker").state for case in single} == {NO_RIGHT}


def test_every_sentence_of_the_guards_is_heard(station):
    """No condition of a guard is idle: for each there is an attack that only it refuses, or refuses first."""
    heard = {attack(station, case).says for case in ATTACKS.values()}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT p.oid, p.prosrc FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
            " JOIN pg_proc p ON p.oid = t.tgfoid WHERE c.relname LIKE 'plans_%' AND p.prosrc LIKE '%ssip_must%'"
        )
        bodies = " ".join(body for _, body in cursor.fetchall())
    sentences = SENTENCE.findall(bodies)

    assert len(sentences) == bodies.count("ssip_must(") > 30, "a sentence is a constant: no value is put into it"
    assert {sentence.replace("''", "'") for sentence in sentences} <= heard


def test_a_step_decides_about_a_version_once(station):
    again = attacks.decision("quality_lead")

    assert attack(station, ("endorsed", "quality_lead", again)).state == NO_SECOND


def test_a_version_has_its_number_alone(station):
    assert attack(station, ("reopened", "ics_lead", attacks.version("ics_lead", 1))).state == NO_SECOND


def test_a_save_waits_for_a_submission_under_way_and_is_refused(station, django_db_blocker):
    """Two connections: the writer's is at the plan's lock while the submission commits."""
    facts, world, ready, met = station("for a race"), World(), threading.Barrier(2), []

    def write():
        with django_db_blocker.unblock():
            try:
                with acting_as(world.ics_lead), connection.cursor() as cursor:
                    cursor.execute("SELECT pg_backend_pid()")
                    met.append(cursor.fetchone()[0])
                    ready.wait(timeout=10)
                    cursor.execute(attacks.revision("ics_lead"), facts)
            except Error as refusal:
                met.append(str(refusal))
            finally:
                connection.close()

    writer = threading.Thread(target=write)
    with acting_as(world.ics_lead), connection.cursor() as cursor:
        moved(world, Plan(pk=facts["plan"]), "submit", world.ics_lead)
        writer.start()
        ready.wait(timeout=10)
        until = time.monotonic() + 10
        cursor.execute("SELECT 1 FROM pg_locks WHERE pid = %s AND NOT granted", met)
        while not cursor.fetchone():
            assert time.monotonic() < until, "nothing waited for the submission"
            cursor.execute("SELECT 1 FROM pg_locks WHERE pid = %s AND NOT granted", met)
    writer.join(timeout=10)

    assert "not being written" in met[1]
