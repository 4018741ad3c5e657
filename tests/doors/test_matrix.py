"""Every address, with every method, tried by everybody, at each tenant, at one that is gone, and at none.

Generated from the addresses and their doors. Permissions are never wider than declared: who does not
hold one of the door's gets 403 where they may see the record, and otherwise the same answer, byte for
byte, as for a record that does not exist. No page shows a word of a tenant that its reader cannot see.
"""

import pytest
from allauth.mfa.models import Authenticator

from tests.doors import cast, rows
from tests.doors.cells import METHODS, OPENS, Visitor, cells, expected, same
from tests.doors.places import OF_RECORDS, foreign_words, holds, places
from tests.world import PEOPLE

pytestmark = pytest.mark.django_db
CELLS = "cells of the matrix"  # the name under which a test reports how many it tried


# Whose places mirror the others', whose role opens one page, or opens what another's does: they are tried at one tenant
# in turn, at all in the long run. To those who hold nothing all tenants are alike.
IN_TURN = (
    *("sibling_lead", "outside_lead", "executive", "ward_team", "site_administrator"),
    *("specialist_member", "partner"),
)


def everywhere(name):
    """What is tried at every tenant in each run."""
    return ("get", "post") if name in PEOPLE and name not in IN_TURN else ()


@pytest.fixture
def visitor(held, knock):
    return lambda name, **more: Visitor(name, held.get(cast.email_of(name), {}), knock(name), **more)


@pytest.fixture
def try_all(targets, become, record_property, caplog):
    """Ask for every cell: what was wrong. What is posted to others' records is kept, and has changed no row."""

    def run(visitor, everywhere):
        with become("ssip_owner"):
            before = rows.digests()
        wrong, mine = [], list(cells(targets, everywhere))
        for cell in mine:
            foreign = cell.place.target is not None and not visitor.may_enter(cell) and not visitor.sees(cell)
            answer = visitor.ask(cell.method, cell.place.path, kept=foreign)
            wrong += [f"{cell}: {what}" for what in wrongs(visitor, cell, answer, targets)]
        with become("ssip_owner"):
            wrong += [f"{table} was changed" for table in rows.changed(before, rows.digests())]
        record_property(CELLS, len(mine))
        return wrong + [f"logged: {line}" for line in caplog.messages if "canary" in line.lower()]

    return run


def wrongs(visitor, cell, answer, targets):
    """What is not as the door declares it, and whose words are shown that should not be."""
    allowed, status = expected(visitor, cell), answer.status_code
    if status >= 500 or status not in (allowed or {404}):
        yield f"{status} instead of {sorted(allowed) or 404}"
    elif not allowed and same(answer) != visitor.of_nothing(cell):
        yield "the answer differs from that of a missing record"
    if foreign := foreign_words(answer, visitor.own, targets):
        yield f"shows {', '.join(foreign)}"


@pytest.mark.parametrize("name", cast.PERSONS)
def test_no_door_is_wider_than_declared(name, visitor, try_all):
    assert try_all(visitor(name), everywhere(name)) == []


@pytest.mark.parametrize("name", cast.DECIDING)
def test_who_lacks_a_second_step_reaches_their_own_account_and_nothing_else(name, visitor, try_all, become):
    with become("ssip_owner"):
        Authenticator.objects.all().delete()

    assert try_all(visitor(name, lacks_second_step=True), ()) == []


@pytest.mark.long
@pytest.mark.parametrize("name", cast.PERSONS)
def test_no_door_is_wider_than_declared_with_any_method_at_any_tenant(name, visitor, try_all):
    assert try_all(visitor(name), METHODS) == []


def test_more_than_ten_thousand_cells_are_tried(targets):
    """In the tests above that every run has: each reports how many it tried, and the run prints their sum."""
    tried = [len(list(cells(targets, everywhere(name)))) for name in cast.PERSONS]
    tried += [len(list(cells(targets, ()))) for _ in cast.DECIDING]

    assert sum(tried) > 10_000


def test_each_door_opens_to_somebody(targets, held, knock):
    """Else the matrix would be content with pages that answer nobody."""
    asks = {name: knock(name) for name in PEOPLE}
    closed = [
        route
        for route, door in OF_RECORDS
        if "GET" in door.methods and not OPENS & set(statuses(route, door, targets["XAA"], asks, held))
    ]

    assert closed == []


def statuses(route, door, target, asks, held):
    for place in places(route, target):
        for name, ask in asks.items():
            if holds(held[cast.email_of(name)], place, door.permissions):
                yield ask("get", place.path).status_code
