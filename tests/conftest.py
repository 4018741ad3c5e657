"""The ground of every test: one migrated database a worker, asked as the web's role.

The connection belongs to the owner of the tables; after set-up each new connection becomes
`ssip_app`. A test that sets something up asks for `as_owner`, one about the clock for `as_worker`.
"""

import os
import threading
import uuid
from contextlib import contextmanager

import pytest
from django.db import connection, connections
from django.db.backends.signals import connection_created
from psycopg2 import errors

from ssip.core import sessions
from ssip.core.standing import PASSES_WALLS
from tests.world import build_world

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright runs a loop in the thread of the test


def _become_the_web(sender, connection, **kwargs):
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE ssip_app")


def _refuse_another_role():
    """A suite that asks as owner or superuser is green with every wall down."""
    with connection.cursor() as cursor:
        cursor.execute(f"{PASSES_WALLS} UNION ALL SELECT current_user WHERE current_user <> 'ssip_app'")
        if found := cursor.fetchone():
            pytest.exit(f"The suite asks as {found[0]}: it must be ssip_app, which no wall lets through.", returncode=3)


@contextmanager
def _as(role):
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        before = cursor.fetchone()[0]
        cursor.execute(f"SET ROLE {role}")
    try:
        yield
    finally:
        if not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute(f"SET ROLE {before}")


@pytest.fixture(scope="session")
def django_db_setup(django_db_modify_db_settings, django_db_blocker):
    """Migrate as owner, build the mirror world once, then every connection is the web's."""
    from django.test.utils import setup_databases

    with django_db_blocker.unblock():
        config = setup_databases(verbosity=0, interactive=False, serialized_aliases=[])
        build_world()
        connection.close()
        template = f"{connection.settings_dict['NAME']}_template"
        _in_postgres(f'CREATE DATABASE "{template}" TEMPLATE "{connection.settings_dict["NAME"]}"')
        connection_created.connect(_become_the_web, dispatch_uid="web")
        _refuse_another_role()
    yield
    with django_db_blocker.unblock():
        connection_created.disconnect(dispatch_uid="web")
        connections.close_all()
        _drop(template)
        for each, before, _ in config:
            _drop(each.settings_dict["NAME"])
            each.settings_dict["NAME"] = before


@pytest.fixture(autouse=True)
def no_minute_passes(monkeypatch):
    """A session is written once a minute: where queries are counted, no minute may end between two pages."""
    monkeypatch.setattr(sessions, "ONCE_A", 10**10)


@pytest.fixture
def as_owner(db):
    with _as("ssip_owner"):
        yield


@pytest.fixture
def as_worker(db):
    with _as("ssip_worker"):
        yield


@pytest.fixture
def become(db):
    """`with become("ssip_worker"):` for a part of a test."""
    return _as


@pytest.fixture
def committed_db(django_db_setup, django_db_blocker):
    """A clone of the database for a test that commits; nothing is flushed, the clone is dropped."""
    name, clone = connection.settings_dict["NAME"], f"test_clone_{uuid.uuid4().hex[:12]}"
    with django_db_blocker.unblock():
        connections.close_all()
        # Of the template, which nobody is connected to.
        _in_postgres(f'CREATE DATABASE "{clone}" TEMPLATE "{name}_template"')
        connection.settings_dict["NAME"] = clone
        try:
            yield clone
        finally:
            connections.close_all()
            connection.settings_dict["NAME"] = name
            _drop(clone)


@pytest.fixture
def at_once(committed_db, django_db_blocker):
    """Run each of these at the same moment on a connection of its own; their answers or errors, in order."""

    def run(*jobs):
        barrier, answers = threading.Barrier(len(jobs)), [None] * len(jobs)

        def work(number, job):
            try:
                with django_db_blocker.unblock():
                    connection.ensure_connection()
                    barrier.wait(timeout=10)
                    answers[number] = job()
            except Exception as trouble:
                answers[number] = trouble
            finally:
                connection.close()

        threads = [threading.Thread(target=work, args=each) for each in enumerate(jobs)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        return answers

    with django_db_blocker.unblock():
        yield run


def _drop(name):
    """The session of a test's thread may still be on its way out, so it is forced where waiting is not enough.

    Not at once: nobody but a superuser may force out the server's own vacuum, which waiting sends away.
    """
    try:
        _in_postgres(f'DROP DATABASE "{name}"')
    except errors.ObjectInUse:
        _in_postgres(f'DROP DATABASE "{name}" WITH (FORCE)')


def _in_postgres(statement):
    """A statement that no transaction may surround, from the maintenance database, as the owner."""
    import psycopg2

    settings = connection.settings_dict
    there = psycopg2.connect(
        host=settings["HOST"],
        port=settings["PORT"],
        user=settings["USER"],
        password=settings["PASSWORD"],
        dbname="postgres",
    )
    there.autocommit = True
    try:
        with there.cursor() as cursor:
            cursor.execute(statement)
    finally:
        there.close()


@pytest.fixture
def world(db):
    from tests.world import World

    return World()


@pytest.fixture
def as_(client):
    """`as_(world.ics_lead).get(...)`: the same browser, signed in as one person after another."""

    def sign_in(person):
        client.force_login(person)
        return client

    return sign_in


def pytest_terminal_summary(terminalreporter):
    """How much was tried at the doors, over all workers."""
    reports = [each for some in terminalreporter.stats.values() for each in some if getattr(each, "when", "") == "call"]
    for what in ("cells of the matrix", "posts with others' ids"):
        if tried := sum(count for each in reports for name, count in each.user_properties if name == what):
            terminalreporter.write_line(f"Doors: {tried:,} {what} tried.")
