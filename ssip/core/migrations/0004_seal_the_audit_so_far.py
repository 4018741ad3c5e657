"""Rows from before the chain are sealed in the order in which they were written."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("core", "0003_audit_chain")]

    operations = [
        migrations.RunSQL("SELECT ssip_seal_pending_audit();", migrations.RunSQL.noop),
    ]
