"""PostgreSQL and Valkey as the launcher starts them. Each test has servers of its own."""

import os
import signal
import socket
from pathlib import Path

import pytest

from ssip.local import postgres as postgres_module
from ssip.local.servers import Servers, databases_given, main, publish, withdraw
from ssip.local.state import CannotStart, free_port, is_alive, processes_in, read_env, wait_until

WANTED_ROLES = {
    "ssip_owner": "login createdb",
    "ssip_app": "login",
    "ssip_worker": "login",
}
ROLES = """
SELECT rolname, concat_ws(' ', CASE WHEN rolcanlogin THEN 'login' END, CASE WHEN rolcreatedb THEN 'createdb' END,
    CASE WHEN rolsuper THEN 'superuser' END, CASE WHEN rolbypassrls THEN 'bypassrls' END,
    CASE WHEN rolcreaterole THEN 'createrole' END, CASE WHEN rolreplication THEN 'replication' END)
FROM pg_roles WHERE rolname LIKE 'ssip%'
"""


def pids(servers: Servers) -> set[int]:
    running = set(servers.running().values())
    assert None not in running
    return running


def listening_addresses(port: int) -> set[str]:
    """Local addresses on which anybody listens at this port, as the kernel lists them."""
    found = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        for line in Path(table).read_text().splitlines()[1:]:
            address, state = line.split()[1], line.split()[3]
            if state == "0A" and int(address.rpartition(":")[2], 16) == port:
                found.add(address.rpartition(":")[0])
    return found


def kill_outright(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
    assert wait_until(lambda: not is_alive(pid), 5)


def test_a_second_start_finds_the_running_servers(servers):
    first = servers.start()
    before = pids(servers)
    assert servers.start() == first
    assert pids(servers) == before


def test_the_servers_listen_on_the_loopback_only(servers):
    servers.start()
    for port in (servers.postgres().port, servers.valkey().port):
        assert listening_addresses(port) == {"0100007F"}


def test_each_role_can_do_what_it_needs_and_none_passes_row_security(servers, ask):
    servers.start()
    rows = dict(line.split("|") for line in ask(servers, "owner", ROLES).splitlines())
    assert rows == WANTED_ROLES


def test_the_owner_can_take_on_the_other_roles_and_they_cannot_take_on_the_owner(servers, ask):
    servers.start()
    for role in ("app", "worker"):
        assert ask(servers, "owner", f"SET ROLE ssip_{role}; SELECT current_user") == f"ssip_{role}"
        assert "permission denied" in ask(servers, role, "SET ROLE ssip_owner")


def test_only_the_owner_makes_tables(servers, ask):
    servers.start()
    assert ask(servers, "owner", "CREATE TABLE kept (n int)") == ""
    for role in ("app", "worker"):
        assert "permission denied" in ask(servers, role, "CREATE TABLE stray (n int)")
        assert "permission denied" in ask(servers, role, "CREATE TEMPORARY TABLE stray (n int)")
        assert "permission denied" in ask(servers, role, "CREATE DATABASE stray")


def test_a_wrong_password_is_refused_by_both_servers(servers, ask):
    servers.start()
    postgres, valkey = servers.postgres(), servers.valkey()
    secrets = servers.state.secrets()
    servers.state.remember("secrets", secrets | {"app": "wrong"})
    assert "password authentication failed" in ask(servers, "app", "SELECT 1")
    servers.state.remember("secrets", secrets)
    with socket.create_connection(("127.0.0.1", valkey.port)) as connection:
        connection.sendall(b"GET anything\r\n")
        assert connection.recv(100).startswith(b"-NOAUTH")
    assert postgres.pid()


def test_what_was_committed_outlives_a_kill_of_the_database(servers, ask):
    addresses = servers.start()
    ask(servers, "owner", "CREATE TABLE kept AS SELECT 42 AS n")
    kill_outright(servers.postgres().pid())
    assert servers.running()["PostgreSQL"] is None
    assert servers.start() == addresses
    assert ask(servers, "owner", "SELECT n FROM kept") == "42"


def test_a_killed_broker_is_started_again(servers):
    addresses = servers.start()
    kill_outright(servers.valkey().pid())
    assert servers.running()["Valkey"] is None
    assert servers.start() == addresses
    assert pids(servers)


def test_a_stop_keeps_data_passwords_and_ports(servers, ask):
    addresses = servers.start()
    ask(servers, "owner", "CREATE TABLE kept AS SELECT 42 AS n")
    before = pids(servers)
    servers.stop()
    assert not any(is_alive(pid) for pid in before)
    assert servers.start() == addresses
    assert ask(servers, "owner", "SELECT n FROM kept") == "42"


def test_a_reset_leaves_neither_data_nor_processes(servers):
    servers.start()
    before, data = pids(servers), servers.postgres().data
    servers.reset()
    assert not any(is_alive(pid) for pid in before)
    assert not servers.state.folder.exists()
    assert processes_in(data) == []


def bound(stranger, port):
    try:
        stranger.bind(("127.0.0.1", port))
    except OSError:
        return False
    return True


def test_a_taken_port_makes_the_next_start_choose_another(servers):
    servers.start()
    taken = servers.postgres().port
    servers.stop()
    with socket.socket() as stranger:
        # What is left of closed connections does not count, as for the server itself; somebody's own connection that
        # happens to leave from this port ends.
        stranger.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        assert wait_until(lambda: bound(stranger, taken), 30)
        stranger.listen()
        servers.start()
        assert servers.postgres().port != taken
        assert servers.running()["PostgreSQL"]


def test_a_pid_file_that_names_a_stranger_does_not_keep_the_database_out(servers):
    servers.start()
    postgres = servers.postgres()
    stale = (postgres.data / "postmaster.pid").read_text().splitlines()
    kill_outright(postgres.pid())
    (postgres.data / "postmaster.pid").write_text("\n".join([str(os.getpid()), *stale[1:]]) + "\n")
    assert servers.running()["PostgreSQL"] is None
    servers.start()
    assert servers.running()["PostgreSQL"]


def test_a_persons_own_database_settings_lead_nowhere_else(servers, monkeypatch):
    for name, value in {"PGHOST": "192.0.2.1", "PGPORT": "1", "PGDATA": "/nowhere", "PGUSER": "x"}.items():
        monkeypatch.setenv(name, value)
    servers.start()
    assert pids(servers)


def test_postgresql_never_runs_as_root_even_where_namespaces_are_not_allowed(servers, monkeypatch):
    asked = postgres_module.works
    monkeypatch.setattr(
        postgres_module, "works", lambda account, command: account != "namespace" and asked(account, command)
    )
    servers.start()
    pid = servers.running()["PostgreSQL"]
    assert pid
    owner = next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("Uid:"))
    assert "0" not in owner.split()[1:]
    kept = servers.postgres().data
    servers.stop()
    servers.start()
    assert servers.postgres().data == kept
    servers.reset()
    assert not kept.exists()


