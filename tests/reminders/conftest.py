"""A mail server on this machine that remembers what came, and can refuse."""

import pytest
from aiosmtpd.controller import Controller

from ssip.local.state import free_port


class Sink:
    def __init__(self):
        self.mails, self.answer = [], "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.answer.startswith("250"):
            self.mails.append((envelope.rcpt_tos, envelope.content.decode()))
        return self.answer


@pytest.fixture
def sink(settings):
    handler = Sink()
    server = Controller(handler, hostname="127.0.0.1", port=free_port())
    server.start()
    settings.WAY_OUT = {
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": server.port,
        "EMAIL_HOST_USER": "",
        "EMAIL_HOST_PASSWORD": "",
    }
    settings.EMAIL_BACKEND = "ssip.reminders.mail.OutboxBackend"  # pytest-django's own would only keep it in memory
    yield handler
    server.stop()
