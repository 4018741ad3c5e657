"""What the pages about people show: who holds which role where, and who else sees a record.

Who may read it is in `ssip.tenancy.policies`; here a place has already been found to be the reader's own.
"""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import Q
from django.db.models.functions import Lower

from ssip.core import clock
from ssip.core.models import User
from ssip.people.queries import signed_in
from ssip.tenancy import access
from ssip.tenancy.models import ICS, PSC, Coverage, Grant, Organisation, Role, Scope
from ssip.tenancy.models.grants import GrantQuerySet
from ssip.tenancy.queries import served_by
from ssip.tenancy.roles import ROLES

SHOWN_AFTER_THE_END = timedelta(days=365)
ADMINISTRATORS = (Role.PSC_ADMINISTRATOR, Role.SYSTEM_ADMINISTRATOR)


class Chosen(NamedTuple):
    """What the reader looks for, and in which order."""

    sought: str = ""
    role: str = ""
    order: str = ""


EVERYBODY = Chosen()


class Row(NamedTuple):
    """One role of one person. `of` is the PSC whose role reaches this ICS; `may_end` whether the reader may end it.

    `signed_in` says when the person last did, and `unused` what makes one ask; both empty where the reader is not told.
    """

    grant: Grant
    of: Scope | None
    may_end: bool
    last_day_passed: bool
    signed_in: str
    unused: str


# What lets somebody see a record, and what that is called.
SEEN_WITH = {
    "view_plan": "the plans",
    "view_ics": "the networks and the page",
    "view_psc": "the page",
    "view_psc_networks": "the PSC's own networks",
    "view_organisation": "the page",
}
# Whoever sees a PSC sees its own networks as well.
ALSO_SEEN_WITH = {"view_psc_networks": ("view_psc",)}


class Why(NamedTuple):
    """The grants by which a reader sees records of a place, and those of everybody else who does."""

    mine: list[Grant]
    others: list[Grant]


def ways_to_see(permission: str) -> tuple[str, ...]:
    """The permissions of which each is enough to see what this one opens."""
    return (permission, *ALSO_SEEN_WITH.get(permission, ()))


def why(reader: User, scope: Scope, permission: str) -> Why:
    """Asked for readers who see it. The wall lets them read whose the other grants are if they see the place too."""
    ways = [grant for each in ways_to_see(permission) for grant in access.reaching(each, scope)]
    grants = list({grant.pk: grant for grant in ways}.values())
    mine = [grant for grant in grants if grant.person_id == reader.pk]
    return Why(mine, [grant for grant in grants if grant.person_id != reader.pk])


# Who is here


def people(
    reader: User,
    scope: Scope | None,
    *,
    may_end: Iterable[Role],
    signed_in_of: Iterable[Role] = (),
    chosen: Chosen = EVERYBODY,
) -> list[Row]:
    """The live roles here; of which ones the reader is told when their person last signed in."""
    return _rows(in_sight(reader, scope).live(), scope, set(may_end), set(signed_in_of), chosen)


def people_before(reader: User, scope: Scope | None, *, may_end: Iterable[Role], chosen: Chosen) -> list[Row]:
    """Roles that ended in the last 12 months, or whose person's account is switched off."""
    today = clock.today()
    ended = Q(ended_at__gte=clock.now() - SHOWN_AFTER_THE_END)
    passed = Q(ended_at=None, until__lt=today, until__gte=today - SHOWN_AFTER_THE_END)
    switched_off = Q(ended_at=None, person__is_active=False)
    grants = in_sight(reader, scope).filter(ended | passed | switched_off)
    return _rows(grants, scope, set(may_end), set(), chosen)


def grants_of(reader: User, scope: Scope) -> GrantQuerySet:
    """Each role of this place itself that the reader may read of."""
    here = in_sight(reader, scope).filter(**{scope.scope_kind: scope})
    return here.select_related("person", "by", "psc", "ics", "organisation")


def in_sight(reader: User, scope: Scope | None) -> GrantQuerySet:
    """Grants here that the reader may read of; those of the PSC that serves an ICS stand with its own."""
    if scope is None:
        return Grant.objects.filter(role__in=ADMINISTRATORS)
    here = Q(**{scope.scope_kind: scope})
    if not access.sees(reader, scope):
        here &= Q(role__in=[role for role in Role if access.may_grant(reader, role, scope)])
    if isinstance(scope, ICS):
        reaching = [role for role, mays in ROLES.items() if PSC in mays and "view_ics" in mays[PSC].permissions]
        here |= Q(psc__in=Coverage.objects.current().filter(ics=scope).values("psc_id"), role__in=reaching)
    return Grant.objects.filter(here)


def _rows(
    grants: GrantQuerySet, scope: Scope | None, may_end: set[Role], signed_in_of: set[Role], chosen: Chosen
) -> list[Row]:
    if sought := chosen.sought:
        roles = [role for role in Role if sought.casefold() in role.label.casefold()]
        grants = grants.filter(
            Q(person__name__icontains=sought) | Q(person__email__icontains=sought) | Q(role__in=roles)
        )
    if chosen.role:
        grants = grants.filter(role=chosen.role)
    found = grants.select_related("person", "by", "ended_by", "psc", "ics", "organisation")
    named = found.order_by(Lower("person__name"), "person__email", "id")
    rows = [_row(grant, scope, may_end, signed_in_of) for grant in named]
    return sorted(rows, key=ORDERS.get(chosen.order, _by_role))


def _row(grant: Grant, scope: Scope | None, may_end: set[Role], signed_in_of: set[Role]) -> Row:
    here, role = scope is None or grant.scope == scope, Role(grant.role)
    told = here and role in signed_in_of
    return Row(
        grant=grant,
        of=grant.scope if scope is None or not here else None,
        may_end=here and grant.ended_at is None and role in may_end,
        last_day_passed=bool(grant.until and grant.until < clock.today()),
        signed_in=signed_in.said(grant.person) if told else "",
        unused=signed_in.unused(grant) if told else "",
    )


def _by_role(row: Row) -> tuple[bool, int]:
    return row.of is not None, list(Role).index(Role(row.grant.role))


def _longest_unused_first(row: Row) -> tuple[bool, date]:
    """Those of whom the reader is not told come last, in no order that would tell it."""
    last = row.grant.person.last_login
    return not row.signed_in, clock.local_date(last) if row.signed_in and last else date.min


# As the rows come they are in the order of names.
ORDERS: dict[str, Callable[[Row], tuple]] = {
    "role": _by_role,
    "name": lambda row: (),
    "signed-in": _longest_unused_first,
}


# Places to look after


def without_specialist(reader: User, psc: PSC) -> list[Organisation]:
    """Organisations whose first patient safety specialist the reader may give, of the ICSs that this PSC serves."""
    served = {ics.pk for ics in served_by(psc)}
    return list(access.first_specialist_missing(sorted(served & set(access.ics_ids(reader, "manage_people")))))


def pscs_with_administrators() -> list[tuple[PSC, int]]:
    """Every PSC, and how many administrators look after it."""
    grants = Grant.objects.live().filter(role=Role.PSC_ADMINISTRATOR).values_list("psc_id", flat=True)
    of = list(grants)
    return [(psc, of.count(psc.pk)) for psc in PSC.objects.order_by("name")]
