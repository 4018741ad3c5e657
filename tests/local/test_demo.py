"""`make demo` from start to Ctrl-C, in a copy of this checkout with a state of its own."""

import http.client
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg2
import pytest

from ssip.local.state import ROOT, free_port, is_alive, read_env, wait_until
from tests.faults.ground import Visitor

pytestmark = pytest.mark.long
READY = "Its logs"


@pytest.fixture
def checkout(tmp_path, no_servers_named):
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    for name in [*listed.stdout.decode().split("\0")[:-1], *map(str, vendored())]:
        if (ROOT / name).is_file():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, tmp_path / name)
    yield tmp_path
    for pid in processes_below(tmp_path):
        os.kill(pid, signal.SIGKILL)


def vendored() -> list[Path]:
    return [path.relative_to(ROOT) for path in (ROOT / "static" / "vendor").rglob("*") if path.is_file()]


def processes_below(folder: Path) -> list[int]:
    """Whatever works in this checkout: its own processes and its servers."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if (entry / "cwd").readlink().is_relative_to(folder) and is_alive(int(entry.name)):
                found.append(int(entry.name))
        except OSError:
            continue
    return found


class Demo:
    def __init__(self, checkout: Path, *words: str) -> None:
        self.port = free_port()
        self.checkout, self.begun = checkout, time.monotonic()
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("SSIP_", "DJANGO_"))}
        for name in ("DEBUG", "DEMO", "SITE_URL", "ALLOWED_HOSTS", "PRIVATE_ROOT", "STATIC_ROOT"):
            environment.pop(name, None)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "ssip.local.demo", *words], cwd=checkout, text=True,
            env=environment | {"PORT": str(self.port)}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        self.said: list[str] = []

    def wait_for(self, text: str) -> None:
        for line in self.process.stdout:
            self.said.append(line)
            if text in line:
                return
        raise AssertionError("".join(self.said))

    def get(self, path: str, port: int | None = None) -> tuple[int, str]:
        with closing(http.client.HTTPConnection("127.0.0.1", port or self.port, timeout=20)) as connection:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()

    def stop(self, how: signal.Signals) -> int:
        self.process.send_signal(how)
        rest, _ = self.process.communicate(timeout=60)
        self.said.append(rest)
        return self.process.returncode

    def manage(self, *words: str) -> subprocess.CompletedProcess:
        given = {"PATH": os.environ["PATH"]}
        command = [sys.executable, "manage.py", *words]
        return subprocess.run(command, cwd=self.checkout, env=given, capture_output=True, text=True)


def count_of_people(demo: Demo) -> int:
    done = demo.manage("shell", "-v", "0", "-c", "from ssip.core.models import User; print(User.objects.count())")
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


def test_the_demo_starts_answers_survives_a_killed_worker_keeps_its_data_and_leaves_nothing(checkout):
    demo = Demo(checkout)
    demo.wait_for(READY)
    assert demo.get("/ready")[0] == 200
    assert demo.get("/")[0] == 200
    mail_page = int(re.search(r"Its mail: http://127\.0\.0\.1:(\d+)/", "".join(demo.said))[1])
    assert "Mail" in demo.get("/", mail_page)[1]

    published = read_env(checkout / "var" / "run" / "servers.env")
    assert published["SITE_URL"] == f"http://127.0.0.1:{demo.port}"
    people = count_of_people(demo)
    assert people > 0
    make_one = "from ssip.core.models import User; User.objects.create(email='one.more@example.org')"
    assert demo.manage("shell", "-v", "0", "-c", make_one).returncode == 0

    web = [pid for pid in processes_below(checkout) if "gunicorn" in Path(f"/proc/{pid}/cmdline").read_text()]
    os.kill(min(web), signal.SIGKILL)
    demo.wait_for("web ended; starting it again")
    assert wait_until(lambda: answers(demo), 60)

    assert demo.stop(signal.SIGINT) == 0, "".join(demo.said)
    assert processes_below(checkout) == []
    assert not (checkout / "var" / "run" / "servers.env").exists()

    again = Demo(checkout)
    again.wait_for(READY)
    assert count_of_people(again) == people + 1
    assert again.stop(signal.SIGTERM) == 0, "".join(again.said)
    assert processes_below(checkout) == []

    anew = Demo(checkout, "--reset")
    anew.wait_for(READY)
    assert time.monotonic() - anew.begun < 60
    assert count_of_people(anew) == people
    second = Demo(checkout)
    said, _ = second.process.communicate(timeout=60)
    assert second.process.returncode == 1
    assert "already running" in said
    assert anew.stop(signal.SIGTERM) == 0
    assert processes_below(checkout) == []


def answers(demo: Demo) -> bool:
    try:
        return demo.get("/ready")[0] == 200
    except OSError:
        return False


def test_a_demo_that_is_stopped_while_it_sets_up_leaves_nothing(checkout):
    demo = Demo(checkout)
    demo.wait_for("Setting up the database")
    assert demo.stop(signal.SIGTERM) != 0
    assert wait_until(lambda: processes_below(checkout) == [], 20)


# The demo at work, while its clock is killed again and again

NEWS = Counter(
    {
        ("priya.senior", "A network plan has been endorsed and waits for your approval."): 1,
        ("nora.broads", "Your network plan has been endorsed. It waits for the PSC's approval."): 1,
        ("nora.broads", "Your network plan has been approved."): 1,
        ("quentin.ward", "The network plan that you endorsed has been approved."): 1,
        ("nora.broads", "Your network plan has been published."): 1,
        ("quentin.ward", "The network plan has been published."): 1,
        ("mina.fields", "The network plan has been published."): 1,
        ("pat.hale", "The network plan has been published."): 1,
        ("ivy.shore", "A network plan has been withdrawn."): 1,
        ("priya.senior", "A network plan has been withdrawn."): 1,
    }
)
# One has to bring the papers, the other has the meeting.
DIGESTS = Counter({"esther.wick": 1, "ivy.shore": 1})
IN_HAND = "SELECT count(*) FROM reminders_message WHERE lease_until > now() AND attempts > 0 AND sent_at IS NULL"
WAITING = """
SELECT (SELECT count(*) FROM reminders_notice WHERE told_at IS NULL)
     + (SELECT count(*) FROM reminders_message WHERE num_nulls(sent_at, failed_at, dropped_at) = 3)
