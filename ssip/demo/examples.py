"""Six plans of 2023 of the ICSs that closed on 31 March 2026: published, marked as examples, to be read by everybody.

They are history: written straight into the tables by their owner, since nobody of that time signs in today.
"""

from datetime import UTC, date, datetime

from networks.models import Network
from plans import kinds
from plans.models import (
    Decision,
    DecisionVerdict,
    Plan,
    PlanVersion,
    PublishedPlan,
    Round,
    RoundSection,
    Section,
    SectionRevision,
    Status,
    Step,
    StepName,
    Template,
    VersionSection,
)
from ssip.core.canonical import digest
from ssip.core.models import User
from ssip.core.references import next_reference
from ssip.demo import texts
from ssip.tenancy.models import ICS, PSC

TOPICS = {
    "QHG": "handover",
    "QUE": "deterioration",
    "QM7": "skin",
    "QH8": "falls",
    "QMM": "medicines",
    "QJG": "maternity",
}
BODY = "System Quality Group"
WRITTEN, ENDORSED, APPROVED = (datetime(2023, month, day, 10, tzinfo=UTC) for month, day in ((5, 23), (6, 14), (6, 28)))


def load() -> int:
    author = User.objects.create_user("former.lead@demo.example", "A former ICS lead", is_active=False)
    endorser = User.objects.create_user("former.quality@demo.example", "A former ICB quality lead", is_active=False)
    approver = User.objects.get(email="priya.senior@demo.example")
    planning_round = _round(approver)
    for code, topic in TOPICS.items():
        plan = _plan(ICS.objects.get(code=code), planning_round)
        version = _version(plan, _sections(plan, topic, planning_round, author), author)
        _decide(version, planning_round, endorser, approver)
        _publish(plan, version)
    return len(TOPICS)


def _round(by: User) -> Round:
    psc, template = PSC.objects.get(code="EASTERN"), Template.objects.get(code="eight")
    its = Round.objects.create(
        psc=psc,
        reference=next_reference(psc, "ROUND"),
        name="2023 to 2024",
        begins_on=date(2023, 1, 16),
        plans_due_on=date(2023, 5, 31),
        ends_on=date(2023, 7, 31),
        template_name=template.name,
        opened_by=by,
        opened_at=datetime(2023, 1, 16, 9, tzinfo=UTC),
        closed_by=by,
        closed_at=datetime(2023, 7, 31, 16, tzinfo=UTC),
    )
    for each in template.sections.all():
        shape = {name: getattr(each, name) for name in ("key", "position", "title", "guidance", "is_required")}
        RoundSection.objects.create(psc=psc, round=its, **shape)
    for position, (name, body) in enumerate(((StepName.ENDORSE, BODY), (StepName.APPROVE, psc.name)), start=1):
        Step.objects.create(psc=psc, round=its, position=position, name=name, body=body, working_days=10)
    return its


def _plan(ics: ICS, planning_round: Round) -> Plan:
    network = Network.objects.create(
        ics=ics,
        reference=next_reference(ics, "NETWORK"),
        name=f"{ics.short_name} Patient Safety Improvement Network",
        kind=Network.Kind.ICS_WIDE,
        begun_on=date(2023, 1, 16),
        status=Network.Status.ENDED,
    )
    return Plan.objects.create(
        ics=ics,
        reference=next_reference(ics, "PLAN"),
        network=network,
        round=planning_round,
        title="Patient Safety Network Plan 2023 to 2024",
        status=Status.PUBLISHED,
        status_since=APPROVED,
    )


def _sections(plan: Plan, topic: str, planning_round: Round, author: User) -> list[Section]:
    words, made = texts.sections(topic), []
    for shape in RoundSection.objects.filter(round=planning_round):
        content = {"text": words[shape.key]}
        section = Section.objects.create(
            ics=plan.ics,
            plan=plan,
            key=shape.key,
            position=shape.position,
            title=shape.title,
            guidance=shape.guidance,
            is_required=shape.is_required,
            kind=kinds.TEXT,
            content=content,
            digest=digest(content),
            version=1,
            saved_by=author,
            saved_at=WRITTEN,
        )
        SectionRevision.objects.create(
            ics=plan.ics, section=section, version=1, content=content, digest=section.digest, by=author, at=WRITTEN
        )
        made.append(section)
    return made


def _version(plan: Plan, sections: list[Section], author: User) -> PlanVersion:
    version = PlanVersion.objects.create(
        ics=plan.ics,
        plan=plan,
        number=1,
        digest=digest({section.key: section.digest for section in sections}),
        authors=[author.pk],
        by=author,
        at=WRITTEN,
    )
    for section in sections:
        shape = {name: getattr(section, name) for name in ("key", "position", "kind", "title", "content", "digest")}
        VersionSection.objects.create(ics=plan.ics, version=version, section=section, **shape)
    return version


def _decide(version: PlanVersion, planning_round: Round, endorser: User, approver: User) -> None:
    steps = {step.name: step for step in Step.objects.filter(round=planning_round)}
    covered = dict(version.sections.values_list("key", "digest"))
    about = {"ics": version.ics, "version": version, "covered": covered}
    Decision.objects.create(
        **about,
        step=steps[StepName.ENDORSE],
        verdict=DecisionVerdict.ENDORSED,
        by=endorser,
        role="ICB quality lead",
        at=ENDORSED,
        on_behalf_of=BODY,
        met_on=ENDORSED.date(),
        minute_reference="SQG 2023-06 item 5",
    )
    Decision.objects.create(
        **about,
        step=steps[StepName.APPROVE],
        verdict=DecisionVerdict.APPROVED,
        by=approver,
        role="PSC improvement lead",
        at=APPROVED,
        on_behalf_of=planning_round.psc.name,
    )


def _publish(plan: Plan, version: PlanVersion) -> None:
    sections = version.sections.values("key", "title", "kind", "content", "digest")
    PublishedPlan.objects.create(
        plan=plan,
        ics=plan.ics,
        network_id=plan.network_id,
        reference=plan.reference,
        title=plan.title,
        network_name=plan.network.name,
        ics_name=plan.ics.short_name,
        version=version.number,
        endorsed_by=BODY,
        endorsed_on=ENDORSED.date(),
        approved_by=plan.round.psc.name,
        approved_on=APPROVED.date(),
        published_at=APPROVED,
        check_code=version.digest,
        sections=list(sections),
        is_example=True,
    )
