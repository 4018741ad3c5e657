"""From the outbox to the mail server.

A try is counted before it begins, so that a mail that kills the process is given up like any other.
Mail has no commit: a process that dies after the server's "250" and before the mark leaves a
mail that goes out once more, under the same Message-ID.
"""

import uuid
from datetime import timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPResponseException
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.smtp import EmailBackend
from django.db import transaction
from django.db.models import F, Q

from ssip.core import clock, failpoints
from ssip.reminders.letters import Letter, letter
from ssip.reminders.models import Message

LEASE = timedelta(minutes=2)
TIMEOUT = 10  # seconds
WAITS = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 480, 720)]
MOST_TRIES = len(WAITS) + 1
NO_WORDS = {"text": "", "html": ""}


def claim(size: int) -> list[Message]:
    """Take messages that are due for as long as the lease; no other process gets them meanwhile."""
    now, token = clock.now(), uuid.uuid4()
    with transaction.atomic():
        # The process died in the last try, or lost it to a lease that ran out.
        Message.objects.due(now).filter(attempts__gte=MOST_TRIES).update(
            failed_at=now, error="given up", lease_until=None, lease_token=None, **NO_WORDS
        )
        due = Message.objects.due(now).select_for_update(skip_locked=True)
        claimed = list(due.order_by("priority", "not_before", "created_at")[:size])
        for message in claimed:
            message.lease_until, message.lease_token = now + LEASE, token
        Message.objects.bulk_update(claimed, ["lease_until", "lease_token"])
    return claimed


def send(message: Message) -> None:
    """Send one claimed message. A process that was held up past its lease does nothing."""
    if not _begin(message):
        return
    failpoints.reached("mail claimed")
    try:
        words = letter(message)
        if words:
            _deliver(message, words)
    except Exception as error:  # whatever is wrong with one mail must not hold up the others
        _failed(message, error)
        return
    if words:
        failpoints.reached("mail accepted")
        _mark(message, sent_at=clock.now(), error="", **NO_WORDS)
    else:
        _mark(message, dropped_at=clock.now(), error="", **NO_WORDS)


def _begin(message: Message) -> bool:
    """Count the try, if the message is still ours."""
    ours = Message.objects.filter(_ours(message), lease_until__gt=clock.now())
    message.attempts += 1
    return ours.update(attempts=F("attempts") + 1) == 1


def _deliver(message: Message, words: Letter) -> None:
    mail = EmailMultiAlternatives(
        words.subject,
        words.text,
        settings.DEFAULT_FROM_EMAIL,
        [words.to],
        headers={"Message-ID": message.message_id},
    )
    if words.html:
        mail.attach_alternative(words.html, "text/html")
    with _way_out() as way:
        way.send_messages([mail])


def _way_out() -> EmailBackend:
    way = settings.WAY_OUT
    return EmailBackend(
        host=way["EMAIL_HOST"],
        port=way["EMAIL_PORT"],
        username=way["EMAIL_HOST_USER"],
        password=way["EMAIL_HOST_PASSWORD"],
        use_tls=way.get("EMAIL_USE_TLS", False),
        use_ssl=way.get("EMAIL_USE_SSL", False),
        timeout=TIMEOUT,
    )


def _failed(message: Message, error: Exception) -> None:
    """Try again later, or give up where the row says so."""
    now, code = clock.now(), _code(error)
    said = f"{type(error).__name__} {code or ''}".strip()
    # Refused at the door or for its content. Other 5xx are about us, such as a wrong password: those pass.
    refused = isinstance(error, SMTPRecipientsRefused | SMTPDataError) and code >= 500
    if refused or message.attempts >= MOST_TRIES:
        _mark(message, failed_at=now, error=said, **NO_WORDS)
    else:
        _mark(message, not_before=now + WAITS[message.attempts - 1], error=said)


def _code(error: Exception) -> int:
    """The mail server's code, 0 where it did not get to say one."""
    if isinstance(error, SMTPRecipientsRefused):
        return max(code for code, _ in error.recipients.values())
    return error.smtp_code if isinstance(error, SMTPResponseException) else 0


def _mark(message: Message, **values: Any) -> None:
    """Write how it went and hand the message back, if it is still ours."""
    Message.objects.filter(_ours(message)).update(lease_until=None, lease_token=None, **values)


def _ours(message: Message) -> Q:
    return Q(pk=message.pk, lease_token=message.lease_token)
