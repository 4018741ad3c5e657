"""The mirror world, built once for all tests of this folder in one worker; who holds what in it; asking as somebody."""

from dataclasses import replace
from http.cookies import SimpleCookie
from typing import Any, NamedTuple

import pytest
from django.conf import settings as site
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ssip.core.models import User
from ssip.tenancy.models import Grant
from ssip.tenancy.models.grants import in_scope
from tests.doors import cast, mirror
from tests.doors.places import KINDS
from tests.doors.walks import Walker


class Mirrored(NamedTuple):
    """The world as it was built, and how much the database was asked for it."""

    targets: dict[str, Any]
    held: dict[str, Any]
    queries: int


@pytest.fixture(scope="package")
def mirrored(django_db_setup, django_db_blocker):
    """In a transaction round those of the tests, which are savepoints in it."""
    with django_db_blocker.unblock(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET ROLE ssip_owner")
        cast.build()
        seal(cursor)
        with CaptureQueriesContext(connection) as asked:
            targets = {code: with_grants(target) for code, target in mirror.build().items()}
        seal(cursor)
        built = Mirrored(targets, cast.held(), len(asked))
        cursor.execute("ANALYZE; SET ROLE ssip_app")
        yield built
        transaction.set_rollback(True)


def seal(cursor):
    """What waits for a commit is done and checked here, so that no test finds it waiting."""
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def with_grants(target):
    """The first role in each of a tenant's places, for the address that ends one."""
    code = {"psc": target.psc, "ics": target.code, "organisation": target.trust}
    scopes = {kind: model.objects.get(code=code[kind]) for kind, model in KINDS.items()}
    grants = {
        kind: getattr(Grant.objects.filter(**in_scope(scope)).order_by("pk").first(), "pk", 987654321)
        for kind, scope in scopes.items()
    }
    return replace(target, ids=target.ids | {"grants": grants})


@pytest.fixture
def targets(mirrored, as_owner):
    return mirrored.targets


@pytest.fixture
def held(mirrored):
    """Who holds what: {email: {(kind, code): {permission}}}."""
    return mirrored.held


@pytest.fixture
def knock(targets, become, settings):
    """`knock("ics_lead")("get", "/plans/")`: as the web's role for this person; what it changed is rolled back."""
    settings.SECOND_FACTOR = True

    def as_person(name):
        client = Client(raise_request_exception=False)
        with become("ssip_owner"):
            if name != "anonymous":
                client.force_login(User.objects.get(email=cast.email_of(name)))
                cast.shut_out(name)
        ask_as_the_web()
        client.get("/words/")  # writes into the session when it was last used, once a minute
        session = client.cookies.get(site.SESSION_COOKIE_NAME)

        def ask(method, path, data=None, *, kept=False):
            client.cookies = SimpleCookie({session.key: session.value} if session else {})
            with transaction.atomic():
                answer = getattr(client, method)(path, data)
                transaction.set_rollback(not kept)
            return answer

        return ask

    return as_person


@pytest.fixture
def walker(held, knock):
    """Somebody who opens all their own pages, and sends the forms on them."""
    return lambda name: Walker(name, held[cast.email_of(name)], knock(name))


def ask_as_the_web():
    """From here on: with the owner's eyes every wall is down."""
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE ssip_app")
