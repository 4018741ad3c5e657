"""What the pages about networks read."""

from typing import NamedTuple

from django.db.models import F

from networks.models import Network
from ssip.core.models import User
from ssip.tenancy import access
from ssip.tenancy.history import Told
from ssip.tenancy.models import ICS, PSC, Grant, Role, Scope
from ssip.tenancy.models.grants import in_scope

TOLD = Told(
    Network,
    {"set up network": "Set up the network", "change network": "Changed the details of the network"},
    {
        "name": "Name",
        "kind": "What it is about",
        "purpose": "Purpose",
        "chair": "Who chairs it",
        "meets": "How often it meets",
    },
)


class Group(NamedTuple):
    """The networks of one ICS, or a PSC's own."""

    scope: Scope
    networks: list[Network]


class Member(NamedTuple):
    """Somebody who takes part, and as what. No address: who looks after people finds it there."""

    name: str
    roles: str


def by_scope(reader: User, sought: str = "") -> list[Group]:
    """Networks the reader may see: by ICS, then the PSCs' own."""
    networks = Network.objects.visible_to(reader).select_related("ics", "psc")
    if sought:
        networks = networks.filter(name__icontains=sought)
    groups: dict[Scope, list[Network]] = {}
    for network in networks.order_by(F("ics__short_name").asc(nulls_last=True), "psc__name", "name", "id"):
        if network.scope:
            groups.setdefault(network.scope, []).append(network)
    return [Group(scope, found) for scope, found in groups.items()]


def places_for_new(person: User) -> list[Scope]:
    """ICSs and PSCs where this person sets up networks."""
    ics_ids = access.ics_ids(person, "manage_members") + access.ics_ids(person, "manage_rounds")
    ics = ICS.objects.filter(pk__in=ics_ids).order_by("short_name")
    psc = PSC.objects.filter(pk__in=access.psc_ids(person, "manage_rounds")).order_by("name")
    return [*ics, *psc]


def members(network: Network) -> list[Member]:
    """Who has a role in the network's ICS or PSC today, by name; a person with two roles stands there once."""
    order = list(Role)
    found: dict[int, tuple[User, list[Role]]] = {}
    grants = Grant.objects.live().filter(**in_scope(network.scope)).select_related("person")
    for grant in grants.order_by("person__name", "person_id", "id"):
        found.setdefault(grant.person_id, (grant.person, []))[1].append(Role(grant.role))
    people = sorted(found.values(), key=lambda each: min(order.index(role) for role in each[1]))
    return [
        Member(person.name or "Name not given", ", ".join(role.label for role in roles)) for person, roles in people
    ]
