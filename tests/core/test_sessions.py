"""A session ends 30 minutes after its last request and is written at most once a minute."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ssip.core import sessions

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def minutes_pass(no_minute_passes, monkeypatch):
    monkeypatch.setattr(sessions, "ONCE_A", 60)


def writes(client):
    with CaptureQueriesContext(connection) as captured:
        assert client.get("/work/").status_code == 200
    return sum('UPDATE "django_session"' in query["sql"] for query in captured)


def test_a_session_is_written_once_a_minute(world, client):
    begun = timezone.now().replace(second=5)
    with time_machine.travel(begun, tick=False) as traveller:
        client.force_login(world.ics_lead)
        client.get("/work/")
        assert writes(client) == 0
        traveller.shift(timedelta(seconds=50))
        assert writes(client) == 0
        traveller.shift(timedelta(seconds=10))
        assert writes(client) == 1


@pytest.mark.parametrize(("idle", "status"), [(29, 200), (31, 302)])
def test_a_session_lives_30_minutes_from_its_last_request(world, client, idle, status):
    begun = timezone.now().replace(second=5)
    with time_machine.travel(begun, tick=False) as traveller:
        client.force_login(world.ics_lead)
        for _ in range(3):
            traveller.shift(timedelta(minutes=20))
            assert client.get("/work/").status_code == 200
        traveller.shift(timedelta(minutes=idle))
        assert client.get("/work/").status_code == status


def test_a_page_without_a_person_has_no_session(client):
    client.get("/")

    assert not Session.objects.exists()
