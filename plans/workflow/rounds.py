"""Opening a planning round: the template is copied, the steps are set, each network gets a plan to draft."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from networks.models import Network
from plans import kinds, policies
from plans.models import Plan, Round, RoundSection, Section, Status, Step, StepName, Template
from plans.workflow import next_steps
from ssip.core import audit, clock
from ssip.core.canonical import digest
from ssip.core.models import User
from ssip.core.references import next_reference
from ssip.core.verdicts import require
from ssip.tenancy.models import ICS, PSC
from ssip.tenancy.queries import served_by


class NameTaken(Exception):
    """The PSC has a round of this name."""


@transaction.atomic
def open_round(
    *,
    psc: PSC,
    name: str,
    begins_on: date,
    plans_due_on: date,
    ends_on: date,
    template: Template,
    endorsing_body: str,
    endorse_within: int,
    approve_within: int,
    networks: Iterable[Network],
    by: User,
) -> Round:
    """`endorse_within` and `approve_within` are working days. Networks must be of ICSs that the PSC serves.

    Raises NameTaken, so that a form sent twice opens one round.
    """
    require(policies.can_open_round(by, psc))
    reference = next_reference(psc, "ROUND")  # of two at once, the second waits here
    if Round.objects.filter(psc=psc, name__iexact=name).exists():
        raise NameTaken("There is a round of this name already. Choose another name.")
    dates = {"begins_on": begins_on, "plans_due_on": plans_due_on, "ends_on": ends_on}
    planning_round = Round.objects.create(
        psc=psc,
        reference=reference,
        name=name,
        **dates,
        template_name=template.name,
        opened_by=by,
        opened_at=clock.now(),
    )
    _copy_sections(planning_round, template)
    steps = ((StepName.ENDORSE, endorsing_body, endorse_within), (StepName.APPROVE, psc.name, approve_within))
    for position, (step, body, days) in enumerate(steps, start=1):
        Step.objects.create(psc=psc, round=planning_round, position=position, name=step, body=body, working_days=days)
    audit.record("open round", planning_round, by=by, **dates)
    add_networks(planning_round, networks, by=by)
    return planning_round


@transaction.atomic
def add_networks(planning_round: Round, networks: Iterable[Network], *, by: User) -> list[Plan]:
    """A plan to draft for each network at work in the PSC's ICSs that has none in this round yet."""
    planning_round = _lock(planning_round)
    require(policies.can_open_round(by, planning_round.psc))
    require(policies.is_open(planning_round))
    asked = [network.pk for network in networks]
    theirs = Network.objects.visible_to(by).at_work().filter(pk__in=asked, ics__in=served_by(planning_round.psc))
    have = set(Plan.objects.visible_to(by).filter(round=planning_round).values_list("network_id", flat=True))
    sections = list(planning_round.sections.filter(psc_id=planning_round.psc_id))
    opened = [
        _open_plan(planning_round, network, network.ics, sections, by=by)
        for network in theirs.select_related("ics")
        if network.ics and network.pk not in have
    ]
    if opened:
        plans = [len(have), len(have) + len(opened)]
        audit.record("add networks", planning_round, by=by, changed={"plans": plans})
    return opened


@transaction.atomic
def close_round(planning_round: Round, *, by: User) -> Round:
    """No further network comes in; plans that are under way go on to their end."""
    planning_round = _lock(planning_round)
    require(policies.can_open_round(by, planning_round.psc))
    require(policies.is_open(planning_round))
    planning_round.closed_at, planning_round.closed_by = clock.now(), by
    planning_round.save(update_fields=["closed_at", "closed_by"])
    audit.record("close round", planning_round, by=by)
    return planning_round


def _lock(planning_round: Round) -> Round:
    """Two people may press at once: the second waits here, then sees what the first has done."""
    locked = Round.objects.select_for_update(of=("self",)).select_related("psc")
    return locked.get(pk=planning_round.pk, psc_id=planning_round.psc_id)


def _copy_sections(planning_round: Round, template: Template) -> None:
    RoundSection.objects.bulk_create(
        RoundSection(
            psc_id=planning_round.psc_id,
            round=planning_round,
            key=section.key,
            position=section.position,
            title=section.title,
            guidance=section.guidance,
            is_required=section.is_required,
        )
        for section in template.sections.all()
    )


def _open_plan(planning_round: Round, network: Network, ics: ICS, sections: list[RoundSection], *, by: User) -> Plan:
    plan = Plan.objects.create(
        ics=ics,
        reference=next_reference(ics, "PLAN"),
        network=network,
        round=planning_round,
        title=f"Patient Safety Network Plan {planning_round.name}",
        status=Status.DRAFT,
        status_since=clock.now(),
    )
    Section.objects.bulk_create(
        Section(
            ics=plan.ics,
            plan=plan,
            key=section.key,
            position=section.position,
            kind=section.kind,
            title=section.title,
            guidance=section.guidance,
            is_required=section.is_required,
            content=kinds.EMPTY[section.kind],
            digest=digest(kinds.EMPTY[section.kind]),
        )
        for section in sections
    )
    audit.record("open plan", plan, by=by, round=planning_round.reference)
    next_steps.follow(plan, "open", by=by)
    return plan
