"""What the pages about planning rounds read: rounds with how far their plans are, and what they miss."""

from typing import NamedTuple

from django.db.models import Count

from networks.models import Network
from plans.models import Plan, Round, RoundSection, Status, Step
from ssip.core.models import User
from ssip.tenancy import access
from ssip.tenancy import queries as tenancy
from ssip.tenancy.history import Told
from ssip.tenancy.models import ICS, PSC

# In the order of a plan's way, for "2 drafts, 1 submitted".
WAY = [Status.DRAFT, Status.CHANGES_ASKED, Status.SUBMITTED, Status.ENDORSED, Status.APPROVED, Status.PUBLISHED]

TOLD = Told(
    Round,
    {
        "open round": "Opened the planning round",
        "add networks": "Gave networks a plan to draft",
        "close round": "Closed the planning round",
    },
    {
        "begins_on": "Begins",
        "plans_due_on": "Drafts are due",
        "ends_on": "Ends",
        "plans": "Plans in the round",
    },
)


class RoundRow(NamedTuple):
    """A round and how many of its plans, as far as the reader sees them, stand where."""

    round: Round
    plans: int
    stand: list[tuple[str, int]]


class Gaps(NamedTuple):
    """What a round lacks: ICSs that have no network at work, networks without a plan in it."""

    without_network: list[ICS]
    without_plan: list[Network]


def rounds(reader: User) -> list[RoundRow]:
    """Those the reader may see, the newest first."""
    seen = list(Round.objects.visible_to(reader).select_related("psc"))
    plans = Plan.objects.visible_to(reader).filter(round__in=seen).order_by()
    counts: dict[int, dict[str, int]] = {}
    for round_id, status, count in plans.values_list("round_id", "status").annotate(count=Count("pk")):
        counts.setdefault(round_id, {})[status] = count
    return [_row(each, counts.get(each.pk, {})) for each in seen]


def seen_through(planning_round: Round, reader: User) -> tuple[str, str, str]:
    """By which place and permission somebody who sees the round sees it: the PSC's own, or an ICS that it serves."""
    psc, theirs = planning_round.psc, access.ics_ids(reader, "view_plan")
    served = ICS.objects.filter(pk__in=theirs, coverage__in=psc.coverage.current()).order_by("short_name").first()
    if served and not access.sees(reader, psc):
        return served.scope_kind, served.code, "view_plan"
    return psc.scope_kind, psc.code, "view_psc"


def _row(planning_round: Round, counts: dict[str, int]) -> RoundRow:
    known = [status for status in (*WAY, *(set(Status) - set(WAY))) if counts.get(status)]
    stand = [(status.label, counts[status]) for status in sorted(known, key=list(Status).index)]
    return RoundRow(planning_round, sum(counts.values()), stand)


def sections(planning_round: Round) -> list[RoundSection]:
    return list(planning_round.sections.filter(psc_id=planning_round.psc_id).order_by("position"))


def steps(planning_round: Round) -> list[Step]:
    return list(planning_round.steps.filter(psc_id=planning_round.psc_id).order_by("position"))


def plans_of(planning_round: Round, reader: User) -> list[Plan]:
    """By ICS and network."""
    seen = Plan.objects.visible_to(reader).with_names().filter(round=planning_round)
    return list(seen.order_by("ics__short_name", "network__name", "id"))


def networks_at_work(psc: PSC, reader: User) -> list[Network]:
    """Networks of the ICSs that the PSC serves, by ICS: the PSC's own have no plan."""
    return _of(tenancy.served_by(psc), reader)


def gaps(planning_round: Round, reader: User) -> Gaps:
    """Asked for whoever opens rounds: they see every ICS that the PSC serves."""
    served = tenancy.served_by(planning_round.psc)
    networks = _of(served, reader)
    busy = {network.ics_id for network in networks}
    have = set(Plan.objects.visible_to(reader).filter(round=planning_round).values_list("network_id", flat=True))
    return Gaps(
        without_network=[ics for ics in served if ics.pk not in busy],
        without_plan=[network for network in networks if network.pk not in have],
    )


def _of(served: list[ICS], reader: User) -> list[Network]:
    networks = Network.objects.visible_to(reader).at_work().filter(ics__in=served).select_related("ics")
    return list(networks.order_by("ics__short_name", "name", "id"))
