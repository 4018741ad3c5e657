"""Changes that people hear of at once: written down by the web, told by the clock."""

from collections.abc import Iterable

from django.db import connection, transaction
from django.db.models import Model

from ssip.core import clock
from ssip.core.models import User
from ssip.reminders.models import Notice
from ssip.reminders.models.about import about as pointing_at
from ssip.tenancy.models import Scope
from ssip.tenancy.models.grants import in_scope

AT_ONCE = 100

# Rows that another tick has in its hands are left to it; the unique key of messages covers the rest.
TELL = """
WITH told AS (
    UPDATE reminders_notice SET told_at = %(now)s
    WHERE id IN (
        SELECT id FROM reminders_notice WHERE told_at IS NULL ORDER BY at LIMIT %(size)s FOR UPDATE SKIP LOCKED
    )
    RETURNING id
),
written AS (
    INSERT INTO reminders_message
        (id, purpose, priority, notice_id, recipient_id, "to", subject, text, html, created_at, not_before, attempts,
         error)
    SELECT gen_random_uuid(), 'notice', 1, told.id, u.id, u.email, '', '', '', %(now)s, %(now)s, 0, ''
    FROM told CROSS JOIN LATERAL ssip_told(told.id) AS who(person_id) JOIN core_user u ON u.id = who.person_id
    ON CONFLICT DO NOTHING
)
SELECT count(*) FROM told
"""


def notify(
    *,
    scope: Scope,
    about: Model,
    event: str,
    line: str,
    path: str,
    reference: str,
    permission: str = "",
    role: str = "",
    person: User | None = None,
    but: Iterable[int] = (),
) -> Notice:
    """Tell `person`, or the holders of `permission` in the scope (with `role` there), of a change; `but` are ids.

    `line` is a fixed sentence: it names no person, no place and nothing that somebody wrote.
    """
    return Notice.objects.create(
        **in_scope(scope),
        **pointing_at(about),
        event=event,
        line=line,
        path=path,
        reference=reference,
        permission=permission,
        role=role,
        person=person,
        but=sorted(set(but)),
    )


def tell() -> int:
    """Write one message to each of those whom a new notice concerns; returns how many notices there were."""
    told = 0
    while batch := _tell_some():
        told += batch
    return told


@transaction.atomic
def _tell_some() -> int:
    with connection.cursor() as cursor:
        cursor.execute(TELL, {"size": AT_ONCE, "now": clock.now()})
        return cursor.fetchone()[0]
