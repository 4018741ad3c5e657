"""Django's way of sending mail, as far as the outbox: no page waits for a mail server or fails with it."""

from collections.abc import Sequence
from email.utils import parseaddr

from django.core.mail import BadHeaderError, EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection


class OutboxBackend(BaseEmailBackend):
    """Queues each message once for each recipient, in the caller's transaction."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            _queue(message)
        return len(email_messages)


def _queue(message: EmailMessage) -> None:
    subject, text, html = str(message.subject), str(message.body), _html(message)
    if "\n" in subject or "\r" in subject:
        raise BadHeaderError("The subject of a mail is one line.")
    with connection.cursor() as cursor:
        for address in message.recipients():
            cursor.execute("SELECT ssip_queue_mail(%s, %s, %s, %s)", [parseaddr(address)[1], subject, text, html])


def _html(message: EmailMessage) -> str:
    """The mail's HTML, "" without; what the outbox cannot keep is refused here, not lost on the way."""
    if message.attachments:
        raise ValueError("Mail carries no attachments: put the file behind a page and link to the page.")
    alternatives = getattr(message, "alternatives", [])
    if message.content_subtype != "plain" or any(kind != "text/html" for _, kind in alternatives) or alternatives[1:]:
        raise ValueError("Mail is plain text, with at most one HTML version beside it.")
    return str(alternatives[0][0]) if alternatives else ""
