"""What an organisation assures is seen in the organisation, recorded by those who may, and only added to."""

from django.db import migrations

from ssip.tenancy.walls import wall

ONLY_ADDED = "SELECT, INSERT"


class Migration(migrations.Migration):
    dependencies = [("incidents", "0001_initial"), ("tenancy", "0005_permission_to_record_assurances")]

    operations = [
        *wall("incidents_assurance", "organisation", "record_assurance", see="view_organisation", app=ONLY_ADDED),
        *wall("incidents_withdrawal", "organisation", "record_assurance", see="view_organisation", app=ONLY_ADDED),
    ]