def test_data_of_another_version_are_refused_with_what_to_do(servers):
    servers.start()
    servers.stop()
    (servers.postgres().data / "PG_VERSION").write_text("9\n")
    with pytest.raises(CannotStart, match=r"PostgreSQL 9 .*make demo-reset"):
        servers.start()


def test_some_of_the_database_addresses_are_refused(no_servers_named, monkeypatch):
    assert not databases_given()
    monkeypatch.setenv("DATABASE_URL", "postgres://elsewhere/ssip")
    with pytest.raises(CannotStart, match="OWNER_DATABASE_URL and WORKER_DATABASE_URL not set"):
        databases_given()


def test_servers_that_the_environment_names_are_not_started(servers, monkeypatch):
    named = {
        name: f"postgres://{name.lower()}/ssip"
        for name in ("DATABASE_URL", "OWNER_DATABASE_URL", "WORKER_DATABASE_URL")
    }
    named |= {"REDIS_URL": "redis://elsewhere/0", "SECRET_KEY": "ours"}
    for name, value in named.items():
        monkeypatch.setenv(name, value)
    assert servers.start() == named
    assert set(servers.running().values()) == {None}


def test_the_addresses_are_published_for_their_owner_alone_and_withdrawn_with_the_servers(servers, tmp_path):
    path = tmp_path / "run" / "servers.env"
    publish(servers.start() | {"SITE_URL": "http://127.0.0.1:8123"}, path)
    assert path.stat().st_mode & 0o077 == 0
    publish(servers.start(), path)
    assert read_env(path)["SITE_URL"] == "http://127.0.0.1:8123"
    assert read_env(path)["DATABASE_URL"] == servers.postgres().url("app")
    withdraw(Servers(tmp_path / "another"), path)
    assert path.exists()
    withdraw(servers, path)
    assert not path.exists()


def test_the_status_of_servers_that_do_not_run_is_a_failure(tmp_path, capsys):
    assert main(["status", "--state", str(tmp_path / "none")]) == 3
    assert capsys.readouterr().out.count("not running") == 2


def test_a_free_port_is_the_preferred_one_unless_it_is_taken():
    with socket.socket() as stranger:
        stranger.bind(("127.0.0.1", 0))
        taken = stranger.getsockname()[1]
        assert free_port(taken) != taken
    assert free_port(taken) == taken
