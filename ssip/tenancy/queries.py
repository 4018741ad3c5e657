"""Which places a PSC serves, and where a decision on a plan hangs on too few people.

Who may read it is in `policies.py`; here a place has already been found to be the reader's own.
"""

from collections.abc import Sequence
from typing import NamedTuple

from django.db.models import Q
from django.utils.text import get_text_list

from ssip.core import clock
from ssip.core.models import User
from ssip.tenancy import access
from ssip.tenancy.models import ICS, PSC, Coverage, Grant, Role, Scope
from ssip.tenancy.roles import ROLES

DRAFT = "draft_plan"
ENOUGH = 2


class Step(NamedTuple):
    """A decision on a plan: its verb, and the role that somebody needs to take it."""

    verb: str
    role: Role


STEPS = {
    "endorse_plan": Step("endorse", Role.ICB_QUALITY_LEAD),
    "approve_plan": Step("approve", Role.PSC_LEAD),
}


class Warning(NamedTuple):
    """Something to put right before a plan waits for somebody who is not there; `icss`: whose plans."""

    icss: tuple[ICS, ...]
    text: str
    advice: str


# Who looks after whom


def served_by(psc: PSC) -> list[ICS]:
    """The ICSs of today that this PSC serves. One that has closed needs no people."""
    today = clock.today()
    here = Coverage.objects.current().filter(psc=psc).values("ics_id")
    return list(ICS.objects.filter(Q(valid_to=None) | Q(valid_to__gte=today), pk__in=here).order_by("short_name"))


# Where a decision hangs on too few


def free_to(permission: str, ics: ICS) -> list[User]:
    """Who could take this step on a plan of this ICS: they hold the permission, and do not write the plan as well."""
    return _free(permission, _reaching([ics])[ics.pk])


def warnings(scope: Scope, *, without: Sequence[Grant] = ()) -> list[Warning]:
    """Of an ICS, or of each ICS that a PSC serves: steps for which nobody is free, or only one person is.

    `without` some grants: as it would be if they ended. Asked for somebody who sees the place.
    """
    served = [scope] if isinstance(scope, ICS) else served_by(scope) if isinstance(scope, PSC) else []
    reaching = _reaching(served, without)
    few: dict[tuple[str, User | None], list[ICS]] = {}
    for permission in STEPS:
        for ics in served:
            free = _free(permission, reaching[ics.pk])
            if len(free) < ENOUGH:
                few.setdefault((permission, free[0] if free else None), []).append(ics)
    return [_warning(STEPS[permission], only, tuple(icss)) for (permission, only), icss in few.items()]


def warnings_after(scope: Scope, *ending: Grant) -> list[Warning]:
    """What would need care in their scope once these grants have ended, and does not now."""
    now = warnings(scope)
    return [warning for warning in warnings(scope, without=ending) if warning not in now]


def _warning(step: Step, only: User | None, icss: tuple[ICS, ...]) -> Warning:
    plans = f"a plan of {get_text_list([str(ics) for ics in icss])}"
    give = f"A PSC administrator can give the role {step.role.label} to"
    if only is None:
        text = f"Nobody would be free to {step.verb} {plans}."
        return Warning(icss, text, f"{give} somebody who does not write the plan.")
    text = f"If {only} is away, nobody can {step.verb} {plans}."
    return Warning(icss, text, f"{give} a second person, even for a few weeks.")


def _free(permission: str, grants: list[Grant]) -> list[User]:
    writers = {grant.person_id for grant in grants if DRAFT in access.given_by(grant)}
    able = {grant.person_id: grant.person for grant in grants if permission in access.given_by(grant)}
    return [person for pk, person in able.items() if pk not in writers]


def _reaching(icss: list[ICS], without: Sequence[Grant] = ()) -> dict[int, list[Grant]]:
    """The live grants that reach each ICS and bear on its plan, in two queries however many ICSs there are."""
    serving = set(Coverage.objects.current().filter(ics__in=icss).values_list("psc_id", "ics_id"))
    wanted = {DRAFT, *STEPS}
    roles = [role for role, mays in ROLES.items() if any(wanted & set(may.permissions) for may in mays.values())]
    here = Q(ics__in=icss) | Q(psc_id__in={psc_id for psc_id, _ in serving})
    live = Grant.objects.live().filter(here, role__in=roles).exclude(pk__in=[grant.pk for grant in without])
    grants = list(live.select_related("person").order_by("person__name", "id"))
    return {
        ics.pk: [grant for grant in grants if grant.ics_id == ics.pk or (grant.psc_id, ics.pk) in serving]
        for ics in icss
    }
