"""The real site in its own process, as ssip_app, on a clone of the database; a real browser before it."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from urllib.parse import urlsplit, urlunsplit

import pytest
from axe_playwright_python.base import AXE_FILE_PATH

from tests.world import World

PATIENCE = 20  # seconds until the site answers
PASSWORD = "correct horse battery"


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    flags = ["--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking"]
    return browser_type_launch_args | {
        "executable_path": os.environ["CHROMIUM"],
        "args": [*flags, "--disable-component-update", "--disable-sync"],
    }


@pytest.fixture
def site_settings():
    """What this site's environment says beside the usual; a journey of its own says more."""
    return {}


@pytest.fixture
def site(committed_db, tmp_path, site_settings):
    """The address of the site."""
    port = _free_port()
    address = f"http://127.0.0.1:{port}"
    urls = {
        name: urlunsplit(urlsplit(os.environ[name])._replace(path=f"/{committed_db}"))
        for name in ("DATABASE_URL", "OWNER_DATABASE_URL", "WORKER_DATABASE_URL")
    }
    more = {"SSIP_DATABASE_ROLE": "app", "SITE_URL": address, "STRICT_CONTEXT": "true", "DEBUG": "true"}
    more |= site_settings
    log = (tmp_path / "web.log").open("w")
    web = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "ssip.wsgi", "--no-control-socket", "--bind", f"127.0.0.1:{port}"],
        env=os.environ | urls | more,
        stdout=log,
        stderr=log,
    )
    try:
        _wait_for(f"{address}/ready", web)
        yield address
    finally:
        web.terminate()
        web.wait(timeout=10)
        log.close()


@pytest.fixture
def world(committed_db):
    return World()


@pytest.fixture
def check_axe():
    """No finding of axe on the page as it stands, once it is there whole: a press waits for its first byte only."""

    def check(page):
        page.wait_for_load_state()
        page.evaluate(AXE_FILE_PATH.read_text())
        found = page.evaluate("axe.run()")["violations"]
        assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []

    return check


def sign_in(page, site, email):
    """From the sign-in page to My work."""
    page.goto(f"{site}/account/login/")
    page.get_by_label("Email address").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{site}/work/")


def _free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def _wait_for(address, process):
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=2) as answer:
                return answer.status
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.05)
    raise AssertionError(f"The site did not answer at {address}.")
