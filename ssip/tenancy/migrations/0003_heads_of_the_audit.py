"""The end of a scope's chain is seen by those who see the scope, and by the clock, which writes it down outside."""

from django.db import migrations

from ssip.core.rights import rights

WALL = """
ALTER TABLE core_audithead ENABLE ROW LEVEL SECURITY;
CREATE POLICY app_sees ON core_audithead FOR SELECT TO ssip_app USING (
    (scope_kind = 'psc' AND scope_id = ANY ((SELECT ssip_psc_ids('view_psc'))::bigint[]))
    OR (scope_kind = 'ics' AND scope_id = ANY ((SELECT ssip_ics_ids('view_ics'))::bigint[]))
    OR (scope_kind = 'organisation' AND scope_id = ANY ((SELECT ssip_organisation_ids('view_organisation'))::bigint[]))
    OR (scope_kind = 'site' AND (SELECT ssip_on_site()))
);
CREATE POLICY clock ON core_audithead FOR SELECT TO ssip_worker USING (true);
"""

UNDO = """
DROP POLICY clock ON core_audithead;
DROP POLICY app_sees ON core_audithead;
ALTER TABLE core_audithead DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [("tenancy", "0002_walls_and_grants"), ("core", "0003_audit_chain")]

    operations = [
        migrations.RunSQL(WALL, UNDO),
        rights("core_audithead", app="SELECT", worker="SELECT"),
    ]
