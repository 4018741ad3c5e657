"""`make bench`: pages of the product next to a bare Django view, in one run on the same server; figures are ratios.

Four clients with connections of their own ask one after the other; the demonstration's data, the
demonstration's people; then pages again among 250,000 rows of work to do, and there what row-level security costs
(`manage.py bench_walls`). Absolute figures say something about this machine only.
"""

import http.client
import os
import re
import signal
import statistics
import subprocess
import sys
import threading
import time
import urllib.parse
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import NamedTuple

from ssip.local import assets
from ssip.local.state import ROOT, CannotStart, free_port, wait_until
from ssip.local.throwaway import run, throwaway_servers

CLIENTS = 4
SECONDS = 6.0
WARM_UP = 1.0
SECTIONS = ("why", "aims", "drivers", "network")
LEAD = "esther.wick@demo.example"
ADDRESSES = ("DATABASE_URL", "OWNER_DATABASE_URL", "WORKER_DATABASE_URL")
GUNICORN = ["-m", "gunicorn", "--no-control-socket", "--workers", "2", "--threads", "4", "--log-level", "warning"]


class Figures(NamedTuple):
    """Of one page: requests a second, and milliseconds."""

    name: str
    a_second: float
    p50: float
    p95: float


class Client:
    """One connection that is kept, with its cookies."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self.cookies: dict[str, str] = {}

    def ask(self, method: str, path: str, form: dict[str, str] | None = None) -> tuple[int, str]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, path, urllib.parse.urlencode(form) if form else None, headers)
        answer = self.connection.getresponse()
        text = answer.read().decode(errors="replace")
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                cookie, _, kept = value.split(";")[0].partition("=")
                self.cookies[cookie] = kept
        return answer.status, text

    def sign_in(self, email: str) -> None:
        _, page = self.ask("GET", "/demo/")
        status, _ = self.ask("POST", "/demo/sign-in/", {"email": email, "csrfmiddlewaretoken": token(page)})
        if status != 302:
            raise CannotStart(f"Signing in to the demonstration answered {status}.")


def token(page: str) -> str:
    return re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[0]


def reading(path: str) -> Callable[[Client, int], Callable[[], int]]:
    return lambda client, number: lambda: client.ask("GET", path)[0]


def saving(plan: str) -> Callable[[Client, int], Callable[[], int]]:
    """Each client writes a section of its own, another text each time, on the version it wrote before."""

    def prepare(client: Client, number: int) -> Callable[[], int]:
        path = f"{plan}sections/{SECTIONS[number]}/edit/"
        _, page = client.ask("GET", path)
        base = int(re.findall(r'name="base_version"[^>]* value="(\d+)"', page)[0])
        form = {"csrfmiddlewaretoken": token(page), "base_version": str(base)}

        def save() -> int:
            words = f"Saved at {time.monotonic_ns()}. " + "What the network found. " * 80
            status, _ = client.ask("POST", path, form | {"text": words})
            form["base_version"] = str(int(form["base_version"]) + 1)
            client.cookies.pop("messages", None)
            return status

        return save

    return prepare


def measure(name: str, port: int, prepare: Callable[[Client, int], Callable[[], int]], good: int, who: str) -> Figures:
    """All clients at once for some seconds; the first second does not count."""
    times: list[float] = []
    wrong: list[int] = []
    ready = threading.Barrier(CLIENTS)

    def work(number: int) -> None:
        client = Client(port)
        if who:
            client.sign_in(who)
        step = prepare(client, number)
        ready.wait(timeout=60)
        begun = time.perf_counter()
        while (now := time.perf_counter()) - begun < WARM_UP + SECONDS:
            status = step()
            if status != good:
                wrong.append(status)
            if now - begun >= WARM_UP:
                times.append((time.perf_counter() - now) * 1000)

    threads = [threading.Thread(target=work, args=[number]) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong or not times:
        raise CannotStart(f"{name}: answers other than {good}: {sorted(set(wrong))}.")
    cuts = statistics.quantiles(times, n=20)
    return Figures(name, len(times) / SECONDS, cuts[9], cuts[18])


@contextmanager
def serving(application: str, environment: dict[str, str]) -> Iterator[int]:
    port = free_port()
    web = subprocess.Popen(
        [sys.executable, *GUNICORN, "--bind", f"127.0.0.1:{port}", application], cwd=ROOT, env=environment
    )
    try:
        if not wait_until(lambda: web.poll() is not None or answers(port), 60) or web.poll() is not None:
            raise CannotStart(f"{application} did not start.")
        yield port
    finally:
        web.terminate()
        web.wait(timeout=30)


def answers(port: int) -> bool:
    try:
        Client(port).ask("GET", "/healthz")
    except OSError:
        return False
    return True


def all_figures(environment: dict[str, str]) -> list[Figures]:
    with ExitStack() as stack:
        bare = stack.enter_context(serving("ssip.local.bare:application", environment))
        site = stack.enter_context(serving("ssip.wsgi", environment | {"SSIP_DATABASE_ROLE": "app"}))
        plan = plan_of(site)
        return [
            measure("bare Django view", bare, reading("/"), 200, ""),
            measure("My work", site, reading("/work/"), 200, LEAD),
            measure("plan's contents", site, reading(plan), 200, LEAD),
            measure("section save", site, saving(plan), 302, LEAD),
        ]


def figures_in_a_crowd(environment: dict[str, str]) -> list[Figures]:
    """The same person, whose ICS has a tenth of all there is."""
    with serving("ssip.wsgi", environment | {"SSIP_DATABASE_ROLE": "app"}) as site:
        return [
            measure("My work", site, reading("/work/"), 200, LEAD),
            measure("list of plans", site, reading("/plans/"), 200, LEAD),
        ]


def plan_of(port: int) -> str:
    client = Client(port)
    client.sign_in(LEAD)
    _, page = client.ask("GET", "/work/")
    return re.findall(r'href="(/plans/\d+/)"', page)[0]


def table(figures: list[Figures]) -> str:
    bare = figures[0]
    lines = [f"{'':18} {'requests/s':>10} {'p50 ms':>8} {'p95 ms':>8} {'p50 to bare':>12}"]
    lines += [
        f"{each.name:18} {each.a_second:10.1f} {each.p50:8.1f} {each.p95:8.1f} {each.p50 / bare.p50:12.1f}"
        for each in figures
    ]
    return "\n".join(lines)


def main() -> int:
    if named := [name for name in ADDRESSES if os.environ.get(name)]:
        raise CannotStart(
            f"The bench fills its database with a crowd: unset {' and '.join(named)}, so that it has its own."
        )
    assets.make()
    with throwaway_servers() as given:
        environment = given | {
            "DEMO": "true",
            "ALLOWED_HOSTS": "127.0.0.1,localhost",
            "SITE_URL": "http://127.0.0.1:8000",
        }
        owner = environment | {"SSIP_DATABASE_ROLE": "owner"}
        for words in (["migrate"], ["load_reference"], ["load_demo"], ["collectstatic", "--noinput"]):
            if run(["manage.py", *words, "--verbosity", "0"], owner) != 0:
                return 1
        everything = dict(os.environ) | environment
        figures = all_figures(everything)
        print(table(figures), flush=True)
        print("\nIn a crowd:", flush=True)
        if run(["manage.py", "load_crowd", "--thrown-away"], owner) != 0:
            return 1
        print(table([figures[0], *figures_in_a_crowd(everything)]) + "\n", flush=True)
        return run(["manage.py", "bench_walls", "--thrown-away"], environment | {"SSIP_DATABASE_ROLE": "app"})


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        sys.exit(main())
    except CannotStart as trouble:
        sys.exit(f"{trouble}")
    except KeyboardInterrupt:
        sys.exit(130)
