"""The clock: what ticks and how often. Every tick may run twice, at once, late, or be killed in the middle."""

import os
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ssip.settings")

from celery import Celery

app = Celery("ssip")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


def _every(seconds: int, task: str) -> dict[str, Any]:
    """A tick that waited almost as long as its interval is worthless: the next one does the same."""
    return {"task": task, "schedule": float(seconds), "options": {"expires": seconds - 1, "queue": "clock"}}


app.conf.beat_schedule = {
    "plan-reminders": _every(60, "ssip.reminders.tasks.plan_reminders"),
    "digests": _every(60, "ssip.reminders.tasks.gather_digests"),
    "notices": _every(5, "ssip.reminders.tasks.tell_notices"),
    "send-mail": _every(5, "ssip.reminders.tasks.send_mail"),
    # Once a day; hourly, so that a clock that stood still at midnight does it when it goes again.
    "audit-anchors": _every(3600, "ssip.tenancy.tasks.anchor_audit"),
    "access-reviews": _every(3600, "ssip.people.tasks.plan_access_reviews"),
}
