"""Servers for one run of tests or checks: their own data, gone afterwards, never the demo's."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from ssip.local.servers import Servers
from ssip.local.state import ROOT, VAR, is_alive

NOBODY_LISTENS = "smtp://127.0.0.1:9"
FOLDER = VAR / "test"


def clear_up(folder: Path) -> None:
    """What a killed run left behind."""
    for each in folder.glob("[0-9]*-*"):
        if not is_alive(int(each.name.split("-")[0])):
            Servers(each).reset()
    for lock in folder.glob(".[0-9]*.lock"):
        if not is_alive(int(lock.name[1:].split("-")[0])):
            lock.unlink(missing_ok=True)


@contextmanager
def throwaway_servers(folder: Path = FOLDER) -> Iterator[dict[str, str]]:
    """The environment of a run. Addresses that the person gave are taken as they are."""
    folder.mkdir(parents=True, exist_ok=True)
    clear_up(folder)
    with tempfile.TemporaryDirectory(prefix=f"{os.getpid()}-", dir=folder, ignore_cleanup_errors=True) as place:
        files = {"PRIVATE_ROOT": f"{place}/private", "STATIC_ROOT": f"{place}/static"}
        for path in files.values():
            Path(path).mkdir()
        common = {"DEBUG": "false", "DEMO": "false", "EMAIL_URL": NOBODY_LISTENS} | files
        servers = Servers(Path(place), fsync=False)
        try:
            yield servers.start() | common
        finally:
            servers.reset()
            Path(folder, f".{Path(place).name}.lock").unlink(missing_ok=True)


def run(words: list[str], environment: Mapping[str, str]) -> int:
    """A program of this virtual environment. Ctrl-C reaches it by itself, SIGTERM is passed on; we stay to clear up."""
    child = subprocess.Popen([sys.executable, *words], cwd=ROOT, env=os.environ | dict(environment))
    before = {
        signal.SIGINT: signal.signal(signal.SIGINT, lambda *_: None),
        signal.SIGTERM: signal.signal(signal.SIGTERM, lambda *_: child.terminate()),
    }
    try:
        code = child.wait()
        return code if code >= 0 else 128 - code  # ended by a signal: said as a shell says it
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
