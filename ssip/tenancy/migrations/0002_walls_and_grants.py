"""Who may see which scope, asked by every policy; who may give a role; and the walls of this app's tables."""

from django.db import migrations

from ssip.core.rights import functions, rights
from ssip.tenancy.walls import condition, public

HELD = """
CREATE FUNCTION ssip_today() RETURNS date LANGUAGE sql STABLE
SET search_path = pg_catalog AS $$ SELECT (now() AT TIME ZONE 'Europe/London')::date $$;

-- Every permission that a person holds today: what ssip.tenancy.access and the policies both ask.
-- A person learns only about themselves; the clock and the owner about everybody.
CREATE FUNCTION ssip_held_by(asked bigint) RETURNS TABLE (kind text, permission text, scope_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
    WITH live AS MATERIALIZED (
        SELECT g.group_id, g.role
        FROM tenancy_grant g JOIN core_user u ON u.id = g.person_id AND u.is_active
        WHERE g.person_id = asked
          AND CASE WHEN ssip_role() = 'ssip_app' THEN asked = ssip_user_id() ELSE true END
          AND g.from_date <= ssip_today() AND (g.until IS NULL OR g.until >= ssip_today()) AND g.ended_at IS NULL
    ),
    on_psc AS (
        SELECT p.content_object_id AS psc_id, a.codename::text AS codename
        FROM live JOIN tenancy_pscgrouppermission p USING (group_id) JOIN auth_permission a ON a.id = p.permission_id
    )
    SELECT 'psc', codename, psc_id FROM on_psc
    UNION
    SELECT 'ics', codename, c.ics_id FROM on_psc JOIN tenancy_coverage c USING (psc_id)
    WHERE c.valid_from <= ssip_today() AND (c.valid_to IS NULL OR c.valid_to >= ssip_today())
    UNION
    SELECT 'ics', a.codename, p.content_object_id
    FROM live JOIN tenancy_icsgrouppermission p USING (group_id) JOIN auth_permission a ON a.id = p.permission_id
    UNION
    SELECT 'organisation', a.codename, p.content_object_id
    FROM live JOIN tenancy_organisationgrouppermission p USING (group_id) JOIN auth_permission a ON a.id = p.permission_id
    UNION
    SELECT 'site', 'manage_accounts', NULL FROM live WHERE role = 'system_administrator'
$$;

CREATE FUNCTION ssip_psc_ids(asked text) RETURNS bigint[] LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
    SELECT array_agg(scope_id) FROM ssip_held_by(ssip_user_id()) WHERE kind = 'psc' AND permission = asked
$$;
CREATE FUNCTION ssip_ics_ids(asked text) RETURNS bigint[] LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
    SELECT array_agg(scope_id) FROM ssip_held_by(ssip_user_id()) WHERE kind = 'ics' AND permission = asked
$$;
CREATE FUNCTION ssip_organisation_ids(asked text) RETURNS bigint[] LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
    SELECT array_agg(scope_id) FROM ssip_held_by(ssip_user_id()) WHERE kind = 'organisation' AND permission = asked
$$;
-- PSCs that serve an ICS where the person holds the permission: whose rounds and people they may read of.
CREATE FUNCTION ssip_serving_psc_ids(asked text) RETURNS bigint[] LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
    SELECT array_agg(DISTINCT c.psc_id)
    FROM tenancy_coverage c
    WHERE c.ics_id = ANY ((SELECT ssip_ics_ids(asked))::bigint[])
      AND c.valid_from <= ssip_today() AND (c.valid_to IS NULL OR c.valid_to >= ssip_today())
$$;
"""

HELD_NAMES = (
    "ssip_today()",
    "ssip_held_by(bigint)",
    "ssip_psc_ids(text)",
    "ssip_ics_ids(text)",
    "ssip_organisation_ids(text)",
    "ssip_serving_psc_ids(text)",
)

ROLES_IN = """
-- The roles of a person that reach a scope, for the audit: read here, not told by the caller.
CREATE FUNCTION ssip_roles_in(person bigint, of_kind text, of_id bigint) RETURNS text[]
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(DISTINCT g.role ORDER BY g.role), '{}')
    FROM tenancy_grant g
    WHERE g.person_id = person
      AND g.from_date <= ssip_today() AND (g.until IS NULL OR g.until >= ssip_today()) AND g.ended_at IS NULL
      AND (
        (of_kind = 'psc' AND g.psc_id = of_id)
        OR (of_kind = 'organisation' AND g.organisation_id = of_id)
        OR (of_kind = 'ics' AND g.ics_id = of_id)
        OR (of_kind = 'ics' AND g.psc_id IN (SELECT c.psc_id FROM tenancy_coverage c WHERE c.ics_id = of_id))
        OR g.role = 'system_administrator'
      )
$$;
"""

