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
        """The settings of a site on them. What the environment names is taken as it is; what already runs, too."""
        postgres, valkey = self.postgres(), self.valkey()
        with self.state.lock():
            found = {"SECRET_KEY": os.environ.get("SECRET_KEY") or self.state.secrets()["secret_key"]}
            if databases_given():
                found |= {name: os.environ[name] for name in ADDRESSES.values()}
            else:
                postgres.start()
                found |= {name: postgres.url(role) for role, name in ADDRESSES.items()}
            if not os.environ.get("REDIS_URL"):
                valkey.start()
            found["REDIS_URL"] = os.environ.get("REDIS_URL") or valkey.url()
        return found

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

    def stay(self, *, asked: bool | None = None) -> bool:
        """Servers that were started by themselves outlive a demo on them."""
        if asked is not None:
            self.state.remember("stay", {"asked": asked})
        return bool(self.state.recall("stay").get("asked"))

    def running(self) -> dict[str, int | None]:
        return {"PostgreSQL": self.postgres().pid(), "Valkey": self.valkey().pid()}


def databases_given() -> bool:
    """All three in the environment: then no PostgreSQL is started. Some of them: a mistake, said at once."""
    missing = [name for name in ADDRESSES.values() if not os.environ.get(name)]
    if missing and len(missing) < len(ADDRESSES):
        raise CannotStart(f"{' and '.join(missing)} not set: give the three database addresses together, or none.")
    return not missing


def publish(addresses: dict[str, str], path: Path = SERVERS_ENV) -> None:
    """Where manage.py finds them. What was said there before about the site stays said."""
    write_env(path, DEFAULTS | read_env(path) | addresses)


def withdraw(servers: Servers, path: Path = SERVERS_ENV) -> None:
    """What publish() wrote, if it was of these servers."""
    if read_env(path).get("DATABASE_URL") == servers.postgres().url("app"):
        path.unlink(missing_ok=True)


def main(words: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m ssip.local.servers", description=__doc__)
    parser.add_argument("what", choices=("start", "stop", "status", "reset"))
    parser.add_argument("--state", type=Path, default=VAR / "demo", help="folder of their data (var/demo)")
    given = parser.parse_args(words)
    servers = Servers(given.state)
    if given.what == "start":
        publish(servers.start())
        servers.stay(asked=True)
    elif given.what in ("stop", "reset"):
        withdraw(servers)
        if given.what == "stop":
            servers.stop()
            servers.stay(asked=False)
        else:
            servers.reset()
    running = servers.running()
    for name, pid in running.items():
        print(f"{name}: {f'running, process {pid}' if pid else 'not running'}")
    return 0 if all(running.values()) or given.what in ("stop", "reset") else 3


if __name__ == "__main__":
    try:
        sys.exit(main())
    except CannotStart as trouble:
        sys.exit(f"{trouble}")
