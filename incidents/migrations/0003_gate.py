"""The database holds responses back until what an organisation must have in place is recorded."""

from django.db import migrations

from plans.guards import guard
from ssip.core.rights import functions

GATE = """
-- May the person acted for enter responses of this organisation? Of another's one learns no more than no.
-- As the owner, so that the answer does not hang on what the person may see. The items are those of incidents.models.
CREATE FUNCTION ssip_may_enter_responses(of_organisation bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
    SELECT coalesce(of_organisation = ANY (ssip_organisation_ids('start_response')), false) AND NOT EXISTS (
        SELECT 1
        FROM unnest('{impact-assessment,controller-agreement,caldicott-guardian,asset-owner}'::text[]) AS needed(item)
        LEFT JOIN LATERAL (
            SELECT a.id FROM incidents_assurance a
            WHERE a.organisation_id = of_organisation AND a.item = needed.item
            ORDER BY a.id DESC LIMIT 1
        ) AS newest ON true
        WHERE newest.id IS NULL OR EXISTS (
            SELECT 1 FROM incidents_withdrawal w
            WHERE w.organisation_id = of_organisation AND w.assurance_id = newest.id
        )
    )
$$;

-- For every table of responses: incidents.guards.gate() sets it as a trigger. Rows may be many, organisations few.
CREATE FUNCTION ssip_guard_entry() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM ssip_must(
        (SELECT coalesce(bool_and(ssip_may_enter_responses(organisation_id)), true)
         FROM (SELECT DISTINCT organisation_id FROM added) AS theirs),
        'Responses are entered once what must be in place before is recorded, and by who may start one.'
    );
    RETURN NULL;
END $$;
"""

RECORDS = """
-- As the owner for the lock alone: of two who record at once the second waits, then finds what the first wrote.
CREATE FUNCTION ssip_guard_assurance() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM 1 FROM tenancy_organisation WHERE id = NEW.organisation_id FOR NO KEY UPDATE;
    PERFORM ssip_must(NEW.by_id = ssip_user_id(), 'Nobody records this in somebody else''s name.');
    PERFORM ssip_must(NEW.at = statement_timestamp(), 'The day and hour of a record are the database''s to say.');
    PERFORM ssip_must(NEW.dated BETWEEN '2018-05-25' AND ssip_today(), 'What is recorded has happened.');
    RETURN NULL;
END $$;

CREATE FUNCTION ssip_guard_withdrawal() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM 1 FROM tenancy_organisation WHERE id = NEW.organisation_id FOR NO KEY UPDATE;
    PERFORM ssip_must(NEW.by_id = ssip_user_id(), 'Nobody withdraws a record in somebody else''s name.');
    PERFORM ssip_must(NEW.at = statement_timestamp(), 'The day and hour of a record are the database''s to say.');
    PERFORM ssip_must(
        EXISTS (
            SELECT 1 FROM incidents_assurance a
            WHERE a.organisation_id = NEW.organisation_id AND a.id = NEW.assurance_id AND NOT EXISTS (
                SELECT 1 FROM incidents_assurance newer
                WHERE newer.organisation_id = a.organisation_id AND newer.item = a.item AND newer.id > a.id
            )
        ),
        'Only what the organisation recorded last is withdrawn.'
    );
    RETURN NULL;
END $$;
"""

MAY_ENTER = ("ssip_may_enter_responses(bigint)",)


class Migration(migrations.Migration):
    dependencies = [("incidents", "0002_walls"), ("plans", "0003_guards")]

    operations = [
        functions(
            GATE,
            "DROP FUNCTION ssip_guard_entry(); DROP FUNCTION ssip_may_enter_responses(bigint);",
            app=MAY_ENTER,
            worker=MAY_ENTER,
        ),
        functions(RECORDS, "DROP FUNCTION ssip_guard_assurance(); DROP FUNCTION ssip_guard_withdrawal();"),
        guard("ssip_guard_assurance", "incidents_assurance", "INSERT"),
        guard("ssip_guard_withdrawal", "incidents_withdrawal", "INSERT"),
    ]
