"""Small processes of our own instead of the site's: what the supervisor does when they end or will not."""

import os
import signal
import socket
import subprocess
import sys
import threading

import pytest

from ssip.local import demo, supervisor
from ssip.local.state import ROOT, CannotStart, is_alive, wait_until
from ssip.local.supervisor import Process, Supervisor

STUBBORN_PARENT = """
import subprocess, sys, pathlib
code = "import signal, time; signal.signal(15, signal.SIG_IGN); print('up', flush=True); time.sleep(600)"
child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
child.stdout.readline()
pathlib.Path(sys.argv[1]).write_text(str(child.pid))
child.wait()
"""
LASTING = "import pathlib, os, sys, time; pathlib.Path(sys.argv[1]).write_text(str(os.getpid())); time.sleep(600)"


@pytest.fixture(autouse=True)
def own_signals():
    """A supervisor takes over the signals of its process: give them back."""
    kept = {each: signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    yield
    for each, handler in kept.items():
        signal.signal(each, handler)


@pytest.fixture
def process(tmp_path):
    made = []

    def make(code: str) -> Process:
        words = ["-c", code, str(tmp_path / "pid")]
        made.append(Process("trial", words, dict(os.environ), tmp_path / "trial.log"))
        return made[-1]

    yield make
    for each in made:
        each.tell(signal.SIGKILL)


def pid_in(path) -> int:
    assert wait_until(lambda: path.exists() and path.read_text() != "", 10)
    return int(path.read_text())


def test_a_process_that_ends_is_started_again(process, tmp_path, monkeypatch):
    monkeypatch.setattr(supervisor, "FIRST_WAIT", 0.05)
    watched = Supervisor([process(LASTING)])
    watched.start()
    first = pid_in(tmp_path / "pid")
    (tmp_path / "pid").unlink()
    os.kill(first, signal.SIGKILL)

    def revived() -> bool:
        watched.look_after_all()
        return (tmp_path / "pid").exists()

    assert wait_until(revived, 10)
    assert pid_in(tmp_path / "pid") != first
    watched.stop()


def test_a_process_that_does_not_stay_up_ends_the_whole_with_the_end_of_its_log(process, monkeypatch):
    monkeypatch.setattr(supervisor, "FIRST_WAIT", 0.01)
    watched = Supervisor([process("import sys; sys.exit('no such setting: COLOUR')")])
    watched.start()
    with pytest.raises(CannotStart, match=r"trial does not stay up(.|\n)*no such setting: COLOUR"):
        watched.watch()


def test_a_stop_leaves_no_process_not_even_a_grandchild_that_ignores_it(process, tmp_path, monkeypatch):
    monkeypatch.setattr(supervisor, "PATIENCE", 0.5)
    watched = Supervisor([process(STUBBORN_PARENT)])
    watched.start()
    grandchild = pid_in(tmp_path / "pid")
    watched.stop()
    assert wait_until(lambda: not is_alive(grandchild), 5)


def test_ctrl_c_ends_the_watch(process, tmp_path):
    watched = Supervisor([process(LASTING)])
    watched.start()
    child = pid_in(tmp_path / "pid")
    threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGINT)).start()
    watched.watch()
    watched.stop()
    assert not is_alive(child)


def test_processes_end_with_a_supervisor_that_is_killed_outright(tmp_path):
    words = ["-c", LASTING, str(tmp_path / "pid")]
    code = f"""
import os, pathlib, time
from ssip.local.supervisor import Process
Process("trial", {words!r}, dict(os.environ), pathlib.Path({str(tmp_path / "log")!r})).start()
time.sleep(600)
"""
    parent = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT)
    child = pid_in(tmp_path / "pid")
    parent.kill()
    parent.wait()
    assert wait_until(lambda: not is_alive(child), 5)


def test_a_taken_port_is_told_with_what_to_do(monkeypatch):
    with socket.socket() as stranger:
        stranger.bind(("127.0.0.1", 0))
        stranger.listen()
        taken = stranger.getsockname()[1]
        monkeypatch.setenv("PORT", str(taken))
        with pytest.raises(CannotStart, match=f"Port {taken} is taken: .* PORT="):
            demo.chosen_port()
    assert demo.chosen_port() == taken


@pytest.mark.parametrize("wrong", ["eighty", "0", "70000", "-1"])
def test_a_port_that_is_none_is_told(monkeypatch, wrong):
    monkeypatch.setenv("PORT", wrong)
    with pytest.raises(CannotStart, match=f"PORT={wrong} is not a port"):
        demo.chosen_port()


def test_a_reset_refuses_to_empty_databases_that_it_did_not_make(monkeypatch, tmp_path):
    for name in ("DATABASE_URL", "OWNER_DATABASE_URL", "WORKER_DATABASE_URL"):
        monkeypatch.setenv(name, "postgres://elsewhere/ssip")
    kept = tmp_path / "state" / "kept"
    kept.parent.mkdir()
    kept.touch()
    with pytest.raises(CannotStart, match="unset the database addresses"):
        demo.reset(demo.Servers(tmp_path / "state"))
    assert kept.exists()


def test_the_demo_runs_each_process_as_the_role_that_it_needs():
    roles = {each.name: each.environment["SSIP_DATABASE_ROLE"] for each in demo.processes({}, 8000, 0, 0)}
    assert roles == {"web": "app", "clock": "worker", "jobs": "app", "beat": "worker"}
