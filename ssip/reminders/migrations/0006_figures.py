"""How the outbox and the clock stand, in figures that anybody's probe may ask for: counts and ages, no row."""

from django.db import migrations, models
from django.db.models import Q

from ssip.core.rights import functions

FIGURES = """
CREATE FUNCTION ssip_reminder_figures(OUT mail_waiting bigint, OUT mail_oldest_seconds double precision,
    OUT mail_given_up bigint, OUT notices_waiting bigint, OUT dates_behind bigint)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
    SELECT waiting.number, waiting.oldest,
        (SELECT count(*) FROM reminders_message WHERE failed_at IS NOT NULL),
        (SELECT count(*) FROM reminders_notice WHERE told_at IS NULL),
        (SELECT count(*) FROM reminders_deadline WHERE state = 'open' AND next_step_on < ssip_today())
    FROM (
        SELECT count(*) AS number, coalesce(extract(epoch FROM now() - min(created_at)), 0) AS oldest
        FROM reminders_message WHERE sent_at IS NULL AND failed_at IS NULL AND dropped_at IS NULL
    ) AS waiting
$$;
"""
NAME = "ssip_reminder_figures()"


class Migration(migrations.Migration):
    dependencies = [("reminders", "0005_work_about_a_thing_by_its_place"), ("tenancy", "0002_walls_and_grants")]

    operations = [
        functions(FIGURES, f"DROP FUNCTION {NAME};", app=(NAME,), worker=(NAME,)),
        migrations.AddIndex(
            "message",
            models.Index(fields=["failed_at"], condition=Q(failed_at__isnull=False), name="messages_given_up"),
        ),
    ]