GRANTING = """
-- May the person acted for give or end this role here? The operator, as owner of the tables, may.
CREATE FUNCTION ssip_may_grant(to_person bigint, as_role text, in_kind text, in_id bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
    SELECT ssip_role() NOT IN ('ssip_app', 'ssip_worker') OR (
        ssip_role() = 'ssip_app'
        AND EXISTS (
            SELECT 1
            FROM tenancy_rolegroup r JOIN ssip_held_by(ssip_user_id()) h ON true
            WHERE r.role = as_role
              AND (in_kind, in_id) IN (('psc', r.psc_id), ('ics', r.ics_id), ('organisation', r.organisation_id))
              AND (
                (h.kind = 'site' AND r.granted_with = h.permission)
                OR (h.kind = in_kind AND h.scope_id = in_id AND h.permission = r.granted_with)
                OR (h.kind = in_kind AND h.scope_id = in_id AND h.permission = 'manage_people'
                    AND r.granted_with <> 'manage_accounts')
                -- An organisation's first specialist comes from the PSC that serves its lead ICS.
                OR (as_role = 'patient_safety_specialist' AND h.kind = 'ics' AND h.permission = 'manage_people'
                    AND h.scope_id IN (
                        SELECT l.ics_id FROM tenancy_leadics l
                        WHERE l.organisation_id = in_id AND in_kind = 'organisation'
                          AND l.valid_from <= ssip_today() AND (l.valid_to IS NULL OR l.valid_to >= ssip_today()))
                    AND NOT EXISTS (
                        SELECT 1 FROM tenancy_grant g
                        WHERE g.organisation_id = in_id AND g.role = as_role AND g.ended_at IS NULL
                          AND (g.until IS NULL OR g.until >= ssip_today())))
              )
        )
    )
$$;

CREATE FUNCTION ssip_grant(
    to_person bigint, as_role text, in_kind text, in_id bigint, until_day date, because text
) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    person bigint := nullif(coalesce(nullif(current_setting('ssip.user_id', true), ''), '0')::bigint, 0);
    its tenancy_rolegroup;
    new_id bigint;
BEGIN
    IF to_person = person THEN
        RAISE EXCEPTION 'Nobody can give a role to themselves.' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NOT ssip_may_grant(to_person, as_role, in_kind, in_id) THEN
        RAISE EXCEPTION 'You cannot give this role here.' USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT * INTO STRICT its FROM tenancy_rolegroup r
    WHERE r.role = as_role
      AND ((in_kind = 'psc' AND r.psc_id = in_id) OR (in_kind = 'ics' AND r.ics_id = in_id)
           OR (in_kind = 'organisation' AND r.organisation_id = in_id)
           OR (in_kind = 'site' AND coalesce(r.psc_id, r.ics_id, r.organisation_id) IS NULL));
    INSERT INTO tenancy_grant
        (person_id, role, psc_id, ics_id, organisation_id, group_id, from_date, until, by_id, at, reason, ended_reason)
    VALUES
        (to_person, as_role, its.psc_id, its.ics_id, its.organisation_id, its.group_id, ssip_today(), until_day, person,
         now(), because, '')
    RETURNING id INTO new_id;
    INSERT INTO core_user_groups (user_id, group_id) VALUES (to_person, its.group_id) ON CONFLICT DO NOTHING;
    RETURN new_id;
END $$;

CREATE FUNCTION ssip_end_grant(grant_id bigint, because text) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    person bigint := nullif(coalesce(nullif(current_setting('ssip.user_id', true), ''), '0')::bigint, 0);
    held tenancy_grant;
BEGIN
    SELECT * INTO held FROM tenancy_grant WHERE id = grant_id AND ended_at IS NULL FOR UPDATE;
    IF held.id IS NULL OR NOT ssip_may_grant(
        held.person_id, held.role,
        CASE WHEN held.psc_id IS NOT NULL THEN 'psc' WHEN held.ics_id IS NOT NULL THEN 'ics'
             WHEN held.organisation_id IS NOT NULL THEN 'organisation' ELSE 'site' END,
        coalesce(held.psc_id, held.ics_id, held.organisation_id)
    ) THEN
        RAISE EXCEPTION 'You cannot end this role.' USING ERRCODE = 'insufficient_privilege';
    END IF;
    UPDATE tenancy_grant SET ended_at = now(), ended_by_id = person, ended_reason = because WHERE id = grant_id;
    DELETE FROM core_user_groups WHERE user_id = held.person_id AND group_id = held.group_id;
    RETURN grant_id;
END $$;
"""

