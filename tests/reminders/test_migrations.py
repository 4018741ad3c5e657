"""The migrations of this app, back and forth on a database of their own."""

import uuid

import pytest
from django.core.management import call_command
from django.db import connection

from ssip.reminders.models import DeadlineKind, Message

pytestmark = pytest.mark.long


def test_mail_that_was_given_up_before_loses_its_words(committed_db):
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE ssip_owner")
        call_command("migrate", "reminders", "0002_rights", verbosity=0)
        cursor.execute(
            """INSERT INTO reminders_message
               (id, "to", subject, text, html, created_at, not_before, attempts, error, failed_at)
               VALUES (%s, 'nobody@example.org', 'S', 'a link', 'a link', now(), now(), 8, '', now()),
                      (%s, 'nobody@example.org', 'S', 'a link', 'a link', now(), now(), 1, '', NULL)""",
            [uuid.uuid4().hex, uuid.uuid4().hex],
        )
        call_command("migrate", verbosity=0)
    given_up, waiting = Message.objects.order_by("-attempts")
    assert (given_up.text, given_up.html) == ("", "")
    assert (waiting.text, waiting.purpose) == ("a link", "mail")
    assert not DeadlineKind.objects.exists()
