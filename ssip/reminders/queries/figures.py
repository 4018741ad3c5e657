"""How the outbox and the clock stand: counts and ages, for an operator's probes. No row, no person."""

from datetime import timedelta
from typing import NamedTuple

from django.db import connection


class Figures(NamedTuple):
    """`mail_oldest`: how long the oldest mail has waited (none: 0). `dates_behind`: dates whose day to be told of has
    passed without the clock having seen them: more than none means that it stands still."""

    mail_waiting: int
    mail_oldest: timedelta
    mail_given_up: int
    notices_waiting: int
    dates_behind: int


def figures() -> Figures:
    """As they are now. Asks as nobody: the function of the database answers any role of the site."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM ssip_reminder_figures()")
        waiting, seconds, *others = cursor.fetchone()
    return Figures(waiting, timedelta(seconds=seconds), *others)
