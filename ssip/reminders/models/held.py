"""Where a person holds what, as conditions of a query: literal ids, so that each list is one indexed read.

Permissions and roles that a person holds in the same places share one condition.
"""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Q

from ssip.core.context import request_cache
from ssip.core.models import User
from ssip.tenancy import access
from ssip.tenancy.models import Coverage
from ssip.tenancy.roles import ROLES

PERMISSIONS = sorted({name for mays in ROLES.values() for may in mays.values() for name in may.permissions})
IDS = {"psc": access.psc_ids, "ics": access.ics_ids, "organisation": access.organisation_ids}
NOWHERE = Q(pk__in=[])


def held(person: User, column: str, lookup: str = "in") -> Q:
    """Rows whose `column` names a permission that the person holds in the row's scope."""
    condition = NOWHERE
    for kind, ids_of in IDS.items():
        places: dict[tuple[int, ...], list[str]] = defaultdict(list)
        for permission in PERMISSIONS:
            if ids := ids_of(person, permission):
                places[tuple(sorted(ids))].append(permission)
        for where, permissions in places.items():
            condition |= Q(**{f"{kind}_id__in": where, f"{column}__{lookup}": permissions})
    return condition


def in_role(person: User) -> Q:
    """Rows that ask for no role, or for one that the person has in the row's scope."""
    condition = Q(role="")
    grants = access.roles_of(person)
    served = _served(grant.psc_id for grant in grants if grant.psc_id)
    for grant in grants:
        for kind in IDS:
            if scope_id := getattr(grant, f"{kind}_id"):
                condition |= Q(**{f"{kind}_id": scope_id, "role": grant.role})
        if ics_ids := served.get(grant.psc_id or 0):
            condition |= Q(ics_id__in=ics_ids, role=grant.role)
    return condition


def _served(psc_ids: Iterable[int]) -> dict[int, list[int]]:
    """The ICSs that each of these PSCs serves: a role on a PSC reaches them. Asked once per request."""
    asked = frozenset(psc_ids)
    cache, key = request_cache(), ("served by", asked)
    if asked and key not in cache:
        pairs = Coverage.objects.current().filter(psc_id__in=asked).values_list("psc_id", "ics_id")
        cache[key] = {psc_id: [] for psc_id in asked}
        for psc_id, ics_id in pairs:
            cache[key][psc_id].append(ics_id)
    return cache.get(key, {})
