import subprocess

import pytest

from ssip.local.postgres import clean_environment
from ssip.local.servers import Servers

NAMED_SERVERS = (
    "DATABASE_URL",
    "OWNER_DATABASE_URL",
    "WORKER_DATABASE_URL",
    "REDIS_URL",
    "SECRET_KEY",
    "EMAIL_URL",
    "PORT",
)


@pytest.fixture
def no_servers_named(monkeypatch):
    """The suite names its own servers in the environment; these tests are about starting some."""
    for name in NAMED_SERVERS:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def servers(tmp_path, no_servers_named):
    found = Servers(tmp_path / "state", fsync=False)
    yield found
    found.reset()


@pytest.fixture
def ask():
    """One statement as one role, by psql: the rows as text, or the server's refusal."""

    def answer(servers: Servers, role: str, statement: str) -> str:
        postgres = servers.postgres()
        done = subprocess.run(
            [str(postgres.programs / "psql"), "-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1", postgres.url(role)],
            input=statement, env=clean_environment(), text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        return done.stdout.strip()

    return answer
