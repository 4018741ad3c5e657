"""The same records in three ICSs, two of one PSC and one of another; every text carries its ICS's canary."""

import uuid
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from networks.models import Network
from plans.models import (
    CoAuthor,
    Comment,
    Decision,
    EarlyRead,
    HeldDraft,
    Plan,
    PlanVersion,
    PublishedPlan,
    Round,
    RoundSection,
    Section,
    SectionRevision,
    Step,
    VersionSection,
)
from ssip.core import clock
from ssip.core.canonical import digest
from ssip.core.models import User
from ssip.reminders import workflow as reminders
from ssip.reminders.models import Task
from ssip.tenancy.models import ICS, PSC, Organisation

# ICS: (its PSC, its trust, its lead)
MIRRORED = {
    "XAA": ("EAST", "ZAA", "ics_lead"),
    "XBB": ("EAST", "ZBB", "sibling_lead"),
    "XCC": ("WEST", "ZCC", "outside_lead"),
}


@dataclass(frozen=True)
class Target:
    """One tenant's records, as addresses name them."""

    code: str
    psc: str
    trust: str
    ids: dict[str, Any]

    @property
    def canary(self):
        return f"canary{self.code}"


def build() -> dict[str, Target]:
    """As the owner of the tables."""
    rounds = {code: _round(code) for code in ("EAST", "WEST")}
    return {
        code: Target(code, psc, trust, _records(ICS.objects.get(code=code), rounds[psc], lead))
        for code, (psc, trust, lead) in MIRRORED.items()
    }


def _round(psc_code: str) -> Round:
    psc, today = PSC.objects.get(code=psc_code), clock.today()
    by = User.objects.get(email="psc_administrator@example.org")
    its = Round.objects.create(
        psc=psc,
        reference=f"{psc_code}-ROUND-1",
        name=f"canary{psc_code} round",
        begins_on=today,
        plans_due_on=today + timedelta(days=30),
        ends_on=today + timedelta(days=60),
        template_name="Plan in 8 sections",
        opened_by=by,
        opened_at=clock.now(),
    )
    RoundSection.objects.create(
        psc=psc, round=its, key="aims", position=1, title=f"canary{psc_code} aims", guidance="Say.", is_required=True
    )
    for position, name in enumerate(("endorse", "approve"), start=1):
        Step.objects.create(psc=psc, round=its, position=position, name=name, body="Body", working_days=10)
    return its


def _records(ics: ICS, its: Round, lead: str) -> dict[str, Any]:
    canary, by, now = f"canary{ics.code}", User.objects.get(email=f"{lead}@example.org"), clock.now()
    network = Network.objects.create(
        ics=ics, reference=f"{ics.code}-NETWORK-1", name=f"{canary} network", kind="ics_wide",
        begun_on=date(2023, 1, 9), purpose=f"{canary} purpose",
    )  # fmt: skip
    plan = Plan.objects.create(
        ics=ics, reference=f"{ics.code}-PLAN-1", network=network, round=its, title=f"{canary} plan",
        status="submitted", status_since=now,
    )  # fmt: skip
    section = _section(plan, by)
    version, decision = _decided(plan, section, by)
    co_author = CoAuthor.objects.create(ics=ics, plan=plan, person=by, by=by, at=now)
    EarlyRead.objects.create(ics=ics, plan=plan, by=by, at=now, wanted_by=clock.today() + timedelta(days=5))
    comment = Comment.objects.create(
        ics=ics, plan=plan, section=section, decision=decision, by=by, role="ICS lead", at=now,
        text=f"{canary} comment", token=uuid.uuid4(),
    )  # fmt: skip
    published = PublishedPlan.objects.create(
        plan=plan, ics=ics, network_id=network.pk, reference=plan.reference, title="A plan for everybody",
        network_name="A network", ics_name=ics.short_name, version=1, endorsed_by="Body", endorsed_on=clock.today(),
        approved_by="Body", approved_on=clock.today(), published_at=now, check_code=version.digest, sections=[],
    )  # fmt: skip
    trust = Organisation.objects.get(code=f"Z{ics.code[1:]}")
    grant = {"ics": ics.pk, "psc": its.psc_id, "organisation": trust.pk}
    return {
        "plans": plan.pk, "rounds": its.pk, "networks": network.pk, "published": published.pk, "work": _work(plan).pk,
        "comment_pk": comment.pk, "co_author_pk": co_author.pk, "scopes": grant,
    }  # fmt: skip


def _section(plan: Plan, by: User) -> Section:
    ics, canary, now = plan.ics, f"canary{plan.ics.code}", clock.now()
    content = {"text": f"{canary} words"}
    section = Section.objects.create(
        ics=ics, plan=plan, key="aims", position=1, title=f"{canary} aims", guidance="Say.", is_required=True,
        content=content, digest=digest(content), version=1, saved_by=by, saved_at=now,
    )  # fmt: skip
    SectionRevision.objects.create(
        ics=ics, section=section, version=1, content=content, digest=digest(content), by=by, at=now
    )
    HeldDraft.objects.create(
        ics=ics, section=section, person=by, base_version=0, content={"text": f"{canary} held"}, at=now
    )
    return section


def _decided(plan: Plan, section: Section, by: User) -> tuple[PlanVersion, Decision]:
    ics, canary, now = plan.ics, f"canary{plan.ics.code}", clock.now()
    for number in (1, 2):
        version = PlanVersion.objects.create(
            ics=ics, plan=plan, number=number, digest=section.digest, authors=[by.pk], by=by, at=now
        )
        VersionSection.objects.create(
            ics=ics, version=version, section=section, key="aims", position=1, kind="text", title=f"{canary} aims",
            content=section.content, digest=section.digest,
        )  # fmt: skip
    decision = Decision.objects.create(
        ics=ics, version=version, step=plan.round.steps.get(name="endorse"), verdict="changes", by=by,
        role="ICS lead", at=now, on_behalf_of="Body", covered={}, note=f"{canary} note",
    )  # fmt: skip
    return version, decision


def _work(plan: Plan) -> Task:
    ics, canary = plan.ics, f"canary{plan.ics.code}"
    task = reminders.open_task(
        scope=ics, about=plan, verb="Endorse", thing=f"{canary} plan", place=f"{canary} network",
        path=f"/plans/{plan.pk}/", reference=plan.reference, why="Yours.", permission="endorse_plan",
        followed_with="draft_plan", due=clock.today(),
    )  # fmt: skip
    reminders.open_deadline(
        scope=ics, about=plan, kind="plan_decision", due_on=clock.today(), thing=f"{canary} plan",
        place=f"{canary} network", path=f"/plans/{plan.pk}/", reference=plan.reference, permissions=["endorse_plan"],
    )  # fmt: skip
    return task
