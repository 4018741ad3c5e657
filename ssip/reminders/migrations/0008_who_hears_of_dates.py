"""Who hears of a date at which step, in one place; what dates that were open already are told by; the new walls."""

from django.db import migrations

from ssip.core.rights import functions
from ssip.tenancy.walls import wall

# What the kinds of before this release have gained; a fresh database reads it from the file.
GAINED = """
UPDATE reminders_deadlinekind k SET places = '{ics}', clock_start = v.starts, who = v.who, reminded = v.reminded,
    then_who = v.then_who, escalates_to = v.up, escalates_after = v.after
FROM (VALUES
    ('plan_due', 'planning round opened', 'ICS lead', '{ics_lead}'::varchar[], 'PSC improvement lead',
     '{psc_lead}'::varchar[], '{3}'::smallint[]),
    ('papers_due', 'plan given to a meeting', 'ICS lead', '{ics_lead}', '', '{}', '{}'),
    ('decision_meeting', 'plan given to a meeting', 'ICB quality lead', '{icb_quality_lead}', '', '{}', '{}'),
    ('plan_decision', 'submitted', 'PSC improvement lead', '{psc_lead}', 'PSC director', '{}', '{}'),
    ('plan_changes', 'changes requested', 'ICS lead', '{ics_lead}', 'PSC improvement lead', '{psc_lead}', '{3}'),
    ('plan_refresh', 'approved', 'ICS lead', '{ics_lead}', 'PSC improvement lead', '{psc_lead}', '{3}')
) AS v (code, starts, who, reminded, then_who, up, after)
WHERE k.code = v.code;
UPDATE reminders_deadline d SET remind = k.remind FROM reminders_deadlinekind k WHERE k.id = d.kind_id;
"""

WHO = """
-- Everybody who has one of these roles in the scope today, or on a PSC that serves it.
CREATE FUNCTION ssip_in_roles(asked text[], of_psc bigint, of_ics bigint, of_organisation bigint)
RETURNS TABLE (person_id bigint) LANGUAGE sql STABLE
SET search_path = public, pg_temp AS $$
    SELECT DISTINCT g.person_id
    FROM tenancy_grant g JOIN core_user u ON u.id = g.person_id AND u.is_active
    WHERE g.role = ANY (asked)
      AND g.from_date <= ssip_today() AND (g.until IS NULL OR g.until >= ssip_today()) AND g.ended_at IS NULL
      AND (g.psc_id = of_psc OR g.ics_id = of_ics OR g.organisation_id = of_organisation OR g.psc_id IN (
            SELECT c.psc_id FROM tenancy_coverage c
            WHERE c.ics_id = of_ics
              AND c.valid_from <= ssip_today() AND (c.valid_to IS NULL OR c.valid_to >= ssip_today())))
$$;

DROP FUNCTION ssip_reminded(bigint);
-- At a step: those who are reminded; so many days after the date: the level that hears then. An organisation's date
-- reaches its own people alone, since nobody from outside has a role in it.
CREATE FUNCTION ssip_reminded(of_deadline bigint, at_step smallint) RETURNS TABLE (person_id bigint)
LANGUAGE sql STABLE
SET search_path = public, pg_temp AS $$
    SELECT who.person_id
    FROM reminders_deadline d CROSS JOIN LATERAL (
        SELECT h.person_id
        FROM ssip_holders(ssip_asked(d.permissions::text[]), '', d.psc_id, d.ics_id, d.organisation_id) h
        WHERE at_step = ANY (d.remind) AND cardinality(d.roles) = 0
          AND (d.person_id IS NULL OR d.person_id = h.person_id)
        UNION
        SELECT r.person_id FROM ssip_in_roles(d.roles::text[], d.psc_id, d.ics_id, d.organisation_id) r
        WHERE at_step = ANY (d.remind)
        UNION
        SELECT up.person_id
        FROM unnest(d.escalates_to::text[], d.escalates_after) AS level (role, days)
        CROSS JOIN LATERAL ssip_in_roles(ARRAY[level.role], d.psc_id, d.ics_id, d.organisation_id) up
        WHERE level.days = -at_step
    ) AS who
    WHERE d.id = of_deadline AND d.state = 'open' AND who.person_id <> ALL (d.not_for)
$$;
"""
NAMES = ("ssip_in_roles(text[], bigint, bigint, bigint)", "ssip_reminded(bigint, smallint)")
BACK = """
DROP FUNCTION ssip_reminded(bigint, smallint); DROP FUNCTION ssip_in_roles(text[], bigint, bigint, bigint);
CREATE FUNCTION ssip_reminded(of_deadline bigint) RETURNS TABLE (person_id bigint) LANGUAGE sql STABLE
SET search_path = public, pg_temp AS $$
    SELECT h.person_id
    FROM reminders_deadline d
    CROSS JOIN LATERAL ssip_holders(ssip_asked(d.permissions::text[]), '', d.psc_id, d.ics_id, d.organisation_id) h
    WHERE d.id = of_deadline AND d.state = 'open'
      AND (d.person_id IS NULL OR d.person_id = h.person_id) AND h.person_id <> ALL (d.not_for)
$$;
REVOKE ALL ON FUNCTION ssip_reminded(bigint) FROM PUBLIC; GRANT EXECUTE ON FUNCTION ssip_reminded(bigint) TO ssip_worker;
"""


class Migration(migrations.Migration):
    dependencies = [("reminders", "0007_dates_as_data")]

    operations = [
        migrations.RunSQL(GAINED, migrations.RunSQL.noop),
        functions(WHO, BACK, worker=NAMES),
        # The clock writes down how far it has come, and nothing else.
        migrations.RunSQL(
            "GRANT UPDATE (level) ON reminders_deadline TO ssip_worker;",
            "REVOKE UPDATE (level) ON reminders_deadline FROM ssip_worker;",
        ),
        *wall("reminders_deadlinepause", "any"),
        *wall("reminders_kindchoice", "any", app="SELECT, INSERT", worker="SELECT"),
    ]
