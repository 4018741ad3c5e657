"""`make demo`: the whole product on this machine, until Ctrl-C. `--reset` throws the last demo's data away first."""

import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ssip.local import assets
from ssip.local.postgres import clean_environment
from ssip.local.servers import Servers, databases_given, publish
from ssip.local.state import ROOT, SERVERS_ENV, VAR, CannotStart, free_port, last_lines, port_is_free
from ssip.local.supervisor import Process, Supervisor

STATE = VAR / "demo"
LOGS = VAR / "log"
SET_UP = ("migrate", "sync_roles", "load_reference", "load_demo")
CELERY = ["-m", "celery", "-A", "ssip.celery"]
WORKER = ["worker", "--concurrency", "1", "--without-gossip", "--without-mingle", "--loglevel", "INFO"]


def say(text: str) -> None:
    print(text, flush=True)


@contextmanager
def only_one() -> Iterator[None]:
    """One demo a checkout: a second one would set up the database below the first."""
    (VAR / "run").mkdir(parents=True, exist_ok=True)
    with (VAR / "run" / "demo.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotStart("The demo of this checkout is already running: stop it with Ctrl-C first.") from None
        yield


def chosen_port() -> int:
    given = os.environ.get("PORT") or "8000"
    if not given.isdecimal() or not 0 < int(given) < 65536:
        raise CannotStart(f"PORT={given} is not a port: give a number such as PORT=8001.")
    if not port_is_free(int(given)):
        raise CannotStart(
            f"Port {given} is taken: stop what uses it, or choose another, such as `make demo PORT=8001`."
        )
    return int(given)


def settings(addresses: dict[str, str], port: int, mail: int) -> dict[str, str]:
    return addresses | {
        "DEMO": "true",
        "DEBUG": "false",
        "ALLOWED_HOSTS": "127.0.0.1,localhost",
        "SITE_URL": f"http://127.0.0.1:{port}",
        "EMAIL_URL": os.environ.get("EMAIL_URL") or f"smtp://127.0.0.1:{mail}",
        "PRIVATE_ROOT": str(STATE / "private"),
        "STATIC_ROOT": str(VAR / "static"),
    }


def manage(environment: dict[str, str], *words: str) -> None:
    """A command of the owner; what it said is shown only if it failed."""
    log = LOGS / "set-up.log"
    with log.open("a") as file:
        done = subprocess.run(
            [sys.executable, "manage.py", *words], cwd=ROOT, check=False, stdin=subprocess.DEVNULL, stdout=file,
            stderr=subprocess.STDOUT, env=environment | {"SSIP_DATABASE_ROLE": "owner"},
        )  # fmt: skip
    if done.returncode != 0:
        raise CannotStart(f"Setting up stopped at `manage.py {words[0]}`. The end of {log}:\n{last_lines(log)}")


def collect_static(environment: dict[str, str]) -> None:
    """Only when a file changed: hashing and compressing take seconds."""
    files = sorted(path for path in (ROOT / "static").rglob("*") if path.is_file())
    seen = [f"{path} {path.stat().st_mtime_ns} {path.stat().st_size}" for path in [*files, ROOT / "requirements.lock"]]
    now = hashlib.sha256("\n".join(seen).encode()).hexdigest()
    stamp = Path(environment["STATIC_ROOT"]) / ".made-of"
    if not stamp.exists() or stamp.read_text() != now:
        manage(environment, "collectstatic", "--noinput", "--clear", "--verbosity", "0")
        stamp.write_text(now)


def processes(environment: dict[str, str], port: int, mail: int, mail_page: int) -> list[Process]:
    app, clock = (environment | {"SSIP_DATABASE_ROLE": role} for role in ("app", "worker"))
    web = ["-m", "gunicorn", "ssip.wsgi", "--no-control-socket", "--bind", f"127.0.0.1:{port}", "--workers", "2"]
    beat = ["beat", "-s", str(VAR / "run" / "beat"), "--pidfile=", "--loglevel", "INFO"]
    all_of_them = [
        ("web", [*web, "--threads", "4", "--access-logfile", "-"], app),
        ("clock", [*CELERY, *WORKER, "-Q", "clock", "-n", "clock@%h"], clock),
        ("jobs", [*CELERY, *WORKER, "-Q", "jobs", "-n", "jobs@%h"], app),
        ("beat", [*CELERY, *beat], clock),
    ]
    if mail:
        post = ["--smtp", str(mail), "--page", str(mail_page), "--folder", str(STATE / "mail")]
        all_of_them.insert(0, ("mail", ["-m", "ssip.local.mail", *post], environment))
    return [Process(name, words, values, LOGS / f"{name}.log") for name, words, values in all_of_them]


def is_ready(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/ready", timeout=5) as answer:
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError):
        return False


def wait_until_ready(supervisor: Supervisor, address: str) -> None:
    end = time.monotonic() + 60
    while not is_ready(address) and not supervisor.asked_to_stop.wait(0.1):
        supervisor.look_after_all()
        if time.monotonic() > end:
            log = LOGS / "web.log"
            raise CannotStart(f"{address}/ready did not answer within a minute. The end of {log}:\n{last_lines(log)}")


def reset(servers: Servers) -> None:
    if databases_given():
        raise CannotStart("`make demo-reset` empties only servers of its own: unset the database addresses first.")
    servers.reset()
    shutil.rmtree(LOGS, ignore_errors=True)


def run(servers: Servers, begun: float) -> None:
    port = chosen_port()
    mail, mail_page = (0, 0) if os.environ.get("EMAIL_URL") else (free_port(1025), free_port(8025))
    LOGS.mkdir(parents=True, exist_ok=True)
    (LOGS / "set-up.log").unlink(missing_ok=True)
    say("Starting the servers ...")
    values = settings(servers.start(), port, mail)
    environment = (dict(os.environ) if databases_given() else clean_environment()) | values
    publish(values)
    assets.make()
    say("Setting up the database ...")
    for command in SET_UP:
        manage(environment, command)
    collect_static(environment)
    say("Starting the site ...")
    supervisor = Supervisor(processes(environment, port, mail, mail_page))
    try:
        supervisor.start()
        wait_until_ready(supervisor, values["SITE_URL"])
        if not supervisor.asked_to_stop.is_set():
            say(f"\nReady after {time.monotonic() - begun:.0f} s. Ctrl-C stops everything; the data stay.")
            say(f"  The site: {values['SITE_URL']}/")
            say(f"  Its mail: http://127.0.0.1:{mail_page}/" if mail else f"  Its mail goes to {values['EMAIL_URL']}")
            say(f"  Its logs: {LOGS.relative_to(ROOT)}/")
            supervisor.watch()
    finally:
        say("\nStopping ...")
        supervisor.stop()


def main(words: list[str]) -> int:
    begun = time.monotonic()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    servers = Servers(STATE)
    with only_one():
        if "--reset" in words:
            reset(servers)
        try:
            run(servers, begun)
        finally:
            if not servers.stay():
                servers.stop()
                SERVERS_ENV.unlink(missing_ok=True)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except CannotStart as trouble:
        sys.exit(f"{trouble}")
    except KeyboardInterrupt:
        sys.exit(130)
