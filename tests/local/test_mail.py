"""The demo's mail page, with a real SMTP conversation and real requests."""

import http.client
import os
import re
import signal
import smtplib
import subprocess
import sys
from email.message import EmailMessage

import pytest

from ssip.local.state import ROOT, free_port, port_is_free, wait_until


@pytest.fixture(scope="module")
def post(tmp_path_factory):
    """Ports of a running post office: where it takes mail and where it shows it."""
    smtp, page = free_port(), free_port()
    words = ["-m", "ssip.local.mail", "--smtp", str(smtp), "--page", str(page)]
    folder = tmp_path_factory.mktemp("mail")
    child = subprocess.Popen([sys.executable, *words, "--folder", str(folder)], cwd=ROOT, env=dict(os.environ))
    assert wait_until(lambda: not port_is_free(smtp) and not port_is_free(page), 20)
    yield smtp, page
    child.send_signal(signal.SIGTERM)
    assert child.wait(10) == 0


def get(port: int, path: str, host: str | None = None) -> tuple[int, dict[str, str], str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path, headers={"Host": host or f"127.0.0.1:{port}"})
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, dict(answer.getheaders()), text


def send(port: int, subject: str, text: str, html: str = "") -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "ssip@example.org", "lead@example.org", subject
    message["Message-ID"] = "<1@example.org>"
    message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html")
    with smtplib.SMTP("127.0.0.1", port, timeout=10) as way_out:
        way_out.send_message(message)


def path_of(port: int, subject: str) -> str:
    found = re.search(rf'href="(/mail/[^"]+)">{re.escape(subject)}<', get(port, "/")[2])
    assert found, subject
    return found[1]


def test_a_mail_that_was_sent_can_be_read_with_its_links(post):
    smtp, page = post
    send(smtp, "Set your password – now", "Open http://127.0.0.1:8000/key/abc-1/.\nThank you, Zoë.")
    status, _, text = get(page, path_of(page, "Set your password – now"))
    assert status == 200
    assert '<a href="http://127.0.0.1:8000/key/abc-1/" rel="noreferrer">' in text
    assert "Thank you, Zoë." in text
    assert "lead@example.org" in text


def test_the_newest_mail_is_listed_first(post):
    smtp, page = post
    send(smtp, "The older", "x")
    send(smtp, "The newer", "x")
    text = get(page, "/")[2]
    assert text.index("The newer") < text.index("The older")


def test_what_a_mail_contains_never_becomes_part_of_the_page(post):
    smtp, page = post
    send(smtp, "<b>bold</b> & more", "<script>alert(1)</script>")
    assert "<b>bold</b>" not in get(page, "/")[2]
    text = get(page, path_of(page, "&lt;b&gt;bold&lt;/b&gt; &amp; more"))[2]
    assert "<script>" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text


def test_the_html_of_a_mail_is_shown_in_a_frame_that_runs_and_fetches_nothing(post):
    smtp, page = post
    send(smtp, "With pictures", "plain", "<p>hello</p><img src='https://tracker.example/1.png'><script>x()</script>")
    path = path_of(page, "With pictures")
    assert f'<iframe sandbox title="The mail as HTML" src="{path}/html">' in get(page, path)[2]
    status, headers, text = get(page, f"{path}/html")
    assert status == 200
    assert "<p>hello</p>" in text
    assert headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")


def test_the_page_answers_to_this_machine_only(post):
    _, page = post
    assert get(page, "/", host="attacker.example")[0] == 403


@pytest.mark.parametrize("path", ["/mail/", "/mail/none", "/mail/..%2Fsecrets", "/mail/../../etc/passwd", "/other"])
def test_an_unknown_address_is_not_found(post, path):
    assert get(post[1], path)[0] == 404
