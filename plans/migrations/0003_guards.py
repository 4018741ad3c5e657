"""The database defends approvals: which way a plan may go, by whom, and on what grounds.

Each function is a trigger's or a trigger's question. What a row is about is looked up within the row's
own ICS, so that one cannot tell another tenant's record from none.
"""

from django.db import migrations

from plans.guards import guard
from ssip.core.rights import functions
from ssip.tenancy.walls import public

# MOVES as they were when this was written; a later change is a migration of its own, and a test says so.
ARROWS = """
CREATE TABLE plans_arrow (
    source varchar(20) NOT NULL,
    target varchar(20) NOT NULL,
    move varchar(20) NOT NULL,
    permission varchar(40) NOT NULL,
    PRIMARY KEY (source, target)
);
INSERT INTO plans_arrow (source, target, move, permission) VALUES
    ('approved', 'published', 'publish', 'publish_plan'),
    ('changes_asked', 'submitted', 'submit', 'draft_plan'),
    ('changes_asked', 'withdrawn', 'withdraw', 'draft_plan'),
    ('draft', 'submitted', 'submit', 'draft_plan'),
    ('draft', 'withdrawn', 'withdraw', 'draft_plan'),
    ('endorsed', 'approved', 'approve', 'approve_plan'),
    ('endorsed', 'changes_asked', 'ask_for_changes', 'approve_plan'),
    ('endorsed', 'withdrawn', 'withdraw', 'draft_plan'),
    ('published', 'superseded', 'supersede', 'publish_plan'),
    ('submitted', 'changes_asked', 'ask_for_changes', 'endorse_plan'),
    ('submitted', 'endorsed', 'endorse', 'endorse_plan'),
    ('submitted', 'withdrawn', 'withdraw', 'draft_plan'),
    ('withdrawn', 'draft', 'reopen', 'draft_plan');
"""

QUESTIONS = """
-- The only voice of the guards: one sentence, no data of anybody.
CREATE FUNCTION ssip_must(is_so boolean, sentence text) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog AS $$
BEGIN
    IF is_so IS NOT TRUE THEN
        RAISE EXCEPTION '%', sentence USING ERRCODE = 'insufficient_privilege';
    END IF;
END $$;

CREATE FUNCTION ssip_may(permission text, of_ics bigint) RETURNS boolean LANGUAGE sql STABLE
SET search_path = public, pg_temp AS $$ SELECT of_ics = ANY (ssip_ics_ids(permission)) $$;

-- Nothing changed but what may; a column that comes later may not until it is named.
CREATE FUNCTION ssip_only(may_change text[], was jsonb, is_now jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog AS $$ SELECT was - may_change = is_now - may_change $$;

-- Of a row's xmin: was it written in this transaction? A row that one sees and whose maker has not ended
-- is one's own, also when a savepoint made it. xmin has 32 bits; the 64 nearest to the current id are meant.
CREATE FUNCTION ssip_made_now(made xid) RETURNS boolean LANGUAGE sql VOLATILE
SET search_path = pg_catalog AS $$
    SELECT pg_xact_status(
        (id + (((made::text::bigint - id) & 4294967295) # 2147483648) - 2147483648)::text::xid8
    ) = 'in progress'
    FROM (SELECT pg_current_xact_id()::text::bigint AS id) AS mine
$$;

CREATE FUNCTION ssip_newest_version(of_ics bigint, of_plan bigint) RETURNS bigint LANGUAGE sql STABLE
SET search_path = public, pg_temp AS $$
    SELECT id FROM plans_planversion WHERE ics_id = of_ics AND plan_id = of_plan ORDER BY number DESC LIMIT 1
$$;

-- Locks the plan: a submission under way is waited for, and none begins before we have ended.
CREATE FUNCTION ssip_is_written(of_ics bigint, of_plan bigint) RETURNS boolean LANGUAGE sql VOLATILE
SET search_path = public, pg_temp AS $$
    SELECT true FROM plans_plan p JOIN plans_arrow a ON a.source = p.status AND a.move = 'submit'
    WHERE p.id = of_plan AND p.ics_id = of_ics FOR UPDATE OF p
$$;
"""

GROUNDS = """
-- A version of this person's and of this transaction, with every section as it stands.
CREATE FUNCTION ssip_is_submitted(of_ics bigint, of_plan bigint) RETURNS boolean LANGUAGE sql VOLATILE
SET search_path = public, pg_temp AS $$
    SELECT EXISTS (
        SELECT 1 FROM plans_planversion v
        WHERE v.id = (SELECT ssip_newest_version(of_ics, of_plan)) AND v.by_id = ssip_user_id() AND ssip_made_now(v.xmin)
    ) AND NOT EXISTS (
        SELECT 1 FROM plans_section s
        WHERE s.plan_id = of_plan AND NOT EXISTS (
            SELECT 1 FROM plans_versionsection f
            WHERE f.ics_id = of_ics AND f.version_id = (SELECT ssip_newest_version(of_ics, of_plan))
              AND (f.section_id, f.key, f.digest, f.content) = (s.id, s.key, s.digest, s.content)
        )
    )
$$;

CREATE FUNCTION ssip_is_decided(of_ics bigint, of_plan bigint, as_verdict text, permission text) RETURNS boolean
LANGUAGE sql STABLE
SET search_path = public, pg_temp AS $$
    SELECT EXISTS (
        SELECT 1 FROM plans_decision d JOIN plans_step s ON s.id = d.step_id
        WHERE d.ics_id = of_ics AND d.version_id = (SELECT ssip_newest_version(of_ics, of_plan)) AND d.verdict = as_verdict
          AND d.by_id = ssip_user_id() AND s.name || '_plan' = permission
    )
$$;

CREATE FUNCTION ssip_is_published(of_ics bigint, of_plan bigint) RETURNS boolean LANGUAGE sql STABLE
SET search_path = public, pg_temp AS $$
    SELECT EXISTS (
        SELECT 1 FROM plans_publishedplan p
        JOIN plans_planversion v ON (v.number, v.digest) = (p.version, p.check_code)
        WHERE p.plan_id = of_plan AND v.id = (SELECT ssip_newest_version(of_ics, of_plan))
    )
$$;

CREATE FUNCTION ssip_is_replaced(of_plan bigint) RETURNS boolean LANGUAGE sql STABLE
SET search_path = public, pg_temp AS $$
    SELECT EXISTS (
        SELECT 1 FROM plans_publishedplan mine
        JOIN plans_publishedplan newer ON (newer.ics_id, newer.network_id) = (mine.ics_id, mine.network_id)
        JOIN plans_plan p ON p.id = newer.plan_id AND p.status = 'published'
        WHERE mine.plan_id = of_plan AND newer.id > mine.id
    )
$$;
"""

