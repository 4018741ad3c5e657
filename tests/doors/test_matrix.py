"""Every address, tried by every role, an outsider and nobody, at one's own ICS, its sibling, another PSC's and none.

Generated from the addresses and their doors. Permissions are never wider than declared: who does not
hold one of the door's gets 403 where they may see the record, and otherwise the same answer, byte for
byte, as for a record that does not exist. No page shows a word of a tenant that its reader cannot see.
"""

from collections import Counter

import pytest
from django.db import connection
from django.test import Client

from ssip.core.models import User
from ssip.tenancy.models import ICS
from tests.doors.places import (
    CELLS,
    LISTS,
    OF_RECORDS,
    PERSONS,
    SECRET,
    SIGNED_IN,
    holds,
    missing,
    places,
    sees,
    unseen,
)
from tests.world import PEOPLE

pytestmark = pytest.mark.django_db


def body(answer):
    return SECRET.sub(b"", answer.content)


@pytest.mark.parametrize("name", PERSONS)
def test_no_door_is_wider_than_declared(name, targets, held, knock):
    own, ask, tried = held.get(f"{name}@example.org", {}), knock(name), Counter()
    for route, door in OF_RECORDS:
        for place in (place for target in targets.values() for place in places(route, target)):
            for method in ("get", "post"):
                answer, where = ask(method, place.path), f"{method} {place.path} as {name}"
                tried[answer.status_code] += 1
                if name == "anonymous":
                    assert answer.status_code == (302 if method == "get" else 403), where
                elif method.upper() not in door.methods:
                    assert answer.status_code == 405, where
                elif not holds(own, place, door.permissions) and not wider(own, place, door):
                    refused(answer, own, place, ask(method, missing(place).path), where)
                assert answer.status_code < 500, where
                unseen(answer, own, place, targets, where)
    assert sum(tried.values()) >= CELLS


def wider(own, place, door):
    """What a role on a PSC reaches beside the PSC: records of its ICSs, and an organisation without a specialist."""
    on_psc = own.get(("psc", place.target.psc), set()) & set(door.permissions)
    if place.kind == "organisation":
        return "manage_people" in on_psc and place.target.trust != "ZAA"
    return place.kind == "ics" and "psc" in door.scopes and bool(on_psc)


def refused(answer, own, place, of_nothing, where):
    if sees(own, place):
        assert answer.status_code in (403, 404), where
    else:
        assert (answer.status_code, body(answer)) == (404, body(of_nothing)), where


@pytest.mark.parametrize("name", PERSONS)
def test_no_list_shows_a_word_of_another_tenant(name, targets, held, knock):
    own, ask = held.get(f"{name}@example.org", {}), knock(name)
    for route in LISTS:
        answer = ask("get", f"/{route}")
        assert answer.status_code < 500, route
        unseen(answer, own, None, targets, route)


@pytest.mark.parametrize("name", PERSONS)
def test_what_is_addressed_to_others_does_not_exist(name, targets, held, knock):
    """Records behind a door for anybody signed in: each is somebody's, and to all others missing."""
    own, ask = held.get(f"{name}@example.org", {}), knock(name)
    for route in SIGNED_IN:
        for place in (place for target in targets.values() for place in places(route, target)):
            answer, where = ask("get", place.path), f"{place.path} as {name}"
            unseen(answer, own, place, targets, where)
            if name == "anonymous":
                assert answer.status_code == 302, where
            elif not holds(own, place, ("endorse_plan",)):
                assert (answer.status_code, body(answer)) == (404, body(ask("get", missing(place).path))), where


def test_each_door_opens_to_somebody(targets, held, knock):
    """Else the matrix would be content with pages that answer nobody."""
    asks = {name: knock(name) for name in PEOPLE}
    for route, door in OF_RECORDS:
        if "GET" not in door.methods or "<int:pk>/end/" in route:
            continue
        answers = {
            asks[name]("get", place.path).status_code
            for name in PEOPLE
            for place in places(route, targets["XAA"])
            if holds(held[f"{name}@example.org"], place, door.permissions)
        }
        assert answers & {200, 302}, route


def test_trying_every_door_changes_no_row_of_another_tenant(targets, held, knock, as_owner):
    """The outsider's requests are kept, not rolled back: the rows of both ICSs of the other PSC stay as they were."""
    client, before = Client(raise_request_exception=False), rows_of("XAA", "XBB")
    client.force_login(User.objects.get(email="outsider@example.org"))
    for route, _ in OF_RECORDS:
        for place in (place for code in ("XAA", "XBB") for place in places(route, targets[code])):
            with connection.cursor() as cursor:
                cursor.execute("SET ROLE ssip_app")
            client.post(place.path, {"note": "x", "word": "x", "reason": "x", "text": "x"})
            with connection.cursor() as cursor:
                cursor.execute("SET ROLE ssip_owner")

    assert rows_of("XAA", "XBB") == before


def rows_of(*codes):
    """What stands in every table with a column for the ICS, as one digest a table."""
    ids = list(ICS.objects.filter(code__in=codes).values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.columns WHERE column_name = 'ics_id' ORDER BY 1")
        found = {}
        for (table,) in cursor.fetchall():
            cursor.execute(
                f"SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {table} t WHERE ics_id = ANY(%s)", [ids]
            )
            found[table] = cursor.fetchone()[0]
    return found
