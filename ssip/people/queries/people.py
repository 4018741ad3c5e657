"""What the pages about people show: who holds which role where, and who else sees a record.

Who may read it is in `ssip.tenancy.policies`; here a place has already been found to be the reader's own.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import NamedTuple

from django.db.models import Q

from ssip.core import clock
from ssip.core.models import User
from ssip.tenancy import access
from ssip.tenancy.models import ICS, PSC, Coverage, Grant, Organisation, Role, Scope
from ssip.tenancy.models.grants import GrantQuerySet
from ssip.tenancy.queries import served_by
from ssip.tenancy.roles import ROLES

SHOWN_AFTER_THE_END = timedelta(days=365)
ADMINISTRATORS = (Role.PSC_ADMINISTRATOR, Role.SYSTEM_ADMINISTRATOR)


class Row(NamedTuple):
    """One role of one person. `of` is the PSC whose role reaches this ICS; `may_end` whether the reader may end it."""

    grant: Grant
    of: Scope | None
    may_end: bool
    last_day_passed: bool


# What lets somebody see a record, and what that is called.
SEEN_WITH = {
    "view_plan": "the plans",
    "view_ics": "the networks and the page",
    "view_psc": "the rounds and the page",
    "view_psc_networks": "the PSC's own networks",
    "view_organisation": "the page",
}


class Why(NamedTuple):
    """The grants by which a reader sees records of a place, and those of everybody else who does."""

    mine: list[Grant]
    others: list[Grant]


def why(reader: User, scope: Scope, permission: str) -> Why:
    """Asked for readers who hold the permission there; whose grants they are, the wall lets them read."""
    grants = access.reaching(permission, scope)
    mine = [grant for grant in grants if grant.person_id == reader.pk]
    return Why(mine, [grant for grant in grants if grant.person_id != reader.pk])


# Who is here


def people(reader: User, scope: Scope | None, *, may_end: Iterable[Role], sought: str = "") -> list[Row]:
    """The live roles here, by role and name."""
    return _rows(_in_sight(reader, scope).live(), scope, may_end, sought)


def people_before(reader: User, scope: Scope | None, *, may_end: Iterable[Role], sought: str = "") -> list[Row]:
    """Roles that ended in the last 12 months, or whose person's account is switched off."""
    today = clock.today()
    ended = Q(ended_at__gte=clock.now() - SHOWN_AFTER_THE_END)
    passed = Q(ended_at=None, until__lt=today, until__gte=today - SHOWN_AFTER_THE_END)
    switched_off = Q(ended_at=None, person__is_active=False)
    return _rows(_in_sight(reader, scope).filter(ended | passed | switched_off), scope, may_end, sought)


def grants_of(reader: User, scope: Scope) -> GrantQuerySet:
    """Each role of this place itself that the reader may read of."""
    here = _in_sight(reader, scope).filter(**{scope.scope_kind: scope})
    return here.select_related("person", "by", "psc", "ics", "organisation")


def _in_sight(reader: User, scope: Scope | None) -> GrantQuerySet:
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


def _rows(grants: GrantQuerySet, scope: Scope | None, may_end: Iterable[Role], sought: str) -> list[Row]:
    if sought:
        roles = [role for role in Role if sought.casefold() in role.label.casefold()]
        grants = grants.filter(
            Q(person__name__icontains=sought) | Q(person__email__icontains=sought) | Q(role__in=roles)
        )
    found = grants.select_related("person", "by", "ended_by", "psc", "ics", "organisation")
    order = list(Role)
    rows = [_row(grant, scope, set(may_end)) for grant in found.order_by("person__name", "person__email", "id")]
    return sorted(rows, key=lambda row: (row.of is not None, order.index(Role(row.grant.role))))


def _row(grant: Grant, scope: Scope | None, may_end: set[Role]) -> Row:
    here = scope is None or grant.scope == scope
    return Row(
        grant=grant,
        of=grant.scope if scope is None or not here else None,
        may_end=here and grant.ended_at is None and Role(grant.role) in may_end,
        last_day_passed=bool(grant.until and grant.until < clock.today()),
    )


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
