"""Endorsing, approving, asking for changes: each is a decision about a version, written once."""

from datetime import date
from uuid import UUID

from plans.models import Comment, Decision, DecisionVerdict, Plan, PlanVersion, Section, StepName
from plans.queries.versions import step as round_step
from plans.workflow.submitting import last_version
from ssip.core import clock
from ssip.core.models import User
from ssip.tenancy import access
from ssip.tenancy.models import Role
from ssip.tenancy.roles import ROLES


def endorse(plan: Plan, *, by: User, body: str, met_on: date, minute_reference: str, note: str = "") -> PlanVersion:
    """What a body of the ICB decided in its meeting, recorded by `by`."""
    said = {"on_behalf_of": body, "met_on": met_on, "minute_reference": minute_reference, "note": note}
    return _decide(plan, StepName.ENDORSE, DecisionVerdict.ENDORSED, by=by, **said).version


def approve(plan: Plan, *, by: User, note: str = "") -> PlanVersion:
    said = {"on_behalf_of": plan.round.psc.name, "note": note}
    return _decide(plan, StepName.APPROVE, DecisionVerdict.APPROVED, by=by, **said).version


def ask_for_changes(plan: Plan, *, by: User, note: str, on_sections: dict[UUID, str] | None = None) -> PlanVersion:
    """`note` says what needs to change; `on_sections`: words about single sections, by the section's id."""
    step = StepName.ENDORSE if plan.status == "submitted" else StepName.APPROVE
    body = round_step(plan, step).body if step == StepName.ENDORSE else plan.round.psc.name
    decision = _decide(plan, step, DecisionVerdict.CHANGES, by=by, on_behalf_of=body, note=note)
    sections = Section.objects.filter(ics_id=plan.ics_id, plan=plan, pk__in=on_sections or {})
    Comment.objects.bulk_create(
        Comment(
            ics=plan.ics,
            plan=plan,
            section=section,
            decision=decision,
            by=by,
            role=decision.role,
            at=decision.at,
            text=(on_sections or {})[section.pk],
        )
        for section in sections
    )
    return decision.version


def role_in(person: User, plan: Plan) -> str:
    """In which roles somebody speaks here, in words; others that they hold have no part in the plan."""
    ours = [
        grant.get_role_display()
        for grant in access.roles_of(person)
        if (grant.ics_id == plan.ics_id or grant.psc_id == plan.round.psc_id)
        and any("comment_plan" in may.permissions for may in ROLES[Role(grant.role)].values())
    ]
    return ", ".join(dict.fromkeys(ours)) or "Reader"


def _decide(plan: Plan, step: StepName, verdict: DecisionVerdict, *, by: User, **said: object) -> Decision:
    version = last_version(plan)
    covered = dict(version.sections.filter(ics_id=plan.ics_id).values_list("key", "digest"))
    return Decision.objects.create(
        ics=plan.ics,
        version=version,
        step=round_step(plan, step),
        verdict=verdict,
        by=by,
        role=role_in(by, plan),
        at=clock.now(),
        covered=covered,
        **said,
    )
