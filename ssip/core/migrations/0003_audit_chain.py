"""The audit of each scope becomes a chain: a row is sealed at commit, and nobody but its functions writes it."""

from django.db import migrations, models

from ssip.core.rights import rights

HASH = """
-- A JSON document's one spelling, as ssip.core.canonical writes it: keys in the order of their bytes, no white space.
-- What a fraction looks like depends on who writes it, so none may stand in the audit.
CREATE FUNCTION ssip_canonical(document jsonb) RETURNS text LANGUAGE plpgsql IMMUTABLE
SET search_path = public, pg_temp AS $$
BEGIN
    CASE jsonb_typeof(document)
    WHEN 'object' THEN
        RETURN (SELECT '{' || coalesce(string_agg(to_json(key)::text || ':' || ssip_canonical(value), ','
                                                  ORDER BY key COLLATE "C"), '') || '}'
                FROM jsonb_each(document));
    WHEN 'array' THEN
        RETURN (SELECT '[' || coalesce(string_agg(ssip_canonical(value), ',' ORDER BY place), '') || ']'
                FROM jsonb_array_elements(document) WITH ORDINALITY AS each (value, place));
    WHEN 'number' THEN
        IF scale(document::numeric) > 0 OR abs(document::numeric) >= 1e18 THEN
            RAISE EXCEPTION 'Only whole numbers of at most 18 digits have one spelling, not %.', document;
        END IF;
        RETURN document::text;
    ELSE
        RETURN document::text;
    END CASE;
END $$;

-- The same as ssip.core.chain.hash_of(): who changes one side changes both.
CREATE FUNCTION ssip_audit_hash(it core_auditevent) RETURNS text LANGUAGE sql STABLE
SET search_path = public, pg_temp AS $$
    SELECT encode(sha256(convert_to(ssip_canonical(jsonb_build_object(
        'sequence', it.sequence,
        'previous', it.previous,
        'at', to_char(it.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        'actor', it.actor_id,
        'roles', it.actor_roles,
        'scope', jsonb_build_array(it.scope_kind, it.scope_id),
        'action', it.action,
        'thing', jsonb_build_array(it.thing_kind, it.thing_id),
        'reference', it.reference,
        'data', it.data
    )), 'UTF8')), 'hex')
$$;
"""

SEAL = """
-- Seals what this transaction recorded: others' rows are sealed before they can be seen here. Heads are locked
-- in the order of kind and id, so that two who seal for the same scopes wait for each other instead of crosswise.
CREATE FUNCTION ssip_seal_pending_audit() RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    its record;
    head core_audithead;
    event core_auditevent;
BEGIN
    FOR its IN
        SELECT DISTINCT scope_kind AS kind, scope_id AS id FROM core_auditevent WHERE sequence IS NULL
        ORDER BY scope_kind, scope_id NULLS FIRST
    LOOP
        INSERT INTO core_audithead (scope_kind, scope_id, sequence, hash)
        SELECT its.kind, coalesce(its.id, 0), 0, ''
        WHERE NOT EXISTS (SELECT FROM core_audithead WHERE scope_kind = its.kind AND scope_id = coalesce(its.id, 0))
        ON CONFLICT DO NOTHING;
        SELECT * INTO STRICT head FROM core_audithead
        WHERE scope_kind = its.kind AND scope_id = coalesce(its.id, 0) FOR UPDATE;
        FOR event IN
            SELECT * FROM core_auditevent
            WHERE sequence IS NULL AND scope_kind = its.kind AND scope_id IS NOT DISTINCT FROM its.id ORDER BY id
        LOOP
            event.sequence := head.sequence + 1;
            event.previous := head.hash;
            head.sequence := event.sequence;
            head.hash := ssip_audit_hash(event);
            UPDATE core_auditevent SET sequence = event.sequence, previous = event.previous, hash = head.hash
            WHERE id = event.id;
        END LOOP;
        UPDATE core_audithead SET sequence = head.sequence, hash = head.hash WHERE id = head.id;
    END LOOP;
END $$;

-- Fires at commit for each new row. The first of them only touches itself, which puts the sealing behind every
-- other check that waits for the commit: those of foreign keys lock rows, and none may be locked after a head.
CREATE FUNCTION ssip_seal_audit() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        PERFORM ssip_seal_pending_audit();
    ELSIF NEW.id = (SELECT min(id) FROM core_auditevent WHERE sequence IS NULL) THEN
        UPDATE core_auditevent SET sequence = NULL WHERE id = NEW.id;
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER ask_for_seal AFTER INSERT ON core_auditevent
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ssip_seal_audit();
CREATE CONSTRAINT TRIGGER seal AFTER UPDATE ON core_auditevent
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.sequence IS NULL) EXECUTE FUNCTION ssip_seal_audit();
"""

