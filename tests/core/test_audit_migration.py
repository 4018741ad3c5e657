"""The migrations that make the audit a chain, back and forth on a database of their own."""

import pytest
from django.core.management import call_command
from django.db import connection

from ssip.core import audit, chain
from ssip.core.context import acting_as
from ssip.core.models import AuditEvent
from tests.world import World

pytestmark = pytest.mark.long


def test_rows_of_before_the_chain_are_sealed_in_the_order_in_which_they_were_written(committed_db, django_db_blocker):
    with django_db_blocker.unblock():
        world = World()
        lead, scopes = world.ics_lead, (world.fenland, world.broadland)
        with connection.cursor() as cursor:
            cursor.execute("SET ROLE ssip_owner")
        call_command("migrate", "core", "0002_context_audit_and_rights", verbosity=0)
        for number in range(3):
            with acting_as(lead):
                for scope in scopes:
                    audit.record("did before", scope, by=lead, number=number)
        call_command("migrate", verbosity=0)

        assert chain.verify({}).troubles == []
        for scope in scopes:
            rows = AuditEvent.objects.filter(action="did before", scope_id=scope.pk).order_by("sequence")
            assert [row.data["number"] for row in rows] == [0, 1, 2]
            with acting_as(lead):
                audit.record("did after", scope, by=lead)
        assert chain.verify({}).troubles == []
