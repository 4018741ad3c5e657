"""The demo's post office: takes every mail that the site sends, delivers none, and shows them on a page.

`python -m ssip.local.mail --smtp 1025 --page 8025 --folder var/demo/mail`. What a mail contains is shown as text; its
HTML only inside a frame that runs nothing and fetches nothing.
"""

import argparse
import re
import signal
import sys
import threading
import time
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

from ssip.local.state import write_private

STYLE = """body { font: 1.1rem/1.5 Arial, sans-serif; max-width: 50rem; margin: 2rem auto; padding: 0 1rem;
color: #212b32 }
table { border-collapse: collapse; width: 100% } th, td { text-align: left; padding: .4rem .8rem .4rem 0;
border-bottom: 1px solid #d8dde0; vertical-align: top } pre { white-space: pre-wrap; font: inherit }
iframe { width: 100%; height: 30rem; border: 1px solid #d8dde0 }"""
PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; base-uri 'none'; form-action 'none'"
FRAME_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'"
LINK = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:)]")
NAME = re.compile(r"\d{19}-\d{6}")


class Post:
    """A folder with one file a mail; a file's name sorts by time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.count = 0
        self.lock = threading.Lock()
        folder.mkdir(parents=True, exist_ok=True)

    def add(self, content: bytes, recipients: list[str]) -> None:
        with self.lock:
            self.count += 1
            name = f"{time.time_ns():019d}-{self.count:06d}.eml"
        head = f"X-Envelope-To: {', '.join(recipients)}\r\n"
        write_private(self.folder / name, head.encode() + content)

    def names(self) -> list[str]:
        return sorted((path.stem for path in self.folder.glob("*.eml") if NAME.fullmatch(path.stem)), reverse=True)

    def read(self, name: str) -> EmailMessage | None:
        path = self.folder / f"{name}.eml"
        if not NAME.fullmatch(name) or not path.exists():
            return None
        message = message_from_bytes(path.read_bytes(), policy=default)
        return message if isinstance(message, EmailMessage) else None


class Taker:
    """What the SMTP server calls for each mail."""

    def __init__(self, post: Post) -> None:
        self.post = post

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.post.add(envelope.content, envelope.rcpt_tos)
        return "250 OK"


def page(title: str, body: str) -> str:
    return (
        f'<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{STYLE}</style></head>'
        f"<body><main><h1>{escape(title)}</h1>{body}</main></body></html>"
    )


def list_page(post: Post) -> str:
    rows = []
    for name in post.names()[:500]:
        message = post.read(name)
        if message is not None:
            subject = escape(str(message["Subject"] or "(no subject)"))
            rows.append(
                f"<tr><td>{escape(str(message['Date'] or ''))}</td><td>{escape(str(message['To'] or ''))}</td>"
                f'<td><a href="/mail/{name}">{subject}</a></td></tr>'
            )
    if not rows:
        return page("Mail", "<p>No mail yet. What the site sends is kept here and goes nowhere else.</p>")
    head = "<tr><th scope=col>Sent</th><th scope=col>To</th><th scope=col>Subject</th></tr>"
    return page("Mail", f"<p>Newest first.</p><table><thead>{head}</thead><tbody>{''.join(rows)}</tbody></table>")


def with_links(text: str) -> str:
    """Escaped, and its addresses can be followed: a sign-in mail is of use here."""
    parts, end = [], 0
    for found in LINK.finditer(text):
        address = escape(found.group())
        parts += [escape(text[end : found.start()]), f'<a href="{address}" rel="noreferrer">{address}</a>']
        end = found.end()
    return "".join([*parts, escape(text[end:])])


def part(message: EmailMessage, kind: str) -> str | None:
    found = message.get_body((kind,))
    return None if found is None else str(found.get_content())


def mail_page(name: str, message: EmailMessage) -> str:
    shown = ("From", "To", "X-Envelope-To", "Date", "Message-ID")
    heads = "".join(f"<tr><th scope=row>{each}</th><td>{escape(str(message[each] or ''))}</td></tr>" for each in shown)
    body = f"<table>{heads}</table>"
    text = part(message, "plain")
    if text is not None:
        body += f"<pre>{with_links(text)}</pre>"
    if part(message, "html") is not None:
        body += f'<h2>As HTML</h2><iframe sandbox title="The mail as HTML" src="/mail/{name}/html"></iframe>'
    return page(str(message["Subject"] or "(no subject)"), f'{body}<p><a href="/">All mail</a></p>')


class Reader(BaseHTTPRequestHandler):
    """GET only, for this machine only."""

    post: Post

    def do_GET(self) -> None:
        host = self.headers.get("Host", "").rsplit(":", 1)[0]
        words = self.path.strip("/").split("/")
        message = self.post.read(words[1]) if len(words) > 1 and words[0] == "mail" else None
        if host not in ("127.0.0.1", "localhost"):  # a page elsewhere that gave this machine a name of its own
            self.answer(403, page("Not here", "<p>Open this page as 127.0.0.1.</p>"))
        elif self.path == "/":
            self.answer(200, list_page(self.post))
        elif message is not None and len(words) == 2:
            self.answer(200, mail_page(words[1], message))
        elif message is not None and words[2:] == ["html"]:
            self.answer(200, part(message, "html") or "", FRAME_POLICY)
        else:
            self.answer(404, page("Page not found", '<p><a href="/">All mail</a></p>'))

    def answer(self, status: int, html: str, policy: str = PAGE_POLICY) -> None:
        content = html.encode("utf-8", "replace")
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Content-Security-Policy", policy)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:
        """Mail is no matter for a log."""


def main(words: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m ssip.local.mail", description=__doc__)
    parser.add_argument("--smtp", type=int, required=True)
    parser.add_argument("--page", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    given = parser.parse_args(words)
    post = Post(given.folder)
    controller = Controller(Taker(post), hostname="127.0.0.1", port=given.smtp)
    controller.start()
    pages = ThreadingHTTPServer(("127.0.0.1", given.page), type("PostReader", (Reader,), {"post": post}))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        pages.serve_forever(poll_interval=0.2)
    finally:
        controller.stop()


if __name__ == "__main__":
    main()
