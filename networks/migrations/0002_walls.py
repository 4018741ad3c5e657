"""Networks are seen in their ICS or PSC; a PSC's own also by its specialist members."""

from django.db import migrations

from ssip.tenancy.walls import ids, wall

SPECIALISTS = f"""
CREATE POLICY specialists ON networks_network FOR SELECT TO ssip_app
USING (psc_id = ANY {ids("psc", "view_psc_networks")});
"""


class Migration(migrations.Migration):
    dependencies = [("networks", "0001_initial"), ("tenancy", "0002_walls_and_grants")]

    operations = [
        *wall("networks_network", "any"),
        migrations.RunSQL(SPECIALISTS, "DROP POLICY specialists ON networks_network;"),
    ]
