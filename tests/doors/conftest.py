"""The mirror world, who holds what in it, and asking as somebody."""

import pytest
from django.db import transaction
from django.test import Client

from ssip.tenancy.models import PSC, Grant, Role
from ssip.tenancy.roles import ROLES
from tests.doors import mirror


@pytest.fixture
def targets(as_owner):
    return mirror.build()


@pytest.fixture
def held(targets):
    """Who holds what, from the grants and ROLES alone: {person: {(kind, code): {permission}}}."""
    found = {}
    for grant in Grant.objects.select_related("person", "psc", "ics", "organisation"):
        for kind, may in ROLES[Role(grant.role)].items():
            own = found.setdefault(grant.person.email, {})
            if kind is None:
                own["site"] = set(may.permissions)
            elif isinstance(grant.scope, kind):
                own.setdefault((kind.scope_kind, grant.scope.code), set()).update(may.permissions)
                for code, (psc, _, _) in mirror.MIRRORED.items():
                    if kind is PSC and psc == grant.scope.code:
                        own.setdefault(("ics", code), set()).update(may.permissions)
    return found


@pytest.fixture
def knock(world, targets, become):
    """Ask as this person, as the web's role; what the request changed is rolled back."""

    def as_person(name):
        client = Client(raise_request_exception=False)
        if name == "superuser":
            with become("ssip_owner"):
                client.force_login(
                    type(world.nobody).objects.create_user(
                        "root@example.org", "", "correct horse battery", is_superuser=True
                    )
                )
        elif name != "anonymous":
            client.force_login(getattr(world, name))

        def ask(method, path):
            client.cookies.pop("messages", None)  # of the page before
            with become("ssip_app"), transaction.atomic():
                answer = getattr(client, method)(path)
                transaction.set_rollback(True)
            return answer

        return ask

    return as_person