"""
PLAN = "SELECT p.id FROM plans_plan p JOIN tenancy_ics i ON i.id = p.ics_id WHERE i.code = %s"


class Office:
    """What the demo's operator sees: its processes, its outbox, its mail folder."""

    def __init__(self, demo: Demo) -> None:
        self.demo, self.checkout = demo, demo.checkout
        self.database = psycopg2.connect(read_env(self.checkout / "var" / "run" / "servers.env")["OWNER_DATABASE_URL"])
        self.database.autocommit = True

    def ask(self, statement: str, *arguments: object) -> int:
        with self.database.cursor() as cursor:
            cursor.execute(statement, arguments)
            return cursor.fetchone()[0]

    def process(self, word: str, *, child: bool = False) -> int:
        """The process with this word in its command: the one that the demo started, or one that this one started."""
        found: list[int] = []

        def look() -> bool:
            named = [pid for pid in processes_below(self.checkout) if word in command_of(pid)]
            found[:] = [pid for pid in named if (parent_of(pid) in named) is child]
            return len(found) == 1

        assert wait_until(look, 30), (word, found)
        return found[0]

    def mails(self) -> list[tuple[str, str, str, str]]:
        """Message-ID, to whom, subject and text of each mail that has come."""
        found = []
        for path in sorted((self.checkout / "var" / "demo" / "mail").glob("[0-9]*.eml")):
            mail = message_from_bytes(path.read_bytes(), policy=default)
            text = " ".join(mail.get_body(("plain",)).get_content().split())
            found.append((mail["Message-ID"], mail["To"].split("@")[0], mail["Subject"], text))
        return found

    def digests(self) -> Counter:
        return Counter(to for _, to, subject, _ in self.mails() if "near" in subject)

    def news(self) -> Counter:
        return Counter(
            (to, line) for _, to, _, text in self.mails() for line in {line for _, line in NEWS} if line in text
        )

    @contextmanager
    def mail_server_still(self):
        """It stands still with no mail half taken: what the clock now has in hand, nobody has. At the end the lease
        of a clock that died is over."""
        server = self.process("ssip.local.mail")
        assert wait_until(lambda: self.stopped(server), 150)
        try:
            yield
        finally:
            os.kill(server, signal.SIGCONT)
        with self.database.cursor() as cursor:
            # Nobody waits minutes: the lease of the dead is over, and a try that timed out is made again now.
            cursor.execute("UPDATE reminders_message SET lease_until = now() WHERE lease_until IS NOT NULL")
            cursor.execute("UPDATE reminders_message SET not_before = now() WHERE not_before > now()")

    def stopped(self, server: int) -> bool:
        os.kill(server, signal.SIGSTOP)
        if self.ask(WAITING) == 0:
            return True
        os.kill(server, signal.SIGCONT)
        return False

    def kill_the_clock(self, *, child: bool = False) -> None:
        """The child that sends, or the whole clock: an orphan whose lease we end would send beside the next one."""
        doomed = [self.process("clock@%h", child=True)]
        if not child:
            doomed.insert(0, self.process("clock@%h"))
        for pid in doomed:
            os.kill(pid, signal.SIGKILL)
        assert wait_until(lambda: not any(is_alive(pid) for pid in doomed), 30)


