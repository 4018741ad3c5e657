"""When somebody last signed in: a day, the same whatever the place, and whether a role has gone unused since.

A session ends 30 minutes after its last request, so the day of the last sign-in is the last day of use or the one
before it. Told to those who give and end the role, and to nobody else.
"""

from datetime import timedelta

from ssip.core import clock
from ssip.core.models import User
from ssip.tenancy.models import Grant

UNUSED_AFTER = timedelta(days=90)
NEVER_USED_AFTER = timedelta(days=14)


def said(person: User) -> str:
    if person.last_login is None:
        return "Never signed in"
    day = clock.local_date(person.last_login)
    return f"Last signed in {'today' if day >= clock.today() else f'on {clock.spoken(day)}'}"


def unused(grant: Grant) -> str:
    """What makes one ask whether the role is still needed, in a few words; nothing where all is well."""
    last, today = grant.person.last_login, clock.today()
    if last is None:
        return "Given over 14 days ago" if today - grant.from_date > NEVER_USED_AFTER else ""
    return "Over 90 days ago" if today - clock.local_date(last) > UNUSED_AFTER else ""
