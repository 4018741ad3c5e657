"""The web reads and writes how people sign in; like their accounts, it has to be found before there is a person."""

from django.db import migrations

from ssip.core.rights import rights


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0004_seal_the_audit_so_far"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]

    operations = [rights("mfa_authenticator", app="SELECT, INSERT, UPDATE, DELETE")]
