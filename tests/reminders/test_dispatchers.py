"""Two processes empty the outbox at once: on a database of their own, with commits."""

import threading

from django.core.mail import send_mail
from django.db import connection, transaction

from ssip.reminders import workflow


def dispatch():
    claimed = workflow.claim(3)
    for message in claimed:
        workflow.send(message)
    return claimed


def test_two_dispatchers_at_once_send_each_mail_once(sink, committed_db, django_db_blocker):
    with transaction.atomic():
        for number in range(30):
            send_mail("Subject", "Text", None, [f"person{number}@example.org"])
    barrier, troubles = threading.Barrier(2), []

    def work():
        try:
            with django_db_blocker.unblock():
                with connection.cursor() as cursor:
                    cursor.execute("SET ROLE ssip_worker")
                barrier.wait(timeout=10)
                while dispatch():
                    pass
        except Exception as trouble:
            troubles.append(trouble)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert troubles == []
    assert sorted(recipients[0] for recipients, _ in sink.mails) == sorted(f"person{n}@example.org" for n in range(30))
