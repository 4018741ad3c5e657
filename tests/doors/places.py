"""Every address filled for a tenant, and what the grants alone say about who may come in there."""

import re
from dataclasses import dataclass
from functools import cache

from ssip.core.doors import walk
from ssip.tenancy.models import ICS, PSC, Organisation
from ssip.tenancy.roles import ROLES
from tests.doors import mirror
from tests.doors.canaries import found_in
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
    "published": ("ics", "view_plan"),
}
# Who may read a tenant's words; a PSC's are also read by those who read plans of its ICSs.
READS = {"psc": {"view_psc", "view_psc_networks"}, "ics": {"view_plan"}, "organisation": {"view_organisation"}}
# Parts of an address that are the same in every tenant.
FIXED = {"key": "aims", "number": 2, "item": "impact-assessment", "uidb36": "1", "token": "x"}
ADDRESSES = [(route, view.door) for route, _, view in walk()]
LISTS = [route for route, door in ADDRESSES if "<" not in route and "GET" in door.methods]
# One's own account is nobody else's record: its addresses name no tenant.
NAMING = [(route, door) for route, door in ADDRESSES if "<" in route and not route.startswith("account/")]
OF_RECORDS = [(route, door) for route, door in NAMING if door.who == "holders"]
# Records behind a door for anybody signed in: each is somebody's, and to all others missing.
SIGNED_IN = [route for route, door in NAMING if door.who == "signed in"]
OF_NOTHING = [(route, door) for route, door in ADDRESSES if (route, door) not in NAMING]
SECRET = re.compile(rb'value="[A-Za-z0-9]{64}"')
NOWHERE = "NOWHERE"


@dataclass(frozen=True)
class Place:
    """A record's address, and which scope owns the record; no target: an address that names no tenant."""

    path: str
    route: str
    kind: str = ""
    target: mirror.Target | None = None

    @property
    def code(self):
        return {"psc": self.target.psc, "ics": self.target.code, "organisation": self.target.trust}[self.kind]

    @property
    def is_missing(self):
        return self.target is not None and self.target.code == NOWHERE


@cache
def names_in(route):
    return re.findall(r"<\w+:(\w+)>", route)


def filled(route, values):
    return "/" + re.sub(r"<\w+:(\w+)>", r"{\1}", route).format(**values)


def places(route, target):
    """The address for this tenant; one for each kind of scope where it names the kind."""
    for kind in KINDS if "<str:kind>" in route else (owner_of(route),):
        values = {name: value(route, kind, name, target) for name in names_in(route)}
        yield Place(filled(route, values), route, kind, target)


def own_place(route):
    """An address without a record, or of one's own account."""
    return Place(filled(route, {name: FIXED.get(name, 1) for name in names_in(route)}), route)


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
    if name == "name":  # a kind of date that concerns such a place
        return {"psc": "psc_report", "ics": "plan_changes", "organisation": "psirp_review"}[kind]
    if name == "pk" and head == "manage":
        return str(target.ids["grants"][kind])
    return str(FIXED.get(name) or target.ids[head if name == "pk" else name])


def nowhere(like):
    """The same ids as of this tenant, of things that do not exist."""
    ids = dict.fromkeys(like.ids, 987654321) | {"grants": dict.fromkeys(KINDS, 987654321)}
    return mirror.Target(NOWHERE, NOWHERE, NOWHERE, ids)


def missing(place):
    """The same address of something that does not exist."""
    return next(each for each in places(place.route, nowhere(place.target)) if each.kind == place.kind)


def holds(own, place, permissions):
    """In the scope that owns the record, or, for a PSC's round, in an ICS that the PSC serves."""
    here = own.get((place.kind, place.code), set()) | own.get("site", set())
    if place.route.startswith("rounds/") and not place.is_missing:
        here = here | around(own, place.target.psc)
    return bool(here & set(permissions))


def around(own, psc):
    """What somebody who reads plans of an ICS may read of the PSC that serves it."""
    served = (code for code, (of, *_) in mirror.MIRRORED.items() if of == psc)
    return {"view_plan"} if any("view_plan" in own.get(("ics", code), set()) for code in served) else set()


def wider(own, place, door):
    """What a role on a PSC reaches beside the PSC: records of its ICSs, and an organisation without a specialist."""
    on_psc = own.get(("psc", place.target.psc), set()) & set(door.permissions)
    if place.kind == "organisation":
        return "manage_people" in on_psc and place.target.trust != "ZAA"
    return place.kind == "ics" and "psc" in door.scopes and bool(on_psc)


def sees(own, place):
    head = place.route.split("/")[0]
    if head == "why":
        return False  # who does not see the records there learns nothing of the place
    if head == "manage":  # whoever has a role there
        return any(holds(own, place, may.permissions) for mays in ROLES.values() for may in mays.values())
    return holds(own, place, (SEES[head][1], "view_plan") if head == "rounds" else (SEES[head][1],))


def readable(own, targets):
    """The codes of the tenants whose words this person may read."""
    found = set()
    for target in targets.values():
        for kind, code in (("psc", target.psc), ("ics", target.code), ("organisation", target.trust)):
            if READS[kind] & own.get((kind, code), set()) or (kind == "psc" and around(own, code)):
                found.add(code)
    return found


def foreign_words(answer, own, targets):
    """Tenants whose words this person may not read, and was shown: in the page, its headers, or said on the next."""
    mine = readable(own, targets)
    return sorted({str(canary) for canary in found_in(everything(answer)) if canary.code not in mine})


def unseen(answer, own, place, targets, where):
    if foreign := foreign_words(answer, own, targets):
        raise AssertionError(f"{where} shows {', '.join(foreign)}")


def everything(answer):
    """All that leaves with an answer: body, headers, cookies, and the messages that wait for the next page."""
    said = [f"{name}: {words}" for name, words in answer.items()]
    said += [cookie.OutputString() for cookie in answer.cookies.values()]
    if waiting := getattr(getattr(answer, "wsgi_request", None), "_messages", None):
        said += [str(message) for message in waiting._queued_messages]
    return answer.content + "\n".join(said).encode()
