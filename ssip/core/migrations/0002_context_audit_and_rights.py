"""For whom the database is asked, the audit's only pen, numbers, the cache's table, and rights."""

from django.db import migrations

from ssip.core.rights import functions, rights

CONTEXT = """
-- The id of the person acted for; 0 for nobody. Unset in strict mode is an error, so that a
-- forgotten context is loud in development and tests; elsewhere it finds nothing.
CREATE FUNCTION ssip_user_id() RETURNS bigint LANGUAGE plpgsql STABLE
SET search_path = pg_catalog AS $$
DECLARE said text := nullif(current_setting('ssip.user_id', true), '');
BEGIN
    IF said IS NULL AND current_setting('ssip.strict', true) = 'on' THEN
        RAISE EXCEPTION 'A record of an organisation was asked for without saying on whose behalf.'
            USING HINT = 'Use ssip.core.context.acting_as(person).';
    END IF;
    RETURN said::bigint;
END $$;

-- The role that asks, also inside a function that runs as its owner.
CREATE FUNCTION ssip_role() RETURNS text LANGUAGE sql STABLE
SET search_path = pg_catalog AS $$
    SELECT coalesce(nullif(current_setting('role', true), 'none'), session_user::text)
$$;
"""

NUMBERS = """
CREATE FUNCTION ssip_next_number(of_scope text, of_kind text) RETURNS integer LANGUAGE sql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
    INSERT INTO core_referencenumber AS n (scope_code, kind, last) VALUES (of_scope, of_kind, 1)
    ON CONFLICT (scope_code, kind) DO UPDATE SET last = n.last + 1
    RETURNING last
$$;
"""

AUDIT = """
-- ssip_roles_in() comes with the grants.
CREATE FUNCTION ssip_record_audit(
    did text, kind text, id bigint, of_kind text, of_id bigint, cited text, particulars jsonb
) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    person bigint := nullif(coalesce(nullif(current_setting('ssip.user_id', true), ''), '0')::bigint, 0);
    row_id bigint;
BEGIN
    INSERT INTO core_auditevent
        (at, actor_id, actor_roles, scope_kind, scope_id, action, thing_kind, thing_id, reference, data)
    VALUES
        (clock_timestamp(), person, to_jsonb(ssip_roles_in(person, kind, id)), kind, id, did, of_kind, of_id, cited, particulars)
    RETURNING core_auditevent.id INTO row_id;
    RETURN row_id;
END $$;
"""

# Nobody becomes a superuser by a page: the flag gives no tenant rows, and is the operator's all the same.
PEOPLE = """
CREATE FUNCTION ssip_guard_people() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF ssip_role() IN ('ssip_app', 'ssip_worker')
       AND NEW.is_superuser IS DISTINCT FROM (CASE WHEN TG_OP = 'UPDATE' THEN OLD.is_superuser ELSE false END) THEN
        RAISE EXCEPTION 'Only the operator changes this.' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_people BEFORE INSERT OR UPDATE ON core_user FOR EACH ROW EXECUTE FUNCTION ssip_guard_people();
"""

# As `createcachetable` makes it.
CACHE = """
CREATE TABLE core_cache (
    cache_key varchar(255) NOT NULL PRIMARY KEY,
    value text NOT NULL,
    expires timestamp with time zone NOT NULL
);
CREATE INDEX core_cache_expires ON core_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0001_initial"),
        ("sessions", "0001_initial"),
        ("account", "0009_emailaddress_unique_primary_email"),
    ]

    operations = [
        functions(
            CONTEXT,
            "DROP FUNCTION ssip_role(); DROP FUNCTION ssip_user_id();",
            app=("ssip_user_id()", "ssip_role()"),
            worker=("ssip_user_id()", "ssip_role()"),
        ),
        functions(
            NUMBERS,
            "DROP FUNCTION ssip_next_number(text, text);",
            app=("ssip_next_number(text, text)",),
        ),
        functions(
            AUDIT,
            "DROP FUNCTION ssip_record_audit(text, text, bigint, text, bigint, text, jsonb);",
            app=("ssip_record_audit(text, text, bigint, text, bigint, text, jsonb)",),
            worker=("ssip_record_audit(text, text, bigint, text, bigint, text, jsonb)",),
        ),
        migrations.RunSQL(PEOPLE, "DROP TRIGGER guard_people ON core_user; DROP FUNCTION ssip_guard_people();"),
        migrations.RunSQL(CACHE, "DROP TABLE core_cache;"),
        # Sign-in has to find an account before there is a person: accounts, sessions and the cache have no wall.
        rights("core_user", app="SELECT, INSERT, UPDATE", worker="SELECT"),
        rights("django_session", app="SELECT, INSERT, UPDATE, DELETE"),
        rights("core_cache", app="SELECT, INSERT, UPDATE, DELETE"),
        rights("account_emailaddress", app="SELECT, INSERT, UPDATE, DELETE"),
        rights("account_emailconfirmation", app="SELECT"),
        rights("django_content_type", app="SELECT", worker="SELECT"),
        rights("auth_permission", app="SELECT", worker="SELECT"),
        rights("auth_group", app="SELECT", worker="SELECT"),
        rights("core_user_groups", app="SELECT", worker="SELECT"),
        rights("django_migrations", app="SELECT", worker="SELECT"),
    ]