PLANS = """
CREATE FUNCTION ssip_guard_new_plan() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM ssip_must(NEW.status = 'draft', 'A plan begins as a draft.');
    PERFORM ssip_must(
        ssip_may('manage_rounds', NEW.ics_id) AND EXISTS (
            SELECT 1 FROM plans_round r JOIN networks_network n ON n.id = NEW.network_id
            WHERE r.id = NEW.round_id AND r.psc_id = ANY (ssip_psc_ids('manage_rounds')) AND r.closed_at IS NULL
              AND n.ics_id = NEW.ics_id
        ),
        'A plan is opened by the PSC administrator, in an open round, for a network of its ICS.'
    );
    RETURN NULL;
END $$;

CREATE FUNCTION ssip_guard_plan() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
DECLARE
    meeting CONSTANT text[] := '{meeting_of, meeting_on, papers_due_on}';
    arrow plans_arrow;
BEGIN
    IF NEW.status = OLD.status THEN
        PERFORM ssip_must(ssip_only(meeting, to_jsonb(OLD), to_jsonb(NEW)), 'Of a plan only its meeting can be changed.');
        PERFORM ssip_must(ssip_may('draft_plan', NEW.ics_id), 'The meeting of a plan is named by the ICS lead.');
        RETURN NULL;
    END IF;
    PERFORM ssip_must(
        ssip_only('{status, status_since}', to_jsonb(OLD), to_jsonb(NEW)), 'A move changes where a plan stands and nothing else.'
    );
    SELECT * INTO arrow FROM plans_arrow WHERE source = OLD.status AND target = NEW.status;
    PERFORM ssip_must(arrow.move IS NOT NULL, 'A plan does not go this way.');
    PERFORM ssip_must(ssip_may(arrow.permission, NEW.ics_id), 'This move is for somebody else to make.');
    IF NEW.status = 'submitted' THEN
        PERFORM ssip_must(
            ssip_is_submitted(NEW.ics_id, NEW.id), 'A plan is submitted as a new version of all its words, by who submits it.'
        );
    ELSIF NEW.status IN ('endorsed', 'approved', 'changes_asked') THEN
        PERFORM ssip_must(
            ssip_is_decided(
                NEW.ics_id, NEW.id, CASE NEW.status WHEN 'changes_asked' THEN 'changes' ELSE NEW.status END, arrow.permission
            ),
            'The decision is written down before the plan moves on.'
        );
    ELSIF NEW.status = 'published' THEN
        PERFORM ssip_must(ssip_is_published(NEW.ics_id, NEW.id), 'The words are published before the plan says so.');
    ELSIF NEW.status = 'superseded' THEN
        PERFORM ssip_must(ssip_is_replaced(NEW.id), 'A plan is replaced by a newer edition that is published.');
    END IF;
    RETURN NULL;
END $$;
"""

ASKED = (
    "ssip_must(boolean, text)",
    "ssip_may(text, bigint)",
    "ssip_only(text[], jsonb, jsonb)",
    "ssip_made_now(xid)",
    "ssip_newest_version(bigint, bigint)",
    "ssip_is_written(bigint, bigint)",
)
ON_WHAT_GROUNDS = (
    "ssip_is_submitted(bigint, bigint)",
    "ssip_is_decided(bigint, bigint, text, text)",
    "ssip_is_published(bigint, bigint)",
    "ssip_is_replaced(bigint)",
)


def dropped(*names: str) -> str:
    return "".join(f"DROP FUNCTION {name};" for name in names)


class Migration(migrations.Migration):
    dependencies = [("plans", "0002_walls"), ("networks", "0002_walls")]

    operations = [
        migrations.RunSQL(ARROWS, "DROP TABLE plans_arrow;"),
        public("plans_arrow", "which way a plan can go"),
        functions(QUESTIONS, dropped(*ASKED), app=ASKED, worker=ASKED),
        functions(GROUNDS, dropped(*ON_WHAT_GROUNDS), app=ON_WHAT_GROUNDS, worker=ON_WHAT_GROUNDS),
        functions(PLANS, dropped("ssip_guard_new_plan()", "ssip_guard_plan()")),
        guard("ssip_guard_new_plan", "plans_plan", "INSERT"),
        guard("ssip_guard_plan", "plans_plan", "UPDATE"),
    ]
