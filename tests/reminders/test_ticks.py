"""What beats: every tick exists, is the clock's, and is worthless once the next one is there."""

import pytest

from ssip.celery import app
from ssip.reminders import tasks

# Celery warns of the way in which ssip.core.tasks names a task's queue; it works until version 6.
pytestmark = pytest.mark.filterwarnings("ignore::celery.exceptions.CDeprecationWarning")
TICKS = {name: entry for name, entry in app.conf.beat_schedule.items() if entry["task"].startswith("ssip.reminders.")}


def test_mail_and_news_go_within_seconds_and_dates_are_looked_at_each_minute():
    assert {name: entry["schedule"] for name, entry in TICKS.items()} == {
        "plan-reminders": 60,
        "digests": 60,
        "notices": 5,
        "send-mail": 5,
    }


@pytest.mark.parametrize("name", TICKS)
def test_a_tick_that_waited_too_long_is_thrown_away(name):
    assert TICKS[name]["options"]["expires"] < TICKS[name]["schedule"]
    assert TICKS[name]["options"]["queue"] == "clock"


@pytest.mark.parametrize("name", TICKS)
def test_a_tick_names_a_task_that_only_the_clock_may_run(name):
    task = getattr(tasks, TICKS[name]["task"].rpartition(".")[2])
    assert task.name == TICKS[name]["task"]
    with pytest.raises(RuntimeError, match="clock's"):
        task()
