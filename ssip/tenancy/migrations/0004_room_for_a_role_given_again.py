"""A role whose last day has passed no longer stands in the way of giving it again."""

from django.db import migrations

GRANT = """
CREATE OR REPLACE FUNCTION ssip_grant(
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
    -- One open grant a person and group: one whose last day has passed makes room.
    UPDATE tenancy_grant SET ended_at = now(), ended_by_id = person, ended_reason = 'Its last day has passed'
    WHERE person_id = to_person AND group_id = its.group_id AND ended_at IS NULL AND until < ssip_today();
    INSERT INTO tenancy_grant
        (person_id, role, psc_id, ics_id, organisation_id, group_id, from_date, until, by_id, at, reason, ended_reason)
    VALUES
        (to_person, as_role, its.psc_id, its.ics_id, its.organisation_id, its.group_id, ssip_today(), until_day, person,
         now(), because, '')
    RETURNING id INTO new_id;
    INSERT INTO core_user_groups (user_id, group_id) VALUES (to_person, its.group_id) ON CONFLICT DO NOTHING;
    RETURN new_id;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("tenancy", "0003_heads_of_the_audit")]

    # Backwards the function stays: it does all that the one before did.
    operations = [migrations.RunSQL(GRANT, migrations.RunSQL.noop)]
