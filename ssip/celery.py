"""The clock: what ticks and how often. Every tick may run twice, at once, late, or be killed in the middle."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ssip.settings")

from celery import Celery

app = Celery("ssip")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# A tick that waited longer than its own interval is worthless: the next one does the same.
app.conf.beat_schedule = {
    "send-mail": {
        "task": "ssip.reminders.tasks.send_mail",
        "schedule": 5.0,
        "options": {"expires": 5, "queue": "clock"},
    },
}
