"""The words of a mail, put together at the moment it is sent from what is true and allowed then.

A letter says what, by when, why and where to read on; never what somebody wrote. Its subject says
nothing of anybody: phones show it on locked screens. No letter: there is nothing left to say, or
this person may not hear it any more.
"""

from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection
from django.template.loader import render_to_string

from ssip.core import clock
from ssip.reminders.models import Deadline, Message, Reminder

Purpose = Message.Purpose

STILL_TRUE = """
SELECT r.id FROM reminders_reminder r JOIN reminders_deadline d ON d.id = r.deadline_id
WHERE r.digest_id = %s AND r.state = 'in a digest' AND d.state = 'open' AND d.revision = r.revision
  AND r.recipient_id IN (SELECT person_id FROM ssip_reminded(d.id, r.step))
"""


class Letter(NamedTuple):
    to: str
    subject: str
    text: str
    html: str


def letter(message: Message) -> Letter | None:
    """What to send for this message now, if anything."""
    person = message.recipient
    if person and not person.is_active:
        return None
    if message.purpose == Purpose.MAIL:
        return Letter(message.to, message.subject, message.text, message.html)
    words = _notice(message) if message.purpose == Purpose.NOTICE else _digest(message)
    return words._replace(to=person.email) if words and person else None


def _notice(message: Message) -> Letter | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s IN (SELECT person_id FROM ssip_told(%s))", [message.recipient_id, message.notice_id])
        if not cursor.fetchone()[0]:
            return None
    words = {"notice": message.notice, "site": settings.SITE_URL}
    return Letter(
        "",
        "SSIP: something changed in your work",
        render_to_string("reminders/emails/notice.txt", words),
        render_to_string("reminders/emails/notice.html", words),
    )


def _digest(message: Message) -> Letter | None:
    with connection.cursor() as cursor:
        cursor.execute(STILL_TRUE, [message.digest_id])
        reminders = [row[0] for row in cursor.fetchall()]
    dates = _dates(reminders)
    if not dates:
        return None
    passed = sum(date["passed"] for date in dates)
    words = {"dates": dates, "site": settings.SITE_URL}
    return Letter(
        "",
        _subject(near=len(dates) - passed, passed=passed),
        render_to_string("reminders/emails/digest.txt", words),
        render_to_string("reminders/emails/digest.html", words),
    )


def _dates(reminders: list[int]) -> list[dict[str, Any]]:
    """The dates that these reminders are about, each once, the nearest first."""
    deadlines = Deadline.objects.filter(pk__in=Reminder.objects.filter(pk__in=reminders).values("deadline_id"))
    today = clock.today()
    return [
        {
            "what": deadline.kind.name,
            "reference": deadline.reference,
            "due_on": deadline.due_on,
            "passed": deadline.due_on < today,
            "path": deadline.path,
        }
        for deadline in deadlines.select_related("kind").order_by("due_on", "id")
    ]


def _subject(*, near: int, passed: int) -> str:
    said = []
    if near:
        said.append(f"{near} date{'s are' if near > 1 else ' is'} near")
    if passed:
        said.append(f"{passed} date{'s have' if passed > 1 else ' has'} passed")
    return f"SSIP: {', '.join(said)}"
