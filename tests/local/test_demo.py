"""`make demo` from start to Ctrl-C, in a copy of this checkout with a state of its own."""

import http.client
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from ssip.local.state import ROOT, free_port, is_alive, read_env, wait_until

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
