"""What the tests of this app begin with: a task, a date or a notice in Fenland, and the clock set to a day."""

from datetime import datetime
from zoneinfo import ZoneInfo

import time_machine

from ssip.reminders import workflow

LONDON = ZoneInfo("Europe/London")
FIXED = {"thing": "Patient Safety Network Plan 2026/27", "place": "Fenland", "path": "/plans/1/", "reference": "XAA-1"}


def at(moment):
    """`with at("2026-12-04 09:00"):` in England."""
    return time_machine.travel(datetime.fromisoformat(moment).replace(tzinfo=LONDON), tick=False)


def open_task(world, **changes):
    given = FIXED | {"verb": "Endorse", "why": "You record what the ICB decides.", "permission": "endorse_plan"}
    about = {"scope": world.fenland, "about": world.fenland}
    return workflow.open_task(**about | given | changes)


def open_deadline(world, **changes):
    given = FIXED | {"kind": "plan_due", "permissions": ["draft_plan"], "set_by": "the round"}
    about = {"scope": world.fenland, "about": world.fenland}
    return workflow.open_deadline(**about | given | changes)


def notify(world, **changes):
    given = {"event": "submit", "line": "A network plan has been submitted.", "path": "/plans/1/", "reference": "XAA-1"}
    about = {"scope": world.fenland, "about": world.fenland, "permission": "comment_plan"}
    return workflow.notify(**about | given | changes)


def send_all():
    """What the clock's worker does with the outbox; returns how many messages it took."""
    taken = 0
    while claimed := workflow.claim(10):
        taken += len(claimed)
        for message in claimed:
            workflow.send(message)
    return taken
