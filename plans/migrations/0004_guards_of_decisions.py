"""The database defends approvals: who decides, about which words, and what is published of them."""

from django.db import migrations

from plans.guards import guard
from ssip.core.rights import functions

AUTHORS = """
-- All who saved words of the plan or submitted it, whether or not one may see them.
CREATE FUNCTION ssip_authors(of_plan bigint) RETURNS bigint[] LANGUAGE sql STABLE
SET search_path = public, pg_temp AS $$
    SELECT array_agg(by_id ORDER BY by_id) FROM (
        SELECT r.by_id FROM plans_sectionrevision r JOIN plans_section s ON s.id = r.section_id WHERE s.plan_id = of_plan
        UNION
        SELECT v.by_id FROM plans_planversion v WHERE v.plan_id = of_plan
    ) AS theirs
$$;
REVOKE ALL ON FUNCTION ssip_authors(bigint) FROM PUBLIC;
"""

DECISIONS = """
-- As the owner: whoever wrote must not decide, also where they are not seen.
CREATE FUNCTION ssip_guard_decision() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    its plans_planversion;
    plan plans_plan;
    needed text;
BEGIN
    PERFORM ssip_must(NEW.by_id = ssip_user_id(), 'Nobody decides in somebody else''s name.');
    SELECT * INTO its FROM plans_planversion WHERE id = NEW.version_id AND ics_id = NEW.ics_id;
    SELECT * INTO plan FROM plans_plan WHERE id = its.plan_id AND ics_id = NEW.ics_id FOR UPDATE;
    PERFORM ssip_must(its.id = ssip_newest_version(plan.ics_id, plan.id), 'A decision is about the newest version.');
    SELECT a.permission INTO needed
    FROM plans_step s
    JOIN plans_round r ON r.id = s.round_id AND r.psc_id = s.psc_id
    JOIN plans_arrow a ON a.permission = s.name || '_plan'
    WHERE s.id = NEW.step_id AND r.id = plan.round_id AND a.source = plan.status
      AND a.target = CASE NEW.verdict WHEN 'changes' THEN 'changes_asked' ELSE NEW.verdict END;
    PERFORM ssip_must(needed IS NOT NULL, 'The plan does not wait for this decision.');
    PERFORM ssip_must(ssip_may(needed, NEW.ics_id), 'This decision is for somebody else to take.');
    PERFORM ssip_must(
        NEW.by_id <> ALL (its.authors || ssip_authors(plan.id)),
        'Whoever wrote or submitted part of a plan does not decide about it.'
    );
    PERFORM ssip_must(
        NEW.covered = (
            SELECT jsonb_object_agg(f.key, f.digest) FROM plans_versionsection f
            WHERE f.ics_id = NEW.ics_id AND f.version_id = its.id
        ),
        'A decision covers the words of its version, all of them and no others.'
    );
    RETURN NULL;
END $$;
"""

FROZEN = """
CREATE FUNCTION ssip_guard_version() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM ssip_must(
        NEW.by_id = ssip_user_id() AND ssip_may('draft_plan', NEW.ics_id), 'A version is made by the ICS lead who submits it.'
    );
    PERFORM ssip_must(ssip_is_written(NEW.ics_id, NEW.plan_id), 'The plan is not being written now.');
    PERFORM ssip_must(
        NEW.number = 1 + coalesce(
            (SELECT max(number) FROM plans_planversion v
             WHERE v.ics_id = NEW.ics_id AND v.plan_id = NEW.plan_id AND v.id <> NEW.id), 0),
        'Versions are numbered one after the other.'
    );
    PERFORM ssip_must(NEW.authors = ssip_authors(NEW.plan_id), 'A version names all who wrote, and nobody else.');
    RETURN NULL;
END $$;

CREATE FUNCTION ssip_guard_frozen() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM ssip_must(
        NOT EXISTS (
            SELECT 1 FROM added f
            LEFT JOIN plans_planversion v ON v.id = f.version_id AND v.ics_id = f.ics_id AND v.by_id = ssip_user_id()
                AND ssip_made_now(v.xmin)
            LEFT JOIN plans_section s ON s.id = f.section_id AND s.plan_id = v.plan_id
                AND (s.key, s.position, s.kind, s.title, s.digest, s.content)
                  = (f.key, f.position, f.kind, f.title, f.digest, f.content)
            WHERE s.id IS NULL OR EXISTS (SELECT 1 FROM plans_decision d WHERE d.ics_id = v.ics_id AND d.version_id = v.id)
        ),
        'A section is frozen as it stands, together with its version.'
    );
    RETURN NULL;
END $$;
"""

PUBLISHED = """
-- Who may publish says the policy.
CREATE FUNCTION ssip_guard_published() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
DECLARE
    newest bigint := ssip_newest_version(NEW.ics_id, NEW.plan_id);
BEGIN
    PERFORM ssip_must(
        EXISTS (
            SELECT 1 FROM plans_plan p
            JOIN plans_planversion v ON v.id = newest
            JOIN networks_network n ON n.id = p.network_id
            JOIN tenancy_ics i ON i.id = p.ics_id
            WHERE p.id = NEW.plan_id AND p.status = 'approved' AND NOT NEW.is_example
              AND (p.ics_id, p.network_id, p.reference, p.title, n.name, i.short_name, v.number, v.digest)
                = (NEW.ics_id, NEW.network_id, NEW.reference, NEW.title, NEW.network_name, NEW.ics_name, NEW.version, NEW.check_code)
        ),
        'What is published is a plan that is approved, in its newest version.'
    );
    PERFORM ssip_must(
        NEW.sections = (
            SELECT jsonb_agg(jsonb_build_object(
                'key', f.key, 'title', f.title, 'kind', f.kind, 'content', f.content, 'digest', f.digest
            ) ORDER BY f.position)
            FROM plans_versionsection f WHERE f.ics_id = NEW.ics_id AND f.version_id = newest
        ),
        'The words that are published are those that were approved.'
    );
    PERFORM ssip_must(
        EXISTS (
            SELECT 1 FROM plans_decision e
            JOIN plans_decision a ON a.ics_id = e.ics_id AND a.version_id = e.version_id AND a.verdict = 'approved'
            WHERE e.ics_id = NEW.ics_id AND e.version_id = newest AND e.verdict = 'endorsed'
              AND (e.on_behalf_of, coalesce(e.met_on, (e.at AT TIME ZONE 'Europe/London')::date),
                   a.on_behalf_of, (a.at AT TIME ZONE 'Europe/London')::date)
                = (NEW.endorsed_by, NEW.endorsed_on, NEW.approved_by, NEW.approved_on)
        ),
        'What is published names the bodies that decided, and when.'
    );
    RETURN NULL;
END $$;
"""

GUARDS = ("ssip_guard_decision", "ssip_guard_version", "ssip_guard_frozen", "ssip_guard_published")


class Migration(migrations.Migration):
    dependencies = [("plans", "0003_guards")]

    operations = [
        functions(AUTHORS, "DROP FUNCTION ssip_authors(bigint);"),
        functions(DECISIONS + FROZEN + PUBLISHED, "".join(f"DROP FUNCTION {name}();" for name in GUARDS)),
        guard("ssip_guard_decision", "plans_decision", "INSERT"),
        guard("ssip_guard_version", "plans_planversion", "INSERT"),
        guard("ssip_guard_frozen", "plans_versionsection", "INSERT", each="STATEMENT"),
        guard("ssip_guard_published", "plans_publishedplan", "INSERT"),
    ]
