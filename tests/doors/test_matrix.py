"""Every address, tried by every role, an outsider and nobody, at one's own ICS, its sibling, another PSC's and none.

Generated from the addresses and their doors. Permissions are never wider than declared: who does not
hold one of the door's gets 403 where they may see the record, and otherwise the same answer, byte for
byte, as for a record that does not exist. No page shows a word of a tenant that its reader cannot see.
"""

import re
from collections import Counter
from dataclasses import dataclass

import pytest
from django.db import connection, transaction
from django.test import Client

from ssip.core.doors import walk
from ssip.tenancy.models import ICS, PSC, Grant, Organisation, Role
from ssip.tenancy.roles import ROLES
from tests.doors import mirror
from tests.world import PEOPLE

pytestmark = pytest.mark.django_db
PERSONS = (*PEOPLE, "nobody", "anonymous", "superuser")
KINDS = {"psc": PSC, "ics": ICS, "organisation": Organisation}
# What lets somebody see the record that an address names, by the kind of scope that owns it.
SEES = {
    "plans": ("ics", "view_plan"),
    "networks": ("ics", "view_ics"),
    "ics": ("ics", "view_ics"),
    "psc": ("psc", "view_psc"),
    "organisations": ("organisation", "view_organisation"),
    "rounds": ("psc", "view_psc"),
}
FIXED = {"key": "aims", "number": 2, "uidb36": "1", "token": "x"}
ADDRESSES = [(route, view.door) for route, _, view in walk()]
OF_RECORDS = [(route, door) for route, door in ADDRESSES if "<" in route and door.who == "holders"]
# Each address at three tenants with two methods: fewer would mean that the matrix lost some.
CELLS = len(OF_RECORDS) * 6
SECRET = re.compile(rb'value="[A-Za-z0-9]{64}"')


@dataclass(frozen=True)
class Place:
    """A record's address, and which scope owns the record."""

    path: str
    route: str
    kind: str
    target: mirror.Target


def places(route, target):
    """The address for this tenant; one for each kind of scope where it names the kind."""
    for kind in KINDS if "<str:kind>" in route else (owner_of(route),):
        names = {name: value(route, kind, name, target) for name in re.findall(r"<\w+:(\w+)>", route)}
        yield Place("/" + re.sub(r"<\w+:(\w+)>", r"{\1}", route).format(**names), route, kind, target)


def owner_of(route):
    return SEES[route.split("/")[0]][0]


def value(route, kind, name, target):
    head = route.split("/")[0]
    if name == "kind":
        return kind
    if name == "code":
        return {"psc": target.psc, "ics": target.code, "organisation": target.trust}[kind]
    if name == "permission":
        return {"psc": "view_psc", "ics": "view_plan", "organisation": "view_organisation"}[kind]
    if name == "pk" and head == "manage":
        return "1"
    return str(FIXED.get(name) or target.ids[head if name == "pk" else name])


def missing(place):
    """The same address of something that does not exist."""
    nowhere = mirror.Target("NOWHERE", "NOWHERE", "NOWHERE", dict.fromkeys(place.target.ids, 987654321))
    return next(each for each in places(place.route, nowhere) if each.kind == place.kind)


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


def holds(own, place, permissions):
    """In the scope that owns the record, or, for a PSC's round, in an ICS that the PSC serves."""
    code = {"psc": place.target.psc, "ics": place.target.code, "organisation": place.target.trust}
    here = own.get((place.kind, code[place.kind]), set()) | own.get("site", set())
    if place.route.startswith("rounds/"):
        for of, (psc, _, _) in mirror.MIRRORED.items():
            if psc == place.target.psc:
                here = here | (own.get(("ics", of), set()) & {"view_plan"})
    return bool(here & set(permissions))


def sees(own, place):
    head = place.route.split("/")[0]
    if head == "why":
        return False  # who does not see the records there learns nothing of the place
    if head == "manage":  # whoever has a role there
        return any(holds(own, place, may.permissions) for mays in ROLES.values() for may in mays.values())
    return holds(own, place, (SEES[head][1], "view_plan") if head == "rounds" else (SEES[head][1],))


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


def unseen(answer, own, place, targets, where):
    """No word of a tenant whose plans this person cannot read."""
    for target in targets.values():
        if "view_plan" not in own.get(("ics", target.code), set()) and target.canary.encode() in answer.content:
            raise AssertionError(f"{where} shows a word of {target.code}")


LISTS = [route for route, door in ADDRESSES if "<" not in route and "GET" in door.methods]


@pytest.mark.parametrize("name", PERSONS)
def test_no_list_shows_a_word_of_another_tenant(name, targets, held, knock):
    own, ask = held.get(f"{name}@example.org", {}), knock(name)
    for route in LISTS:
        answer = ask("get", f"/{route}")
        assert answer.status_code < 500, route
        unseen(answer, own, None, targets, route)


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
    from ssip.core.models import User

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
