"""The clock's part: who is to be reminded of which date, and the one mail a day that gathers it.

Both ticks may run twice, at once, late or be killed: each writes what is missing and nothing else,
because the database refuses the same reminder, the same day's digest and a second message for it.
"""

from datetime import date, time

from django.db import connection, transaction
from django.utils import timezone

from ssip.core import clock, failpoints
from ssip.reminders.models import Deadline
from ssip.reminders.models.deadlines import Step

AT_ONCE = 200
FROM = time(8)  # in England: nobody is mailed at night

# Only the clock's role may ask for everybody who holds a permission.
PLAN = """
INSERT INTO reminders_reminder (deadline_id, revision, recipient_id, step, step_on, state, planned_at)
SELECT d.id, d.revision, who.person_id, s.step, s.step_on, 'planned', %s
FROM unnest(%s::bigint[], %s::smallint[], %s::date[]) AS s (deadline_id, step, step_on)
JOIN reminders_deadline d ON d.id = s.deadline_id
CROSS JOIN LATERAL ssip_reminded(d.id, s.step) AS who (person_id)
ON CONFLICT DO NOTHING
"""

# One statement, so all of it or nothing: a day's digest, what is in it, and the message that carries it.
GATHER = """
WITH people AS (
    SELECT DISTINCT recipient_id FROM reminders_reminder WHERE state = 'planned'
),
made AS (
    INSERT INTO reminders_digest (person_id, day, made_at)
    SELECT recipient_id, %(day)s, %(now)s FROM people ORDER BY recipient_id
    ON CONFLICT DO NOTHING
    RETURNING id, person_id
),
gathered AS (
    UPDATE reminders_reminder r SET state = 'in a digest', digest_id = made.id
    FROM made WHERE r.recipient_id = made.person_id AND r.state = 'planned'
)
INSERT INTO reminders_message
    (id, purpose, priority, digest_id, recipient_id, "to", subject, text, html, created_at, not_before, attempts, error)
SELECT gen_random_uuid(), 'digest', 2, made.id, u.id, u.email, '', '', '', %(now)s, %(now)s, 0, ''
FROM made JOIN core_user u ON u.id = made.person_id
"""


def plan_reminders() -> int:
    """Write the reminders whose day has come; returns how many are new."""
    today, planned = clock.today(), 0
    while (batch := _plan_some(today)) is not None:
        planned += batch
    return planned


def gather_digests() -> int:
    """From eight in the morning, put what is planned for a person into the one mail of the day; returns how many."""
    now = timezone.localtime(clock.now())
    if now.time() < FROM:
        return 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(GATHER, {"day": now.date(), "now": now})
        return cursor.rowcount


@transaction.atomic
def _plan_some(today: date) -> int | None:
    """The next dates on which somebody is to be reminded; None when there are no more.

    A date that another tick or the web has in its hands is left to it, or to the next tick.
    """
    due = Deadline.objects.to_be_planned(today).select_for_update(of=("self",), skip_locked=True)
    deadlines = list(due[:AT_ONCE])
    if not deadlines:
        return None
    reached = [(deadline.pk, step.days, step.on) for deadline in deadlines for step in _reached(deadline, today)]
    planned = _write(reached)
    failpoints.reached("reminders written")
    Deadline.objects.bulk_update(deadlines, ["next_step_on", "level"])
    return planned


def _reached(deadline: Deadline, today: date) -> list[Step]:
    """What is to be told of this date now; the date remembers how far it has come.

    Of the steps that have come only the last: after days without a clock nobody hears "in 14 days" and "in
    3 days" at once. Of the levels only the next: who stands higher up hears a day later at the earliest.
    """
    steps, levels = deadline.steps(), deadline.levels()
    # Of two on one day the one that is nearer to the date, or further past it.
    told = sorted((step for step in steps if step.on <= today), key=lambda step: (step.on, -step.days))[-1:]
    if deadline.level < len(levels) and levels[deadline.level].on <= today:
        told.append(levels[deadline.level])
        deadline.level += 1
    coming = [step.on for step in steps if step.on > today]
    coming += [max(step.on, today + clock.ONE_DAY) for step in levels[deadline.level :][:1]]
    deadline.next_step_on = min(coming, default=None)
    return told


def _write(reached: list[tuple[int, int, date]]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(PLAN, [clock.now(), *([row[column] for row in reached] for column in range(3))])
        return cursor.rowcount
