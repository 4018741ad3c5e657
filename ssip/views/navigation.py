"""What stands in the header: the places of a person's roles, in the words of those roles, at most five.

An entry whose page the site does not have is left out: nothing in the header leads nowhere.
"""

from typing import NamedTuple, TypedDict

from django.urls import NoReverseMatch, reverse

from ssip.tenancy import access
from ssip.tenancy.models import Grant, Role, Scope

MOST = 5


class Place(NamedTuple):
    """A page, and whether its address names the scope of the role: by its code, or by its kind as well."""

    label: str
    name: str
    of_scope: bool = False
    by_kind: bool = False


class Entry(TypedDict):
    label: str
    href: str
    current: bool


class ScopeEntry(TypedDict):
    name: str
    href: str
    current: bool


MY_WORK = Place("My work", "work")
NETWORKS = Place("Networks", "networks:list")
PLANS = Place("Plans", "plans:list")
OUR_PLAN = Place("Our plan", "plans:list")
PEOPLE = Place("People", "people", of_scope=True, by_kind=True)

PLACES: dict[str, tuple[Place, ...]] = {
    Role.ICS_LEAD: (MY_WORK, OUR_PLAN, NETWORKS),
    Role.PSC_LEAD: (MY_WORK, PLANS, Place("ICSs", "psc", of_scope=True), NETWORKS),
    Role.PSC_ADMINISTRATOR: (MY_WORK, Place("Rounds", "plans:rounds"), PEOPLE),
    Role.SPECIALIST_MEMBER: (MY_WORK, NETWORKS),
    Role.ICB_QUALITY_LEAD: (MY_WORK, PLANS, NETWORKS),
    Role.NETWORK_MEMBER: (MY_WORK, OUR_PLAN, NETWORKS),
    Role.PATIENT_SAFETY_PARTNER: (MY_WORK, OUR_PLAN),
    Role.WARD_TEAM: (MY_WORK,),
    Role.PATIENT_SAFETY_SPECIALIST: (MY_WORK,),
    Role.EXECUTIVE_LEAD: (MY_WORK,),
    Role.SYSTEM_ADMINISTRATOR: (Place("People", "site_people"),),
}


def entries(grants: list[Grant], path: str) -> list[Entry]:
    """The first role's places first; the same page twice keeps its first label."""
    found: dict[str, str] = {}
    for grant in grants:
        for place in PLACES[grant.role]:
            href = _address(place, grant.scope)
            if href:
                found.setdefault(href, place.label)
    return [Entry(label=label, href=href, current=path.startswith(href)) for href, label in found.items()][:MOST]


def scope_entries(grants: list[Grant], path: str) -> list[ScopeEntry]:
    """The places where a person works, for the switcher."""
    found: dict[str, str] = {}
    for grant in grants:
        if grant.scope and (href := way_to(grant)):
            found.setdefault(href, str(grant.scope))
    return [ScopeEntry(name=name, href=href, current=path.startswith(href)) for href, name in found.items()]


def way_to(grant: Grant) -> str:
    """The page of the place where a role is held; nothing where the role does not open it."""
    scope = grant.scope
    if scope is None:
        return _address(Place("", "site_people"), None)
    opens = access.SEES[scope.scope_kind] in access.given_by(grant)
    return _address(Place("", scope.scope_kind, of_scope=True), scope) if opens else ""


def _address(place: Place, scope: Scope | None) -> str:
    args = [scope.code] if place.of_scope and scope else []
    if place.by_kind and scope:
        args = [scope.scope_kind, scope.code]
    try:
        return reverse(place.name, args=args)
    except NoReverseMatch:
        return ""
