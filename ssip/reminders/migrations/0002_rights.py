"""The web puts mail into the outbox and cannot read what is in it; the clock reads and marks it."""

from django.db import migrations

from ssip.core.rights import functions, rights

QUEUE = """
-- Works for anybody, also with nobody signed in: who forgot their password has no session.
CREATE FUNCTION ssip_queue_mail(to_address text, its_subject text, its_text text, its_html text) RETURNS uuid
LANGUAGE sql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
    INSERT INTO reminders_message
        (id, recipient_id, "to", subject, text, html, created_at, not_before, attempts, error)
    VALUES
        (gen_random_uuid(), (SELECT u.id FROM core_user u WHERE u.email = lower(to_address)),
         to_address, its_subject, its_text, its_html, now(), now(), 0, '')
    RETURNING id
$$;
"""
NAME = "ssip_queue_mail(text, text, text, text)"

WALL = """
ALTER TABLE reminders_message ENABLE ROW LEVEL SECURITY;
CREATE POLICY clock ON reminders_message TO ssip_worker USING (true) WITH CHECK (true);
"""


class Migration(migrations.Migration):
    dependencies = [("reminders", "0001_initial"), ("core", "0002_context_audit_and_rights")]

    operations = [
        functions(QUEUE, f"DROP FUNCTION {NAME};", app=(NAME,), worker=(NAME,)),
        migrations.RunSQL(
            WALL,
            "DROP POLICY clock ON reminders_message; ALTER TABLE reminders_message DISABLE ROW LEVEL SECURITY;",
        ),
        rights("reminders_message", worker="SELECT, INSERT, UPDATE"),
    ]
