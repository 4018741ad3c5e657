"""The set-up on a machine where something is missing, and the operator's instructions on a real server."""

import os
import re
import shutil
import subprocess
import sys

import pytest

from ssip.local.postgres import clean_environment
from ssip.local.state import ROOT

TOOLS = ("sh", "dirname", "cat", "cksum", "grep", "mktemp", "rm", "tail")
ROLES = """
SELECT rolname, rolcanlogin, rolcreatedb, rolsuper, rolbypassrls, rolcreaterole, rolreplication, rolinherit,
    ARRAY(SELECT roleid::regrole::text FROM pg_auth_members WHERE member = r.oid ORDER BY 1)
FROM pg_roles r WHERE rolname LIKE 'ssip%' ORDER BY 1;
SELECT datname, pg_get_userbyid(datdba), (SELECT array_agg(acl::text ORDER BY acl::text) FROM unnest(datacl) AS acl)
FROM pg_database WHERE datname = 'ssip';
SELECT nspname, nspowner::regrole, (SELECT array_agg(acl::text ORDER BY acl::text) FROM unnest(nspacl) AS acl)
FROM pg_namespace WHERE nspname = 'public';
"""


@pytest.fixture
def fresh_machine(tmp_path):
    """A checkout without a virtual environment, and a PATH with hardly anything on it."""
    for lock in ROOT.glob("requirements*.lock"):
        shutil.copy(lock, tmp_path)
    (tmp_path / "ssip" / "local").mkdir(parents=True)
    shutil.copy(ROOT / "ssip" / "local" / "setup.sh", tmp_path / "ssip" / "local")
    (tmp_path / "bin").mkdir()
    for tool in TOOLS:
        (tmp_path / "bin" / tool).symlink_to(shutil.which(tool))

    def set_up(**environment: str) -> subprocess.CompletedProcess:
        words = ["sh", str(tmp_path / "ssip" / "local" / "setup.sh")]
        given = {"PATH": str(tmp_path / "bin"), "HOME": str(tmp_path), **environment}
        return subprocess.run(words, env=given, capture_output=True, text=True)

    return set_up


def test_a_machine_without_the_right_python_is_told_so_in_one_sentence(fresh_machine):
    done = fresh_machine()
    assert done.returncode == 1
    assert done.stderr.strip().startswith("Python 3.11 is not on this machine: install it, or name it with PYTHON=")
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_broken_download_is_told_and_leaves_nothing_that_looks_finished(fresh_machine, tmp_path):
    broken = {"PIP_INDEX_URL": "http://127.0.0.1:9/", "PIP_RETRIES": "0", "PIP_CONFIG_FILE": os.devnull}
    done = fresh_machine(PYTHON=sys.executable, **broken)
    assert done.returncode == 1
    assert "check the network, then run the same command again" in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr
    assert not (tmp_path / ".venv" / "made-of").exists()
    assert fresh_machine(PYTHON=sys.executable, **broken).returncode == 1


def psql(servers, statements: str, *words: str, **environment: str) -> str:
    postgres = servers.postgres()
    where = ["-h", "127.0.0.1", "-p", str(postgres.port), "-U", "postgres", "-d", "postgres"]
    password = servers.state.secrets()["postgres"]
    done = subprocess.run(
        [str(postgres.programs / "psql"), "-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1", *where, *words],
        input=statements, env=clean_environment(PGPASSWORD=password, **environment), capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_operators_statements_make_the_same_roles_and_rights_as_the_script(servers):
    servers.start()
    by_script = psql(servers, "\\connect ssip\n" + ROLES)
    assert by_script.count("ssip_") > 3
    psql(servers, "DROP DATABASE ssip; DROP ROLE ssip_owner; DROP ROLE ssip_app; DROP ROLE ssip_worker;")
    manual = (ROOT / "docs" / "operator.md").read_text()
    statements = re.search(r"```sql\n(.*?)```", manual, re.DOTALL)[1]
    psql(servers, statements)
    by_hand = psql(servers, "\\connect ssip\nREVOKE ssip_owner FROM postgres;\n" + ROLES)
    assert by_hand == by_script


def test_the_script_may_be_run_again_and_changes_the_passwords(servers, ask):
    servers.start()
    ask(servers, "owner", "CREATE TABLE kept AS SELECT 42 AS n")
    script = str(ROOT / "ssip" / "local" / "roles.sql")
    psql(servers, "", "-f", script, OWNER_PASSWORD="o'ne", APP_PASSWORD="two", WORKER_PASSWORD="three")
    assert "password authentication failed" in ask(servers, "owner", "SELECT 1")
    servers.state.remember("secrets", servers.state.secrets() | {"owner": "o%27ne", "app": "two"})
    assert ask(servers, "owner", "SELECT n FROM kept") == "42"
    assert ask(servers, "app", "SELECT current_user") == "ssip_app"
