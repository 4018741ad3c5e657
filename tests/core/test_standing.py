"""A process whose walls are down refuses to serve, in one sentence."""

import subprocess
import sys

import pytest
from django.conf import settings
from django.core.checks import run_checks
from django.db import connection

from ssip.core import standing

pytestmark = pytest.mark.django_db


def do(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_walls_of_this_database_stand(settings):
    settings.DATABASE_ROLE = "app"

    assert standing.troubles() == []


@pytest.mark.parametrize(
    ("breaking", "says"),
    [
        (
            "ALTER TABLE plans_plan DISABLE ROW LEVEL SECURITY",
            "The table plans_plan belongs to tenants and has no policy",
        ),
        ("CREATE TABLE more (id int, ics_id bigint)", "The table more belongs to tenants and has no policy"),
        ("CREATE TABLE open (id int, psc_id bigint); ALTER TABLE open ENABLE ROW LEVEL SECURITY", "The table open"),
        ("CREATE VIEW all_plans AS SELECT * FROM plans_plan", "The view all_plans runs as its owner"),
        ("ALTER TABLE core_user DISABLE TRIGGER guard_people", "The guard guard_people on core_user is switched off"),
        ("CREATE VIEW v WITH (security_invoker=false) AS SELECT * FROM plans_plan", "The view v runs as its owner"),
    ],
)
def test_what_stands_open_is_named(settings, become, breaking, says):
    settings.DATABASE_ROLE = "app"
    with become("ssip_owner"):
        do(breaking)
    with become("ssip_app"):
        (found,) = standing.troubles()

    assert found.startswith(says)


@pytest.mark.parametrize(
    "harmless",
    [
        "CREATE TABLE said (id int, ics_id bigint); COMMENT ON TABLE said IS 'Public: for a test'",
        "CREATE VIEW v WITH (security_invoker=true) AS SELECT * FROM plans_plan",
        "CREATE TABLE nobodys (id int)",
    ],
)
def test_what_is_public_or_nobodys_is_no_trouble(settings, become, harmless):
    settings.DATABASE_ROLE = "app"
    with become("ssip_owner"):
        do(harmless)
    assert standing.troubles() == []


def test_a_web_that_connects_as_owner_is_refused(settings, as_owner):
    settings.DATABASE_ROLE = "app"

    assert [sentence for sentence in standing.troubles() if "ssip_owner owns tables" in sentence]


def test_the_check_before_a_release_says_it_too(become):
    with become("ssip_owner"):
        do("CREATE VIEW all_plans AS SELECT * FROM plans_plan")

    assert "core.E002" in {error.id for error in run_checks(databases=["default"])}


def test_the_probe_says_it_too(client, become):
    assert client.get("/ready").status_code == 200
    with become("ssip_owner"):
        do("CREATE VIEW all_plans AS SELECT * FROM plans_plan")
    answer = client.get("/ready")

    assert (answer.status_code, answer.content) == (
        503,
        b"The view all_plans runs as its owner and passes the walls: create it WITH (security_invoker=true).\n",
    )


def test_a_web_process_started_as_owner_does_not_start(committed_db, django_db_blocker):
    import os
    from urllib.parse import urlsplit

    owner = urlsplit(os.environ["OWNER_DATABASE_URL"])._replace(path=f"/{committed_db}").geturl()
    environment = os.environ | {"DATABASE_URL": owner, "SSIP_DATABASE_ROLE": "app", "DEBUG": "true"}
    done = subprocess.run(
        [sys.executable, "-c", "import ssip.wsgi"],
        cwd=settings.BASE_DIR,
        env=environment | {"DJANGO_SETTINGS_MODULE": "ssip.settings"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert "owns tables, so no policy holds for it" in done.stderr.splitlines()[-1]
