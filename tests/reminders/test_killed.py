"""The clock's process is killed in the middle of its work, and the next one takes over."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.mail import send_mail
from django.db import connection

from ssip.core import clock
from ssip.core.context import acting_as
from ssip.reminders import workflow
from ssip.reminders.models import Deadline, Message, Reminder
from tests.reminders.given import notify, open_deadline
from tests.world import World

pytestmark = pytest.mark.faults
LINK = "/account/password/reset/key/1-abc/"


class Clock:
    """The clock's worker as a process of its own, with its own role, on the clone of this test."""

    def __init__(self, database):
        address = urlsplit(os.environ["WORKER_DATABASE_URL"])._replace(path=f"/{database}").geturl()
        mail = f"smtp://{settings.WAY_OUT['EMAIL_HOST']}:{settings.WAY_OUT['EMAIL_PORT']}"
        self.environment = os.environ | {
            "WORKER_DATABASE_URL": address,
            "SSIP_DATABASE_ROLE": "worker",
            "DJANGO_SETTINGS_MODULE": "ssip.settings",
            "EMAIL_URL": mail,
            "DEBUG": "false",
        }

    def tick(self, task, dies_at=""):
        program = f"import django; django.setup(); from ssip.reminders import tasks; tasks.{task}()"
        done = subprocess.run(
            [sys.executable, "-c", program],
            cwd=settings.BASE_DIR,
            env=self.environment | {"SSIP_FAILPOINT": dies_at},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == (-signal.SIGKILL if dies_at else 0), done.stderr

    def lease_runs_out(self):
        with owner():
            Message.objects.filter(lease_until__isnull=False).update(lease_until=clock.now() - timedelta(seconds=1))


class owner:
    """As the owner of the tables, who sees all that the clock has written."""

    def __enter__(self):
        self.become("ssip_owner")

    def __exit__(self, *_):
        self.become("ssip_app")

    def become(self, role):
        with connection.cursor() as cursor:
            cursor.execute(f"SET ROLE {role}")


@pytest.fixture
def the_clock(sink, committed_db):
    return Clock(committed_db)


def messages():
    with owner():
        return list(Message.objects.order_by("created_at"))


def test_killed_with_a_mail_in_hand_it_is_sent_once_by_the_next(the_clock, sink):
    send_mail("Choose a password", LINK, None, ["nobody@example.org"])
    the_clock.tick("send_mail", dies_at="mail claimed")
    assert sink.mails == []
    the_clock.tick("send_mail")
    assert sink.mails == []  # the lease of the dead holds
    the_clock.lease_runs_out()
    the_clock.tick("send_mail")
    the_clock.tick("send_mail")
    (message,) = messages()
    assert len(sink.mails) == 1
    assert (message.attempts, message.sent_at is not None, message.text) == (2, True, "")


def test_killed_after_the_mail_server_took_it_the_mail_goes_once_more_under_the_same_id(the_clock, sink):
    send_mail("Choose a password", LINK, None, ["nobody@example.org"])
    the_clock.tick("send_mail", dies_at="mail accepted")
    the_clock.lease_runs_out()
    the_clock.tick("send_mail")
    the_clock.tick("send_mail")
    (message,) = messages()
    assert [message.message_id in content for _, content in sink.mails] == [True, True]
    assert message.sent_at


def test_a_mail_that_kills_the_process_is_given_up_and_takes_no_other_with_it(the_clock, sink):
    send_mail("Choose a password", LINK, None, ["first@example.org"])
    send_mail("Choose a password", LINK, None, ["second@example.org"])
    with owner():
        Message.objects.filter(to="first@example.org").update(attempts=workflow.MOST_TRIES - 1)
    the_clock.tick("send_mail", dies_at="mail claimed")
    the_clock.lease_runs_out()
    the_clock.tick("send_mail")
    first, second = messages()
    assert (first.failed_at is not None, first.error, first.text) == (True, "given up", "")
    assert (second.sent_at is not None, second.attempts) == (True, 1)
    assert [recipients for recipients, _ in sink.mails] == [["second@example.org"]]


def test_killed_while_it_sends_news_each_person_still_hears_once(the_clock, sink):
    world = World()
    with acting_as(world.ics_lead):
        notify(world)
    the_clock.tick("tell_notices")
    the_clock.tick("send_mail", dies_at="mail claimed")
    the_clock.lease_runs_out()
    the_clock.tick("send_mail")
    assert sorted(recipients[0] for recipients, _ in sink.mails) == sorted(message.to for message in messages())
    assert len(sink.mails) == 5


def test_killed_in_the_middle_of_planning_nothing_is_half_written_or_lost(the_clock, sink):
    world = World()
    with acting_as(world.ics_lead):
        open_deadline(world, due_on=clock.today() + timedelta(days=1), permissions=["comment_plan"])
    the_clock.tick("plan_reminders", dies_at="reminders written")
    with owner():
        assert Reminder.objects.count() == 0
        assert Deadline.objects.get().next_step_on <= clock.today()
    the_clock.tick("plan_reminders")
    the_clock.tick("plan_reminders")
    with owner():
        assert Reminder.objects.count() == 5
