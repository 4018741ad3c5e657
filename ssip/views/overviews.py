"""One scope on a page: a PSC with its ICSs, an ICS with its networks and plans, an organisation with its ICSs."""

from typing import NamedTuple

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from incidents.queries import gate
from networks.models import Network
from plans.models import Plan, Round, Status
from plans.models.plans import ENDED
from plans.queries.standing import COLOURS, Turn, turns_of
from ssip.core.doors import PersonsRequest
from ssip.core.models import User
from ssip.tenancy import access, policies, queries
from ssip.tenancy.models import ICS, PSC, Organisation

LIVE = [status for status in Status if status not in ENDED]
NETWORKS_SHOWN = PLANS_SHOWN = 50


class Standing(NamedTuple):
    """One plan in one line."""

    plan: Plan
    colour: str
    turn: Turn


class Line(NamedTuple):
    """One ICS with its plans, for the PSC."""

    ics: ICS
    standings: list[Standing]


def psc(request: PersonsRequest, code: str) -> HttpResponse:
    """Each ICS of today in one line, those that have closed below."""
    scope = get_object_or_404(PSC, code=code.upper(), pk__in=access.psc_ids(request.user, "view_psc"))
    served = list(ICS.objects.filter(coverage__in=scope.coverage.current()).order_by("short_name"))
    standings = _by_ics(request.user, served)
    lines = [Line(ics, standings.get(ics.pk, [])) for ics in served]
    words = {
        "psc": scope,
        "lines": [line for line in lines if not line.ics.valid_to],
        "closed": [line for line in lines if line.ics.valid_to],
        "rounds": Round.objects.visible_to(request.user).filter(psc=scope).opened()[:5],
        "warnings": queries.warnings(scope),
        "reads_audit": policies.can_read_audit(request.user, scope).allowed,
    }
    return render(request, "site/psc.html", words)


def ics(request: PersonsRequest, code: str) -> HttpResponse:
    scope = get_object_or_404(ICS, code=code.upper(), pk__in=access.ics_ids(request.user, "view_ics"))
    words = {
        "ics": scope,
        "networks": Network.objects.visible_to(request.user).filter(ics=scope)[:NETWORKS_SHOWN],
        "standings": _by_ics(request.user, [scope]).get(scope.pk, []),
        "became": scope.successions.select_related("successor").order_by("effective", "successor__name"),
        "came_from": scope.predecessions.select_related("predecessor").order_by("effective", "predecessor__name"),
        "organisations": Organisation.objects.filter(footprints__in=scope.footprints.current())
        .distinct()
        .order_by("name"),
        "served_by": PSC.objects.filter(coverage__in=scope.coverage.current()).order_by("name"),
        "boundary": scope.boundaries.current().first(),
        "warnings": queries.warnings(scope),
        "reads_audit": policies.can_read_audit(request.user, scope).allowed,
    }
    return render(request, "site/ics.html", words)


def organisation(request: PersonsRequest, code: str) -> HttpResponse:
    ids = access.organisation_ids(request.user, "view_organisation")
    scope = get_object_or_404(Organisation, code=code.upper(), pk__in=ids)
    words = {
        "organisation": scope,
        "footprints": scope.footprints.current().select_related("ics").order_by("ics__short_name", "area"),
        "lead": scope.leads.current().select_related("ics").first(),
        "gate": gate(request.user, scope),
        "reads_audit": policies.can_read_audit(request.user, scope).allowed,
    }
    return render(request, "site/organisation.html", words)


def _by_ics(person: User, served: list[ICS]) -> dict[int, list[Standing]]:
    """The plans of these ICSs that stand or are under way, newest first."""
    plans = Plan.objects.visible_to(person).with_names()
    shown = list(plans.filter(ics_id__in=[ics.pk for ics in served], status__in=LIVE)[: PLANS_SHOWN * len(served)])
    turns = turns_of(person, shown)
    found: dict[int, list[Standing]] = {}
    for plan in shown:
        found.setdefault(plan.ics_id, []).append(Standing(plan, COLOURS[Status(plan.status)], turns[plan.pk]))
    return found
