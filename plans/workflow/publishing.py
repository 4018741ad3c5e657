"""Publishing: a copy of the approved version that everybody may read and nobody can change."""

from plans.models import Decision, DecisionVerdict, Plan, PlanVersion, PublishedPlan, Status, VersionSection
from plans.workflow.submitting import last_version
from ssip.core import clock
from ssip.core.models import User


def publish(plan: Plan, *, by: User) -> PlanVersion:
    version = last_version(plan)
    endorsed = _decision(version, DecisionVerdict.ENDORSED)
    approved = _decision(version, DecisionVerdict.APPROVED)
    PublishedPlan.objects.create(
        plan=plan,
        ics=plan.ics,
        network_id=plan.network_id,
        reference=plan.reference,
        title=plan.title,
        network_name=plan.network.name,
        ics_name=plan.ics.short_name,
        version=version.number,
        endorsed_by=endorsed.on_behalf_of,
        endorsed_on=endorsed.met_on or clock.local_date(endorsed.at),
        approved_by=approved.on_behalf_of,
        approved_on=clock.local_date(approved.at),
        published_at=clock.now(),
        check_code=version.digest,
        sections=[_copy(section) for section in version.sections.filter(ics_id=plan.ics_id)],
    )
    return version


def lock_editions(plan: Plan) -> None:
    """In one order, before one is locked alone: of two editions published at once the second replaces the first."""
    editions = Plan.objects.filter(ics_id=plan.ics_id, network_id=plan.network_id).order_by("pk")
    list(editions.select_for_update(of=("self",)))


def older_editions(plan: Plan) -> list[Plan]:
    """Published plans of the same network that this one replaces."""
    same = Plan.objects.filter(ics_id=plan.ics_id, network_id=plan.network_id, status=Status.PUBLISHED)
    return list(same.exclude(pk=plan.pk))


def _decision(version: PlanVersion, verdict: DecisionVerdict) -> Decision:
    return Decision.objects.get(ics_id=version.ics_id, version=version, verdict=verdict)


def _copy(section: VersionSection) -> dict[str, object]:
    return {name: getattr(section, name) for name in ("key", "title", "kind", "content", "digest")}
