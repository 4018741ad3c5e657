"""Two clocks at once: on a database of their own, with commits."""

import threading
from datetime import timedelta

import pytest
from django.core.mail import send_mail
from django.db import connection, transaction

from ssip.core import clock
from ssip.core.context import acting_as
from ssip.reminders import workflow
from tests.reminders.given import at, notify, open_deadline
from tests.world import World


@pytest.fixture
def at_once(committed_db, django_db_blocker):
    """Run something in two threads that start together, each with the clock's own connection; both results."""

    def _at_once(work):
        barrier, troubles, results = threading.Barrier(2), [], []

        def run():
            try:
                with django_db_blocker.unblock():
                    with connection.cursor() as cursor:
                        cursor.execute("SET ROLE ssip_worker")
                    barrier.wait(timeout=10)
                    results.append(work())
            except Exception as trouble:
                troubles.append(trouble)
            finally:
                connection.close()

        threads = [threading.Thread(target=run) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        assert troubles == []
        return results

    return _at_once


def dispatch():
    claimed = workflow.claim(3)
    for message in claimed:
        workflow.send(message)
    return claimed


def test_two_dispatchers_at_once_send_each_mail_once(sink, at_once):
    with transaction.atomic():
        for number in range(30):
            send_mail("Subject", "Text", None, [f"person{number}@example.org"])

    def empty():
        while dispatch():
            pass

    at_once(empty)
    assert sorted(recipients[0] for recipients, _ in sink.mails) == sorted(f"person{n}@example.org" for n in range(30))


def things(number):
    """Records of an upper app, as far as this one knows them: a kind and an id."""
    world = World()
    return world, [type(world.fenland)(pk=pk) for pk in range(1, number + 1)]


def test_two_planners_at_once_write_each_reminder_and_each_digest_once(at_once):
    world, about = things(40)
    with acting_as(world.ics_lead):
        for each in about:
            due_on = clock.today() + timedelta(days=30)
            open_deadline(world, about=each, due_on=due_on, permissions=["comment_plan"])
    with at(f"{due_on} 09:00"):
        results = at_once(lambda: (workflow.plan_reminders(), workflow.gather_digests()))
        with acting_as(None), connection.cursor() as cursor:
            cursor.execute("SET ROLE ssip_worker")
            workflow.gather_digests()
            cursor.execute("SELECT count(*), count(digest_id) FROM reminders_reminder")
            written = cursor.fetchone()
            cursor.execute("SELECT count(*), count(DISTINCT recipient_id) FROM reminders_message")
            mails = cursor.fetchone()
            cursor.execute("SET ROLE ssip_app")
    assert sum(planned for planned, _ in results) == written[0] == 200
    assert mails == (5, 5)


def test_two_tellers_at_once_tell_each_person_once(at_once):
    world, about = things(40)
    with acting_as(world.ics_lead):
        for each in about:
            notify(world, about=each)
    assert sum(at_once(workflow.tell)) == 40
    with acting_as(None), connection.cursor() as cursor:
        cursor.execute("SET ROLE ssip_worker")
        cursor.execute("SELECT count(*) FROM reminders_message")
        assert cursor.fetchone() == (200,)
        cursor.execute("SET ROLE ssip_app")