GUARD = """
-- A right that is given by mistake opens nothing: only the owner of the tables, as whom the functions above
-- run, gets past. What the owner changes by hand is found by `manage.py verify_audit`.
CREATE FUNCTION ssip_guard_audit() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog AS $$
BEGIN
    IF current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID) THEN
        RAISE EXCEPTION 'Nobody changes the audit.' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON core_auditevent
FOR EACH STATEMENT EXECUTE FUNCTION ssip_guard_audit();
CREATE TRIGGER guard BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON core_audithead
FOR EACH STATEMENT EXECUTE FUNCTION ssip_guard_audit();
"""

CLOSED = """
REVOKE ALL ON FUNCTION ssip_canonical(jsonb), ssip_audit_hash(core_auditevent), ssip_seal_pending_audit(),
    ssip_seal_audit(), ssip_guard_audit() FROM PUBLIC;
"""

UNDO = """
DROP TRIGGER guard ON core_audithead;
DROP TRIGGER guard ON core_auditevent;
DROP FUNCTION ssip_guard_audit();
DROP TRIGGER seal ON core_auditevent;
DROP TRIGGER ask_for_seal ON core_auditevent;
DROP FUNCTION ssip_seal_audit();
DROP FUNCTION ssip_seal_pending_audit();
DROP FUNCTION ssip_audit_hash(core_auditevent);
DROP FUNCTION ssip_canonical(jsonb);
"""

ID = models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


class Migration(migrations.Migration):
    dependencies = [("core", "0002_context_audit_and_rights")]

    operations = [
        migrations.CreateModel(
            name="AuditHead",
            fields=[
                ("id", ID),
                ("scope_kind", models.CharField(max_length=12)),
                ("scope_id", models.BigIntegerField()),
                ("sequence", models.BigIntegerField()),
                ("hash", models.CharField(max_length=64)),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=("scope_kind", "scope_id"), name="one_audit_head_a_scope")
                ],
            },
        ),
        migrations.CreateModel(
            name="AuditAnchor",
            fields=[
                ("id", ID),
                ("day", models.DateField(unique=True)),
                ("at", models.DateTimeField()),
            ],
            options={"default_permissions": ()},
        ),
        migrations.AddField("auditevent", "sequence", models.BigIntegerField(null=True)),
        migrations.AddField("auditevent", "previous", models.CharField(max_length=64, null=True)),
        migrations.AddField("auditevent", "hash", models.CharField(max_length=64, null=True)),
        migrations.RemoveIndex("auditevent", "audit_of_a_scope"),
        migrations.AddIndex(
            "auditevent",
            models.Index(fields=["scope_kind", "scope_id", "at"], name="audit_of_a_scope_by_time"),
        ),
        migrations.AddIndex(
            "auditevent",
            models.Index(condition=models.Q(("sequence", None)), fields=["id"], name="audit_not_yet_sealed"),
        ),
        migrations.AddConstraint(
            "auditevent",
            models.UniqueConstraint(
                condition=models.Q(("sequence__isnull", False)),
                fields=("scope_kind", "scope_id", "sequence"),
                name="one_audit_row_a_place",
                nulls_distinct=False,
            ),
        ),
        migrations.RunSQL(f"{HASH}{SEAL}{GUARD}{CLOSED}", UNDO),
        rights("core_auditanchor", worker="SELECT, INSERT"),
    ]
