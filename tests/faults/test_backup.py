"""A backup made as the owner holds every row of every tenant, walls and all, and restores elsewhere."""

import os
import subprocess
import uuid

import psycopg2
import pytest
from django.db import connection

from ssip.local.postgres import binaries
from tests.conftest import _in_postgres
from tests.stories import a_published_plan
from tests.world import World

pytestmark = pytest.mark.faults


def counts(database):
    """Rows of each table, asked as the owner; and which tables have row-level security."""
    settings = connection.settings_dict
    there = psycopg2.connect(
        host=settings["HOST"], port=settings["PORT"], user=settings["USER"], password=settings["PASSWORD"],
        dbname=database,
    )  # fmt: skip
    try:
        with there.cursor() as cursor:
            cursor.execute(
                "SELECT relname, relrowsecurity FROM pg_class"
                " WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
            )
            walls = dict(cursor.fetchall())
            rows = {}
            for table in walls:
                cursor.execute(f'SELECT count(*) FROM "{table}"')
                rows[table] = cursor.fetchone()[0]
    finally:
        there.close()
    return rows, walls


def run(program, *words):
    settings = connection.settings_dict
    where = ["-h", settings["HOST"], "-p", str(settings["PORT"]), "-U", settings["USER"]]
    done = subprocess.run(
        [binaries() / program, *where, *words],
        env=os.environ | {"PGPASSWORD": settings["PASSWORD"]},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_a_backup_of_the_owner_restores_with_every_row_and_every_wall(committed_db, django_db_blocker, tmp_path):
    with django_db_blocker.unblock():
        a_published_plan(World())
    before, walls = counts(committed_db)
    restored, file = f"test_restored_{uuid.uuid4().hex[:8]}", str(tmp_path / "backup")

    run("pg_dump", "--format=custom", f"--file={file}", committed_db)
    _in_postgres(f'CREATE DATABASE "{restored}"')
    try:
        run("pg_restore", "--exit-on-error", f"--dbname={restored}", file)
        after, walls_after = counts(restored)
    finally:
        _in_postgres(f'DROP DATABASE "{restored}" WITH (FORCE)')

    assert after == before
    assert walls_after == walls
    assert before["plans_plan"] == 1
    assert before["core_auditevent"] > 10
    assert walls["plans_plan"]
