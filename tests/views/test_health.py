"""What the probes are told: counts and ages, no row, and nothing to whoever has no token."""

from datetime import timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families

from ssip.core import clock
from ssip.reminders.models import Message

pytestmark = pytest.mark.django_db
TOKEN = "a-token-of-the-operator"


@pytest.fixture(autouse=True)
def with_a_token(settings):
    settings.METRICS_TOKEN = TOKEN


def measured(client):
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200, answer.content
    families = text_string_to_metric_families(answer.content.decode())
    return {sample.name: sample.value for family in families for sample in family.samples}


def test_an_empty_outbox_measures_nothing(client):
    assert measured(client) == {
        "ssip_mail_waiting": 0,
        "ssip_mail_oldest_seconds": 0,
        "ssip_mail_given_up": 0,
        "ssip_notices_waiting": 0,
        "ssip_dates_behind": 0,
    }


def test_mail_that_waits_and_mail_that_was_given_up_are_counted_apart(client, become):
    now = clock.now()
    with become("ssip_owner"):
        for minutes in (1, 7, 3):
            Message.objects.create(to="a@example.org", text="Words", created_at=now - timedelta(minutes=minutes))
        Message.objects.create(to="a@example.org", failed_at=now, created_at=now - timedelta(days=3))
        Message.objects.create(to="a@example.org", sent_at=now, created_at=now - timedelta(days=3))

    found = measured(client)

    assert (found["ssip_mail_waiting"], found["ssip_mail_given_up"]) == (3, 1)
    assert 420 <= found["ssip_mail_oldest_seconds"] < 480
    assert client.get("/ready").content.startswith(b"ready\noldest unsent mail: 42")


@pytest.mark.parametrize("shown", ["", "Bearer ", "Bearer wrong", TOKEN, f"Basic {TOKEN}"])
def test_without_the_token_there_is_no_such_address(client, world, shown):
    for person in (None, world.ics_lead):
        if person:
            client.force_login(person)
        answer = client.get("/metrics", headers={"Authorization": shown})

        assert answer.status_code == 404
        assert b"ssip_" not in answer.content
        assert b"Page not found" in answer.content


def test_where_no_token_is_set_nobody_is_let_in(client, settings):
    settings.METRICS_TOKEN = ""

    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


def test_a_clock_that_stands_still_shows_in_the_dates(client, world, become):
    from ssip.reminders import workflow

    with become("ssip_owner"):
        deadline = workflow.open_deadline(
            scope=world.fenland, about=world.fenland, kind="plan_due", due_on=clock.today(), thing="Plan",
            place="Fenland", path="/", reference="", permissions=["draft_plan"],
        )  # fmt: skip
        type(deadline).objects.filter(pk=deadline.pk).update(next_step_on=clock.today() - timedelta(days=1))

    assert measured(client)["ssip_dates_behind"] == 1
