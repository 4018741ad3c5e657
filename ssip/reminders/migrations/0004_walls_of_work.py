"""Who may see and write what there is to do; the ledger is the clock's; who is to be told, in one place."""

from django.db import migrations

from ssip.core.rights import functions, rights
from ssip.tenancy.walls import public, wall

WHO = """
-- Everybody who holds one of the permissions in this scope today: the other side of ssip_held_by(). For the
-- clock, which reads grants; it plans by it and asks it again before each mail.
CREATE FUNCTION ssip_holders(asked text[], as_role text, of_psc bigint, of_ics bigint, of_organisation bigint)
RETURNS TABLE (person_id bigint) LANGUAGE sql STABLE
SET search_path = public, pg_temp AS $$
    WITH giving AS (
        SELECT p.group_id
        FROM tenancy_pscgrouppermission p JOIN auth_permission a ON a.id = p.permission_id
        WHERE a.codename = ANY (asked)
          AND (p.content_object_id = of_psc OR p.content_object_id IN (
                SELECT c.psc_id FROM tenancy_coverage c
                WHERE c.ics_id = of_ics
                  AND c.valid_from <= ssip_today() AND (c.valid_to IS NULL OR c.valid_to >= ssip_today())))
        UNION
        SELECT p.group_id
        FROM tenancy_icsgrouppermission p JOIN auth_permission a ON a.id = p.permission_id
        WHERE a.codename = ANY (asked) AND p.content_object_id = of_ics
        UNION
        SELECT p.group_id
        FROM tenancy_organisationgrouppermission p JOIN auth_permission a ON a.id = p.permission_id
        WHERE a.codename = ANY (asked) AND p.content_object_id = of_organisation
    )
    SELECT DISTINCT g.person_id
    FROM giving JOIN tenancy_grant g USING (group_id) JOIN core_user u ON u.id = g.person_id AND u.is_active
    WHERE g.from_date <= ssip_today() AND (g.until IS NULL OR g.until >= ssip_today()) AND g.ended_at IS NULL
      AND (as_role = '' OR g.role = as_role)
$$;

-- Where no permission is asked for, the one person named must at least see the scope.
CREATE FUNCTION ssip_asked(permissions text[]) RETURNS text[] LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog AS $$
    SELECT CASE WHEN cardinality(permissions) = 0 THEN ARRAY['view_psc', 'view_ics', 'view_organisation']
           ELSE permissions END
$$;

CREATE FUNCTION ssip_reminded(of_deadline bigint) RETURNS TABLE (person_id bigint) LANGUAGE sql STABLE
SET search_path = public, pg_temp AS $$
    SELECT h.person_id
    FROM reminders_deadline d
    CROSS JOIN LATERAL ssip_holders(ssip_asked(d.permissions::text[]), '', d.psc_id, d.ics_id, d.organisation_id) h
    WHERE d.id = of_deadline AND d.state = 'open'
      AND (d.person_id IS NULL OR d.person_id = h.person_id) AND h.person_id <> ALL (d.not_for)
$$;

CREATE FUNCTION ssip_told(of_notice bigint) RETURNS TABLE (person_id bigint) LANGUAGE sql STABLE
SET search_path = public, pg_temp AS $$
    SELECT h.person_id
    FROM reminders_notice n
    CROSS JOIN LATERAL ssip_holders(
        ssip_asked(array_remove(ARRAY[n.permission::text], '')), n.role, n.psc_id, n.ics_id, n.organisation_id) h
    WHERE n.id = of_notice
      AND (n.person_id IS NULL OR n.person_id = h.person_id) AND h.person_id <> ALL (n.but)
$$;
"""
WHO_NAMES = (
    "ssip_holders(text[], text, bigint, bigint, bigint)",
    "ssip_asked(text[])",
    "ssip_reminded(bigint)",
    "ssip_told(bigint)",
)

DROP = """
-- The web moves and ends dates and has no right to the ledger. Anybody may call this: it drops only what a newer
-- revision or the end of the date has made void already, and only where no mail has gone out.
CREATE FUNCTION ssip_drop_void_reminders(of_deadlines bigint[]) RETURNS void LANGUAGE sql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
    UPDATE reminders_reminder r SET state = 'dropped'
    FROM reminders_deadline d
    WHERE d.id = r.deadline_id AND d.id = ANY (of_deadlines) AND (d.state <> 'open' OR r.revision <> d.revision)
      AND (r.state = 'planned' OR (r.state = 'in a digest' AND EXISTS (
            SELECT 1 FROM reminders_message m
            WHERE m.digest_id = r.digest_id AND coalesce(m.sent_at, m.failed_at, m.dropped_at) IS NULL)))
$$;
"""
DROP_NAME = "ssip_drop_void_reminders(bigint[])"

LEDGER = """
ALTER TABLE reminders_digest ENABLE ROW LEVEL SECURITY;
CREATE POLICY clock ON reminders_digest TO ssip_worker USING (true) WITH CHECK (true);
ALTER TABLE reminders_reminder ENABLE ROW LEVEL SECURITY;
CREATE POLICY clock ON reminders_reminder TO ssip_worker USING (true) WITH CHECK (true);
"""
LEDGER_AWAY = """
DROP POLICY clock ON reminders_digest; ALTER TABLE reminders_digest DISABLE ROW LEVEL SECURITY;
DROP POLICY clock ON reminders_reminder; ALTER TABLE reminders_reminder DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [("reminders", "0003_work_to_do"), ("tenancy", "0002_walls_and_grants")]

    operations = [
        functions(WHO, "".join(f"DROP FUNCTION {name};" for name in reversed(WHO_NAMES)), worker=WHO_NAMES),
        functions(DROP, f"DROP FUNCTION {DROP_NAME};", app=(DROP_NAME,), worker=(DROP_NAME,)),
        public("reminders_deadlinekind", "how long each kind of deadline is and what says so"),
        *wall("reminders_task", "any"),
        *wall("reminders_handback", "any", app="SELECT, INSERT"),
        *wall("reminders_deadlinemove", "any", app="SELECT, INSERT"),
        # The clock writes down how far it has come, and nothing else.
        *wall("reminders_deadline", "any", worker="SELECT, UPDATE (next_step_on)"),
        *wall("reminders_notice", "any", app="SELECT, INSERT", worker="SELECT, UPDATE (told_at)"),
        migrations.RunSQL(LEDGER, LEDGER_AWAY),
        rights("reminders_digest", worker="SELECT, INSERT"),
        rights("reminders_reminder", worker="SELECT, INSERT, UPDATE"),
    ]
