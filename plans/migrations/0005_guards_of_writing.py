"""The database defends what is written before a decision: everybody in their own name, and history before words."""

from django.db import migrations

from plans.guards import guard
from ssip.core.rights import functions

MAY_WRITE = """
-- The ICS lead every section, a co-author who still reads the plan those they were invited to.
CREATE FUNCTION ssip_may_write(of_ics bigint, of_section uuid) RETURNS boolean LANGUAGE sql STABLE
SET search_path = public, pg_temp AS $$
    SELECT EXISTS (
        SELECT 1 FROM plans_section s
        WHERE s.id = of_section AND s.ics_id = of_ics AND (
            ssip_may('draft_plan', of_ics)
            OR (ssip_may('view_plan', of_ics) AND EXISTS (
                SELECT 1 FROM plans_coauthor c
                WHERE c.ics_id = of_ics AND c.plan_id = s.plan_id AND c.person_id = ssip_user_id()
                  AND c.section_key IN ('', s.key) AND c.ended_at IS NULL))
        )
    )
$$;
"""

SECTIONS = """
CREATE FUNCTION ssip_guard_new_section() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM ssip_must(
        NOT EXISTS (
            SELECT 1 FROM added s
            LEFT JOIN plans_plan p ON p.id = s.plan_id AND p.ics_id = s.ics_id AND p.status = 'draft'
                AND ssip_made_now(p.xmin)
            WHERE p.id IS NULL OR ssip_may('manage_rounds', s.ics_id) IS NOT TRUE OR s.version <> 0
               OR jsonb_path_exists(s.content, '$.** ? (@.type() == "string" && @ != "")')
        ),
        'Sections come without words, together with their plan.'
    );
    RETURN NULL;
END $$;

-- The revision comes first and is judged there: who may write, and that they say so in their own name.
CREATE FUNCTION ssip_guard_section() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM ssip_must(
        ssip_only('{content, digest, version, saved_by_id, saved_at}', to_jsonb(OLD), to_jsonb(NEW)),
        'Of a section only its words can be changed.'
    );
    PERFORM ssip_must(
        NEW.version = OLD.version + 1 AND NEW.saved_by_id = ssip_user_id(),
        'Each save raises the version by one and names who saved.'
    );
    PERFORM ssip_must(ssip_is_written(NEW.ics_id, NEW.plan_id), 'The plan is not being written now.');
    PERFORM ssip_must(
        EXISTS (
            SELECT 1 FROM plans_sectionrevision r
            WHERE r.ics_id = NEW.ics_id AND r.section_id = NEW.id AND r.version = NEW.version
              AND (r.by_id, r.digest, r.content) = (NEW.saved_by_id, NEW.digest, NEW.content) AND ssip_made_now(r.xmin)
        ),
        'A save is written into the history first, by those who may write.'
    );
    RETURN NULL;
END $$;

CREATE FUNCTION ssip_guard_revision() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
DECLARE
    its_plan bigint;
    its_version integer;
BEGIN
    PERFORM ssip_must(NEW.by_id = ssip_user_id(), 'Nobody writes in somebody else''s name.');
    PERFORM ssip_must(
        ssip_may_write(NEW.ics_id, NEW.section_id), 'Sections are written by the ICS lead and those they invite.'
    );
    SELECT plan_id, version INTO its_plan, its_version FROM plans_section WHERE id = NEW.section_id;
    PERFORM ssip_must(NEW.version = its_version + 1, 'A save follows the one before it.');
    PERFORM ssip_must(ssip_is_written(NEW.ics_id, its_plan), 'The plan is not being written now.');
    RETURN NULL;
END $$;

-- Asked when the transaction ends, when nobody is acted for any more: so as the owner.
CREATE FUNCTION ssip_guard_save() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM ssip_must(
        EXISTS (SELECT 1 FROM plans_section s WHERE s.id = NEW.section_id AND s.version >= NEW.version),
        'The history is of what was saved.'
    );
    RETURN NULL;
END $$;

CREATE FUNCTION ssip_guard_held_draft() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM ssip_must(NEW.person_id = ssip_user_id(), 'A kept text is its writer''s own.');
    IF TG_OP = 'UPDATE' THEN
        PERFORM ssip_must(
            ssip_only('{settled_at}', to_jsonb(OLD), to_jsonb(NEW)) AND OLD.settled_at IS NULL,
            'A kept text is settled once, and never changed.'
        );
    ELSE
        PERFORM ssip_must(
            NEW.settled_at IS NULL AND ssip_may_write(NEW.ics_id, NEW.section_id),
            'A text is kept for those who may write the section.'
        );
    END IF;
    RETURN NULL;
END $$;
"""

