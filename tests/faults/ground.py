"""The site as a process that can be hurt, and somebody who uses it without a browser."""

import html
import os
import re
import subprocess
import sys
import time
from contextlib import closing
from http.client import HTTPConnection
from urllib.parse import urlsplit

from ssip.local.bench import Client, token
from ssip.local.state import free_port, wait_until

PASSWORD = "correct horse battery"
ADDRESSES = ("DATABASE_URL", "OWNER_DATABASE_URL", "WORKER_DATABASE_URL")
HIDDEN = ("seen", "base_version", "token", "section")
TELLTALES = ("Traceback", "OperationalError", "InterfaceError", "psycopg2", "gunicorn", "127.0.0.1")
GUNICORN = ["-m", "gunicorn", "ssip.wsgi", "--no-control-socket", "--workers", "1", "--threads", "4"]


class Site:
    """Gunicorn with one worker, as ssip_app; `changes` are to its environment."""

    def __init__(self, database, log, **changes):
        self.port = free_port()
        urls = {name: urlsplit(os.environ[name])._replace(path=f"/{database}").geturl() for name in ADDRESSES}
        own = {"SSIP_DATABASE_ROLE": "app", "DJANGO_SETTINGS_MODULE": "tests.faults.settings", "DEBUG": "false"}
        address = {"SITE_URL": f"http://127.0.0.1:{self.port}"}
        self.web = subprocess.Popen(
            [sys.executable, *GUNICORN, "--bind", f"127.0.0.1:{self.port}"],
            env=os.environ | urls | own | address | changes,
            stdout=log,
            stderr=log,
        )
        assert wait_until(lambda: self.probe("/healthz") == 200, 30), "The site does not start."

    def probe(self, path):
        """The status, 0 for no answer."""
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=10)) as connection:
            try:
                connection.request("GET", path)
                return connection.getresponse().status
            except OSError:
                return 0

    def stop(self):
        self.web.terminate()
        self.web.wait(timeout=20)


class Visitor(Client):
    """Somebody at the site; remembers how long each answer took and which were errors."""

    def __init__(self, site):
        super().__init__(site.port)
        self.answers = []

    def ask(self, method, path, form=None):
        begun = time.monotonic()
        try:
            status, text = super().ask(method, path, form)
        finally:
            self.connection.close()
        self.answers.append((f"{method} {path}", status, time.monotonic() - begun))
        self.cookies.pop("messages", None)
        return status, text

    def read(self, path):
        status, text = self.ask("GET", path)
        assert status == 200, (path, status)
        return text

    def fill(self, path, **given):
        """The form of this page, ready to be sent: what it hides and what was typed."""
        text = self.read(path)
        hidden = {name: value for name, value in hidden_fields(text).items() if name in HIDDEN}
        return {"csrfmiddlewaretoken": token(text)} | hidden | given

    def send(self, path, **given):
        status, text = self.ask("POST", path, self.fill(path, **given))
        assert status == 302, (path, status, re.findall(r'error-message">([^<]*)', text))

    def log_in(self, email):
        """With the password that everybody has in the tests."""
        self.send("/account/login/", login=email, password=PASSWORD)

    def moved_to(self, site):
        """At another address of the same site, signed in as before: cookies know no port."""
        there = Visitor(site)
        there.cookies = self.cookies
        return there

    def slow_or_wrong(self, within):
        return [answer for answer in self.answers if answer[1] >= 500 or answer[2] >= within]


def hidden_fields(text):
    fields = re.findall(r'<input type="hidden" ([^>]*)>', text)
    pairs = (dict(re.findall(r'(name|value)="([^"]*)"', field)) for field in fields)
    return {pair["name"]: html.unescape(pair.get("value", "")) for pair in pairs if "name" in pair}


def is_friendly(text):
    """Says sorry in plain words, and nothing of what is inside."""
    assert "<h1>Sorry, there is a problem</h1>" in text
    return [word for word in TELLTALES if word in text] == []
