"""The clock writes down once a day where the audit ended, and tells the system administrators."""

import pytest
import time_machine
from django.db import connection

from ssip.celery import app
from ssip.core import anchors, audit, chain
from ssip.core.context import acting_as
from ssip.core.models import AuditAnchor
from ssip.reminders.models import Message
from ssip.tenancy import tasks
from ssip.tenancy.anchoring import anchor_day

pytestmark = [
    pytest.mark.django_db,
    # Celery warns of the way in which ssip.core.tasks names a task's queue; it works until version 6.
    pytest.mark.filterwarnings("ignore::celery.exceptions.CDeprecationWarning"),
]


@pytest.fixture(autouse=True)
def private(settings, tmp_path):
    settings.PRIVATE_ROOT = tmp_path
    settings.EMAIL_BACKEND = "ssip.reminders.mail.OutboxBackend"


@pytest.fixture
def recorded(world):
    with acting_as(world.ics_lead):
        audit.record("did", world.fenland, by=world.ics_lead)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def letters():
    return list(Message.objects.filter(subject__contains="audit").order_by("created_at", "to"))


def test_each_head_stands_in_a_file_and_in_a_mail_to_the_system_administrators(world, recorded, as_worker, tmp_path):
    anchor_day()
    (letter,) = letters()
    heads = {scope: {head.sequence: {head.hash}} for scope, head in chain.heads()}
    saved = tmp_path / "saved.txt"
    saved.write_text(letter.text)

    assert heads
    assert anchors.read(anchors.folder()) == heads
    assert anchors.read(saved) == heads
    assert letter.to == "site_administrator@example.org"


def test_a_second_tick_of_a_day_does_nothing_and_one_of_the_next_day_does(world, recorded, as_worker):
    with time_machine.travel("2026-11-23 09:00", tick=False) as time:
        assert [anchor_day(), anchor_day()] == [True, False]
        assert len(letters()) == 1
        time.move_to("2026-11-24 00:01")
        assert anchor_day()

    assert len(letters()) == 2
    assert AuditAnchor.objects.count() == 2


def test_the_letter_names_no_place_and_no_person(world, recorded, as_worker):
    anchor_day()
    (letter,) = letters()

    for word in ("Fenland", "XAA", "Eastern", "@", world.ics_lead.name):
        assert word not in letter.text


def test_the_tick_is_the_clocks_and_comes_every_hour():
    entry = app.conf.beat_schedule["audit-anchors"]

    assert (entry["task"], entry["schedule"]) == (tasks.anchor_audit.name, 3600)
    assert entry["options"] == {"queue": "clock", "expires": 3599}


def test_nobody_but_the_clock_runs_it():
    with pytest.raises(RuntimeError, match="clock's"):
        tasks.anchor_audit()