OWN_OR_SEEN = " OR ".join(
    [
        "person_id = (SELECT ssip_user_id())",
        "by_id = (SELECT ssip_user_id())",
        condition("any"),
        "psc_id = ANY ((SELECT ssip_serving_psc_ids('view_ics'))::bigint[])",
        "(role IN ('psc_administrator', 'system_administrator') AND (SELECT ssip_on_site()))",
    ]
)

# No value of a person comes into this text: all of it stands in this file and in walls.py.
GRANTS_WALL = f"""
CREATE FUNCTION ssip_on_site() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM ssip_held_by(ssip_user_id()) WHERE kind = 'site')
$$;
-- Grants one holds or gave; those in a scope one may see; those of the PSC that serves one's ICS (who approves
-- our plan); to a system administrator, the administrators.
ALTER TABLE tenancy_grant ENABLE ROW LEVEL SECURITY;
CREATE POLICY app_sees ON tenancy_grant FOR SELECT TO ssip_app USING ({OWN_OR_SEEN});
CREATE POLICY clock ON tenancy_grant FOR SELECT TO ssip_worker USING (true);
"""  # noqa: S608

AUDIT_WALL = """
ALTER TABLE core_auditevent ENABLE ROW LEVEL SECURITY;
CREATE POLICY app_sees ON core_auditevent FOR SELECT TO ssip_app USING (
    (scope_kind = 'psc' AND scope_id = ANY ((SELECT ssip_psc_ids('view_psc'))::bigint[]))
    OR (scope_kind = 'ics' AND scope_id = ANY ((SELECT ssip_ics_ids('view_ics'))::bigint[]))
    OR (scope_kind = 'organisation' AND scope_id = ANY ((SELECT ssip_organisation_ids('view_organisation'))::bigint[]))
    OR (scope_kind = 'site' AND (SELECT ssip_on_site()))
);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("tenancy", "0001_initial"),
        ("core", "0002_context_audit_and_rights"),
        ("guardian", "0003_remove_groupobjectpermission_guardian_gr_content_ae6aec_idx_and_more"),
    ]

    operations = [
        functions(
            HELD,
            "".join(f"DROP FUNCTION {name};" for name in reversed(HELD_NAMES)),
            app=HELD_NAMES,
            worker=HELD_NAMES,
        ),
        functions(
            ROLES_IN, "DROP FUNCTION ssip_roles_in(bigint, text, bigint);", app=("ssip_roles_in(bigint, text, bigint)",)
        ),
        functions(
            GRANTING,
            """DROP FUNCTION ssip_end_grant(bigint, text);
            DROP FUNCTION ssip_grant(bigint, text, text, bigint, date, text);
            DROP FUNCTION ssip_may_grant(bigint, text, text, bigint);""",
            app=(
                "ssip_end_grant(bigint, text)",
                "ssip_grant(bigint, text, text, bigint, date, text)",
                "ssip_may_grant(bigint, text, text, bigint)",
            ),
        ),
        functions(
            GRANTS_WALL,
            """DROP POLICY app_sees ON tenancy_grant; DROP POLICY clock ON tenancy_grant;
            ALTER TABLE tenancy_grant DISABLE ROW LEVEL SECURITY; DROP FUNCTION ssip_on_site();""",
            app=("ssip_on_site()",),
        ),
        rights("tenancy_grant", app="SELECT", worker="SELECT"),
        migrations.RunSQL(
            AUDIT_WALL,
            "DROP POLICY app_sees ON core_auditevent; ALTER TABLE core_auditevent DISABLE ROW LEVEL SECURITY;",
        ),
        rights("core_auditevent", app="SELECT"),
        public("tenancy_psc", "which Patient Safety Collaboratives there are"),
        public("tenancy_ics", "which Integrated Care Systems there are"),
        public("tenancy_organisation", "which providers there are"),
        public("tenancy_coverage", "which PSC serves which ICS"),
        public("tenancy_boundary", "the codes of areas"),
        public("tenancy_successor", "what became of an ICS"),
        public("tenancy_footprint", "which ICSs a provider serves"),
        public("tenancy_leadics", "which ICS leads for a provider"),
        public("tenancy_rolegroup", "which roles there are, no person in it"),
        public("tenancy_pscgrouppermission", "what roles may do, no person in it"),
        public("tenancy_icsgrouppermission", "what roles may do, no person in it"),
        public("tenancy_organisationgrouppermission", "what roles may do, no person in it"),
    ]
