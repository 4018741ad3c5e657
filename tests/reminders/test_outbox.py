from datetime import timedelta

import pytest
from django.core.mail import EmailMessage, send_mail
from django.db import DatabaseError, transaction

from ssip.core import clock
from ssip.reminders import workflow
from ssip.reminders.models import Message

pytestmark = pytest.mark.django_db
LINK = "http://127.0.0.1:8000/account/password/reset/key/1-abc/"


def queue(to="nobody@example.org"):
    send_mail("Choose a password", f"Follow {LINK}", None, [to])


def dispatch():
    claimed = workflow.claim(10)
    for message in claimed:
        workflow.send(message)
    return len(claimed)


def test_a_mail_is_queued_by_the_web_and_sent_once_by_the_clock(sink, become):
    queue()
    with become("ssip_worker"):
        assert dispatch() == 1
        assert dispatch() == 0
        message = Message.objects.get()
    (recipients, content), *others = sink.mails
    assert others == []
    assert recipients == ["nobody@example.org"]
    assert LINK in content
    assert message.message_id in content
    assert (message.text, message.html) == ("", "")


def test_the_web_cannot_read_what_waits(sink):
    queue()
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        Message.objects.count()


def test_a_server_that_is_busy_gets_the_mail_later(sink, become):
    sink.answer = "451 Try again later"
    queue()
    with become("ssip_worker"):
        dispatch()
        assert dispatch() == 0
        message = Message.objects.get()
        assert (message.attempts, message.sent_at, message.failed_at) == (1, None, None)
        sink.answer = "250 OK"
        Message.objects.update(not_before=clock.now())
        assert dispatch() == 1
    assert len(sink.mails) == 1


def test_a_mail_server_that_is_down_loses_nothing(sink, settings, become):
    settings.WAY_OUT = settings.WAY_OUT | {"EMAIL_PORT": 9}
    queue()
    with become("ssip_worker"):
        dispatch()
        message = Message.objects.get()
    assert (message.attempts, message.sent_at, message.failed_at) == (1, None, None)
    assert LINK in message.text


def test_a_mail_refused_for_good_is_marked_as_not_sent(sink, become):
    sink.answer = "550 No such person"
    queue()
    with become("ssip_worker"):
        dispatch()
        message = Message.objects.get()
    assert message.failed_at is not None
    assert "550" in message.error
    assert "No such person" not in message.error
    assert message.text == ""


def test_after_the_last_try_it_is_marked_as_not_sent(sink, become):
    sink.answer = "451 Try again later"
    queue()
    with become("ssip_worker"):
        for _ in range(workflow.MOST_TRIES):
            Message.objects.update(not_before=clock.now())
            dispatch()
        message = Message.objects.get()
    assert (message.failed_at is not None, message.attempts, message.text) == (True, workflow.MOST_TRIES, "")


def test_a_try_is_counted_before_it_is_made(sink, become):
    """So that a mail that kills the process does not kill every process after it."""
    queue()
    with become("ssip_worker"):
        (message,) = workflow.claim(10)
        assert Message.objects.get().attempts == 0
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("ssip.reminders.workflow.outbox._deliver", lambda *_: seen.append(Message.objects.get()))
            seen = []
            workflow.send(message)
    assert [each.attempts for each in seen] == [1]


def test_a_mail_whose_tries_are_used_up_is_given_up_without_another(sink, become):
    queue()
    with become("ssip_worker"):
        Message.objects.update(attempts=workflow.MOST_TRIES)
        assert dispatch() == 0
        message = Message.objects.get()
    assert (message.error, message.text, sink.mails) == ("given up", "", [])
    assert message.failed_at


def test_the_database_keeps_no_words_of_a_mail_that_is_done_with(sink, become):
    queue()
    refused = pytest.raises(DatabaseError, match="no_words_kept_at_the_end")
    with become("ssip_worker"), refused, transaction.atomic():
        Message.objects.update(failed_at=clock.now())


def test_one_mail_that_cannot_be_written_does_not_hold_up_the_others(sink, become):
    queue("first@example.org")
    queue("second@example.org")
    with become("ssip_worker"):
        first, second = workflow.claim(10)
        first.purpose = "digest"  # of nobody: putting it into words raises
        workflow.send(first)
        workflow.send(second)
    assert len(sink.mails) == 1


def test_a_person_whose_account_was_closed_gets_nothing(sink, world, become):
    queue(to=world.nobody.email)
    with become("ssip_owner"):
        type(world.nobody).objects.filter(email="nobody@example.org").update(is_active=False)
    with become("ssip_worker"):
        dispatch()
        message = Message.objects.get()
    assert (message.dropped_at is not None, message.text) == (True, "")
    assert sink.mails == []


def test_a_claim_that_ran_out_is_taken_up_again_and_the_late_one_sends_nothing(sink, become):
    queue()
    with become("ssip_worker"):
        (late,) = workflow.claim(10)
        assert workflow.claim(10) == []
        Message.objects.update(lease_until=clock.now() - timedelta(seconds=1))
        (taken,) = workflow.claim(10)
        workflow.send(late)
        assert sink.mails == []
        workflow.send(taken)
    assert len(sink.mails) == 1


def test_an_attachment_is_refused_and_not_lost_on_the_way(sink):
    mail = EmailMessage("Subject", "Text", None, ["nobody@example.org"], attachments=[("a.txt", "x", "text/plain")])
    with pytest.raises(ValueError, match="no attachments"):
        mail.send()