AROUND = """
CREATE FUNCTION ssip_guard_co_author() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM ssip_must(ssip_may('draft_plan', NEW.ics_id), 'Co-authors are invited by the ICS lead.');
    IF TG_OP = 'UPDATE' THEN
        PERFORM ssip_must(
            ssip_only('{ended_at, ended_by_id}', to_jsonb(OLD), to_jsonb(NEW))
            AND OLD.ended_at IS NULL AND NEW.ended_by_id = ssip_user_id(),
            'An invitation is ended once, by who ends it, and never changed.'
        );
    ELSE
        PERFORM ssip_must(
            NEW.by_id = ssip_user_id() AND NEW.ended_at IS NULL
            AND EXISTS (SELECT 1 FROM plans_plan p WHERE p.id = NEW.plan_id AND p.ics_id = NEW.ics_id),
            'Co-authors are invited in one''s own name, to a plan of this ICS.'
        );
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION ssip_guard_early_read() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM ssip_must(ssip_may('draft_plan', NEW.ics_id), 'An early read is asked for and ended by the ICS lead.');
    IF TG_OP = 'UPDATE' THEN
        PERFORM ssip_must(
            ssip_only('{ended_at}', to_jsonb(OLD), to_jsonb(NEW)) AND OLD.ended_at IS NULL,
            'An early read is ended once, and never changed.'
        );
    ELSE
        PERFORM ssip_must(
            NEW.by_id = ssip_user_id() AND NEW.ended_at IS NULL AND ssip_is_written(NEW.ics_id, NEW.plan_id),
            'An early read is asked for in one''s own name, of a plan that is being written.'
        );
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION ssip_guard_new_comment() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM ssip_must(
        NEW.by_id = ssip_user_id() AND NEW.settled_at IS NULL AND ssip_may('comment_plan', NEW.ics_id),
        'A comment is made in one''s own name, by those who may comment.'
    );
    PERFORM ssip_must(
        EXISTS (
            SELECT 1 FROM plans_plan p
            LEFT JOIN plans_section s ON s.id = NEW.section_id AND s.plan_id = p.id
            LEFT JOIN plans_decision d ON d.id = NEW.decision_id AND d.by_id = NEW.by_id
            LEFT JOIN plans_planversion v ON v.id = d.version_id AND v.plan_id = p.id
            WHERE p.id = NEW.plan_id AND p.ics_id = NEW.ics_id
              AND (s.id IS NULL) = (NEW.section_id IS NULL) AND (v.id IS NULL) = (NEW.decision_id IS NULL)
        ),
        'A comment is about one plan, its sections and the commenter''s own decision.'
    );
    RETURN NULL;
END $$;

CREATE FUNCTION ssip_guard_comment() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM ssip_must(
        ssip_only('{settled_at, settled_by_id}', to_jsonb(OLD), to_jsonb(NEW))
        AND OLD.settled_at IS NULL AND NEW.settled_at IS NOT NULL AND NEW.settled_by_id = ssip_user_id()
        AND ssip_may('draft_plan', NEW.ics_id),
        'A comment is never changed. The ICS lead settles it, once.'
    );
    RETURN NULL;
END $$;
"""

# A revision comes before its save, so whether the save has followed can only be asked at the end.
AT_THE_END = """
CREATE CONSTRAINT TRIGGER ssip_guard_save AFTER INSERT ON plans_sectionrevision
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
WHEN (ssip_role() IN ('ssip_app', 'ssip_worker')) EXECUTE FUNCTION ssip_guard_save();
"""

WRITES = ("ssip_may_write(bigint, uuid)",)


def dropped(*names: str) -> str:
    return "".join(f"DROP FUNCTION {name}();" for name in names)


class Migration(migrations.Migration):
    dependencies = [("plans", "0004_guards_of_decisions")]

    operations = [
        functions(MAY_WRITE, "DROP FUNCTION ssip_may_write(bigint, uuid);", app=WRITES, worker=WRITES),
        functions(
            SECTIONS,
            dropped(
                "ssip_guard_new_section",
                "ssip_guard_section",
                "ssip_guard_revision",
                "ssip_guard_save",
                "ssip_guard_held_draft",
            ),
        ),
        functions(
            AROUND,
            dropped("ssip_guard_co_author", "ssip_guard_early_read", "ssip_guard_new_comment", "ssip_guard_comment"),
        ),
        guard("ssip_guard_new_section", "plans_section", "INSERT", each="STATEMENT"),
        guard("ssip_guard_section", "plans_section", "UPDATE"),
        guard("ssip_guard_revision", "plans_sectionrevision", "INSERT"),
        migrations.RunSQL(AT_THE_END, "DROP TRIGGER ssip_guard_save ON plans_sectionrevision;"),
        guard("ssip_guard_held_draft", "plans_helddraft", "INSERT OR UPDATE"),
        guard("ssip_guard_co_author", "plans_coauthor", "INSERT OR UPDATE"),
        guard("ssip_guard_early_read", "plans_earlyread", "INSERT OR UPDATE"),
        guard("ssip_guard_new_comment", "plans_comment", "INSERT"),
        guard("ssip_guard_comment", "plans_comment", "UPDATE"),
    ]
