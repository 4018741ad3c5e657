"""Where the local running ground keeps its things, and the few questions that each of its parts asks."""

import fcntl
import json
import os
import secrets
import shutil
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
VAR = ROOT / "var"
SERVERS_ENV = VAR / "run" / "servers.env"
ADDRESSES = {"app": "DATABASE_URL", "owner": "OWNER_DATABASE_URL", "worker": "WORKER_DATABASE_URL"}
SECRETS = ("secret_key", "postgres", "owner", "app", "worker", "valkey")


class CannotStart(Exception):
    """One sentence for the person at the keyboard: what is wrong and what to do."""


class State:
    """One folder: data of the servers, their secrets, their logs. Two folders never meet."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Two commands at once start one server, not two."""
        self.folder.mkdir(parents=True, exist_ok=True)
        # Beside the folder, not in it: a reset removes the folder while it holds the lock.
        with (self.folder.parent / f".{self.folder.name}.lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def secrets(self) -> dict[str, str]:
        """Made once and kept: sessions and passwords outlive a restart."""
        path = self.folder / "secrets.json"
        if path.exists():
            kept: dict[str, str] = json.loads(path.read_text())
            return kept
        made = {name: secrets.token_urlsafe(48) for name in SECRETS}
        write_private(path, json.dumps(made, indent=1))
        return made

    def remember(self, name: str, value: dict[str, Any]) -> None:
        write_private(self.folder / f"{name}.json", json.dumps(value, indent=1))

    def recall(self, name: str) -> dict[str, Any]:
        path = self.folder / f"{name}.json"
        kept: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}
        return kept

    def remove(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


def write_private(path: Path, content: str | bytes) -> None:
    """Whole or not at all, and for its owner's eyes only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.{os.getpid()}")
    new.unlink(missing_ok=True)
    with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content.encode() if isinstance(content, str) else content)
    new.replace(path)


def read_env(path: Path) -> dict[str, str]:
    lines = path.read_text().splitlines() if path.exists() else []
    return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))


def write_env(path: Path, values: dict[str, str]) -> None:
    head = "# Written when the local servers start; removed when they stop.\n"
    write_private(path, head + "".join(f"{name}={value}\n" for name, value in values.items()))


def port_is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a closed connection's remains do not count
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_port(preferred: int = 0) -> int:
    """The port of the last time if nobody took it since, else any free one."""
    if preferred and port_is_free(preferred):
        return preferred
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    """Asks until it is so or the time is up; the wait between two questions is short."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def is_alive(pid: int) -> bool:
    """Running, and not only waiting for its parent to notice that it has ended."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return not Path("/proc").is_dir()


def processes_in(folder: Path) -> list[int]:
    """Processes whose working folder this is: a server's, whatever name it runs under."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if (entry / "cwd").readlink() == folder:
                found.append(int(entry.name))
        except OSError:  # it ended meanwhile, or is another person's
            continue
    return found


def last_lines(path: Path, count: int = 12) -> str:
    return "\n".join(path.read_text(errors="replace").splitlines()[-count:]) if path.exists() else ""
