"""A policy asks where one permission is held, so only that one is looked up: half the cost of each walled table.

What makes a role count today is said as in ssip_held_by(); a test holds the two to one answer for everybody.
"""

from django.db import migrations

# plpgsql keeps its plans for the connection in every version of PostgreSQL; a function of plain SQL does not.
ASK = """
CREATE OR REPLACE FUNCTION ssip_{kind}_ids(asked text) RETURNS bigint[] LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    me bigint := ssip_user_id();
    today date := ssip_today();
BEGIN
    RETURN (
        WITH live AS MATERIALIZED (
            SELECT g.group_id
            FROM tenancy_grant g JOIN core_user u ON u.id = g.person_id AND u.is_active
            WHERE g.person_id = me
              AND g.from_date <= today AND (g.until IS NULL OR g.until >= today) AND g.ended_at IS NULL
        )
        SELECT array_agg(DISTINCT held.scope_id) FROM ({held}) AS held
    );
END $$;
"""
HERE = """
            SELECT p.content_object_id AS scope_id
            FROM live JOIN tenancy_{kind}grouppermission p USING (group_id)
            JOIN auth_permission a ON a.id = p.permission_id AND a.codename = asked
"""
THROUGH_A_PSC = """
            UNION ALL
            SELECT c.ics_id
            FROM live JOIN tenancy_pscgrouppermission p USING (group_id)
            JOIN auth_permission a ON a.id = p.permission_id AND a.codename = asked
            JOIN tenancy_coverage c ON c.psc_id = p.content_object_id
            WHERE c.valid_from <= today AND (c.valid_to IS NULL OR c.valid_to >= today)
"""
SERVING = """
CREATE OR REPLACE FUNCTION ssip_serving_psc_ids(asked text) RETURNS bigint[] LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    held bigint[] := ssip_ics_ids(asked);
    today date := ssip_today();
BEGIN
    RETURN (
        SELECT array_agg(DISTINCT c.psc_id) FROM tenancy_coverage c
        WHERE c.ics_id = ANY (held) AND c.valid_from <= today AND (c.valid_to IS NULL OR c.valid_to >= today)
    );
END $$;
"""
FUNCTIONS = [
    ASK.format(kind="psc", held=HERE.format(kind="psc")),
    ASK.format(kind="ics", held=HERE.format(kind="ics") + THROUGH_A_PSC),
    ASK.format(kind="organisation", held=HERE.format(kind="organisation")),
    SERVING,
]


class Migration(migrations.Migration):
    dependencies = [("tenancy", "0005_permission_to_record_assurances")]

    # Backwards the functions stay: they answer as those before did.
    operations = [migrations.RunSQL("".join(FUNCTIONS), migrations.RunSQL.noop)]
