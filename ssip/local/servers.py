"""PostgreSQL and Valkey of this checkout: `python -m ssip.local.servers start|stop|status|reset`."""

import argparse
import os
import sys
from pathlib import Path

from ssip.local.postgres import Postgres
from ssip.local.state import ADDRESSES, SERVERS_ENV, VAR, CannotStart, State, read_env, write_env
from ssip.local.valkey import Valkey

DEFAULTS = {
    "DEMO": "true",
    "DEBUG": "true",
    "SITE_URL": "http://127.0.0.1:8000",
    "EMAIL_URL": "smtp://127.0.0.1:1025",
}


class Servers:
    """Both, in one state folder."""

    def __init__(self, folder: Path, *, fsync: bool = True) -> None:
        self.state = State(folder)
        self.fsync = fsync

    def postgres(self) -> Postgres:
        return Postgres(self.state, fsync=self.fsync)

    def valkey(self) -> Valkey:
        return Valkey(self.state)

    def start(self) -> dict[str, str]:
        """Their addresses. What already runs is left as it is."""
        with self.state.lock():
            postgres, valkey = self.postgres(), self.valkey()
            postgres.start()
            valkey.start()
        return {
            "SECRET_KEY": self.state.secrets()["secret_key"],
            "DATABASE_URL": postgres.url("app"),
            "OWNER_DATABASE_URL": postgres.url("owner"),
            "WORKER_DATABASE_URL": postgres.url("worker"),
            "REDIS_URL": valkey.url(),
        }

    def stop(self) -> None:
        with self.state.lock():
            self.postgres().stop()
            self.valkey().stop()

    def reset(self) -> None:
        """Stops them and throws away what they hold."""
        with self.state.lock():
            self.postgres().remove()
            self.valkey().stop()
            self.state.remove()

    def running(self) -> dict[str, int | None]:
        return {"PostgreSQL": self.postgres().pid(), "Valkey": self.valkey().pid()}


def addresses_given() -> bool:
    """All of them in the environment: then nothing is started. Some of them: a mistake, said at once."""
    wanted = (*ADDRESSES, "REDIS_URL")
    missing = [name for name in wanted if not os.environ.get(name)]
    if missing and any(os.environ.get(name) for name in ADDRESSES):
        raise CannotStart(
            f"{' and '.join(missing)} not set: give the three database addresses and REDIS_URL together, or none of them."
        )
    return not missing


def publish(addresses: dict[str, str], path: Path = SERVERS_ENV) -> None:
    """Where manage.py finds them. What was said there before about the site stays said."""
    write_env(path, DEFAULTS | read_env(path) | addresses)


def main(words: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m ssip.local.servers", description=__doc__)
    parser.add_argument("what", choices=("start", "stop", "status", "reset"))
    parser.add_argument("--state", type=Path, default=VAR / "demo", help="folder of their data (var/demo)")
    given = parser.parse_args(words)
    servers = Servers(given.state)
    if given.what == "start":
        publish(servers.start())
    elif given.what == "stop":
        servers.stop()
        SERVERS_ENV.unlink(missing_ok=True)
    elif given.what == "reset":
        servers.reset()
        SERVERS_ENV.unlink(missing_ok=True)
    running = servers.running()
    for name, pid in running.items():
        print(f"{name}: {f'running, process {pid}' if pid else 'not running'}")
    return 0 if all(running.values()) or given.what in ("stop", "reset") else 3


if __name__ == "__main__":
    try:
        sys.exit(main())
    except CannotStart as trouble:
        sys.exit(f"{trouble}")
