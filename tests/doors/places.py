"""Every address filled for a tenant, and what the grants alone say about who may come in there."""

import re
from dataclasses import dataclass

from ssip.core.doors import walk
from ssip.tenancy.models import ICS, PSC, Organisation
from ssip.tenancy.roles import ROLES
from tests.doors import mirror
from tests.world import PEOPLE

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
    "work": ("ics", "view_plan"),
}
FIXED = {"key": "aims", "number": 2, "uidb36": "1", "token": "x"}
ADDRESSES = [(route, view.door) for route, _, view in walk()]
LISTS = [route for route, door in ADDRESSES if "<" not in route and "GET" in door.methods]
OF_RECORDS = [(route, door) for route, door in ADDRESSES if "<" in route and door.who == "holders"]
# Records behind a door for anybody signed in; one's own second step is nobody else's address.
SIGNED_IN = [
    route
    for route, door in ADDRESSES
    if "<int:pk>" in route and door.who == "signed in" and not route.startswith("account/")
]
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


def unseen(answer, own, place, targets, where):
    """No word of a tenant whose plans this person cannot read."""
    for target in targets.values():
        if "view_plan" not in own.get(("ics", target.code), set()) and target.canary.encode() in answer.content:
            raise AssertionError(f"{where} shows a word of {target.code}")