def command_of(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().split("\0")
    except OSError:  # it has ended meanwhile
        return []


def parent_of(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def day(name: str, value: datetime) -> dict[str, str]:
    return {f"{name}_{part}": str(getattr(value, part)) for part in ("day", "month", "year")}


def come_in(demo: Demo, email: str) -> Visitor:
    visitor = Visitor(demo)
    visitor.sign_in(f"{email}@demo.example")
    return visitor


@pytest.mark.killing
def test_a_demo_whose_clock_is_killed_while_it_works_sends_each_mail_once_and_loses_none(checkout):
    demo = Demo(checkout)
    demo.wait_for(READY)
    now = datetime.now(ZoneInfo("Europe/London"))
    quentin, priya, esther = (come_in(demo, who) for who in ("quentin.ward", "priya.senior", "esther.wick"))
    office = Office(demo)
    with closing(office.database):
        norfolk, essex = (f"/plans/{office.ask(PLAN, code)}/" for code in ("T6Y0W", "D7T5G"))
        # Dates so near that a reminder of each is due at once.
        dates = day("papers_due_on", now + timedelta(days=1)) | day("meeting_on", now + timedelta(days=2))
        esther.send(f"{essex}meeting/", meeting_of="System Quality Group", reason="It meets earlier.", **dates)

        with office.mail_server_still():
            said = {"body": "System Quality Group", "minute_reference": "SQG 7.2"} | day("met_on", now)
            quentin.send(f"{norfolk}decide/", answer="endorse", **said)
            assert wait_until(lambda: office.ask(IN_HAND) > 0, 60)
            office.kill_the_clock(child=True)
        with office.mail_server_still():
            priya.send(f"{norfolk}decide/", answer="approve")
            assert wait_until(lambda: office.ask(IN_HAND) > 0, 60)
            office.kill_the_clock()
        demo.wait_for("clock ended; starting it again")
        with office.mail_server_still():
            office.kill_the_clock()  # with nothing to do, and news come while it is away
        priya.send(f"{norfolk}publish/")
        demo.wait_for("clock ended; starting it again")

        if now.hour >= 8:  # nobody is reminded at night
            assert wait_until(lambda: office.digests() == DIGESTS, 150), office.digests()
        esther.send(f"{essex}withdraw/")
        esther.send(f"{essex}reopen/")
        assert wait_until(lambda: office.ask(WAITING) == 0, 60)
        sent = office.ask("SELECT count(*) FROM reminders_message WHERE sent_at IS NOT NULL")

    assert office.news() == NEWS
    assert office.digests() == (DIGESTS if now.hour >= 8 else office.digests())
    identities = [identity for identity, *_ in office.mails()]
    assert len(set(identities)) == len(identities) == sent
    assert demo.stop(signal.SIGINT) == 0
