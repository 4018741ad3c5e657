"""What pages about submitting, deciding and versions read: what is frozen, what changed, who said what.

Every function is given a plan or version that the reader may see.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple, Protocol

from django.db.models import Max

from plans.models import (
    Comment,
    Decision,
    EarlyRead,
    Plan,
    PlanVersion,
    Section,
    Status,
    Step,
    StepName,
    VersionSection,
)
from ssip.core.models import User
from ssip.tenancy import access

AWAITED = {Status.SUBMITTED: StepName.ENDORSE, Status.ENDORSED: StepName.APPROVE}


class Worded(Protocol):
    """A section as it reads now, or as it was frozen."""

    key: str
    title: str
    digest: str


class Change(NamedTuple):
    """A section that reads differently in the later of two texts."""

    key: str
    title: str
    how: str


class Said(NamedTuple):
    """A comment, ready for its part."""

    by: str
    role: str
    at: datetime
    text: str
    about: str


def sections_now(plan: Plan) -> list[Section]:
    return list(Section.objects.filter(ics_id=plan.ics_id, plan=plan).order_by("position"))


def versions(plan: Plan) -> list[PlanVersion]:
    """All that were submitted, the newest first."""
    of_plan = PlanVersion.objects.filter(ics_id=plan.ics_id, plan=plan).select_related("by")
    return list(of_plan.order_by("-number"))


def last_number(plan: Plan) -> int:
    """Of the newest version; 0 before the first submission."""
    return PlanVersion.objects.filter(ics_id=plan.ics_id, plan=plan).aggregate(last=Max("number"))["last"] or 0


def frozen(version: PlanVersion | None) -> list[VersionSection]:
    """Its sections in their order; none of no version."""
    if version is None:
        return []
    return list(VersionSection.objects.filter(ics_id=version.ics_id, version=version).order_by("position"))


def changes(later: Iterable[Worded], earlier: Iterable[Worded]) -> list[Change]:
    """Which sections read differently; by their check codes, so without looking at a word."""
    before = {section.key: section for section in earlier}
    found = []
    for section in later:
        was = before.pop(section.key, None)
        if was is None or was.digest != section.digest:
            found.append(Change(section.key, section.title, "new" if was is None else "changed"))
    return found + [Change(section.key, section.title, "left out") for section in before.values()]


def decisions(plan: Plan) -> list[Decision]:
    """What was decided about any version of the plan, in the order in which it was."""
    of_plan = Decision.objects.filter(ics_id=plan.ics_id, version__plan=plan)
    return list(of_plan.select_related("by", "step", "version").order_by("id"))


def last_decided(decided: list[Decision], before: int) -> Decision | None:
    """The newest decision about a version with a smaller number."""
    return next((decision for decision in reversed(decided) if decision.version.number < before), None)


def step(plan: Plan, name: StepName) -> Step:
    return Step.objects.get(psc_id=plan.round.psc_id, round_id=plan.round_id, name=name)


def awaited_step(plan: Plan) -> Step | None:
    """Whose decision the plan waits for, if for anybody's."""
    name = AWAITED.get(Status(plan.status))
    return step(plan, name) if name else None


def comments_of_readers(plan: Plan) -> list[Said]:
    """From the early read on; words that came with a decision stand with it."""
    comments = Comment.objects.filter(ics_id=plan.ics_id, plan=plan, decision=None)
    return [_said(comment) for comment in comments.select_related("by", "section").order_by("id")]


def comments_of_decisions(plan: Plan) -> dict[int, list[Said]]:
    """Words about single sections that came with a decision, by its id."""
    found: dict[int, list[Said]] = {}
    comments = Comment.objects.filter(ics_id=plan.ics_id, plan=plan).exclude(decision=None)
    for comment in comments.select_related("by", "section").order_by("id"):
        found.setdefault(comment.decision_id or 0, []).append(_said(comment))
    return found


def _said(comment: Comment) -> Said:
    about = comment.section.title if comment.section else ""
    return Said(str(comment.by), comment.role, comment.at, comment.text, about)


def had_early_read(plan: Plan) -> bool:
    return EarlyRead.objects.filter(ics_id=plan.ics_id, plan=plan).exists()


def free_to(permission: str, plan: Plan, *, but: set[int]) -> list[User]:
    """Who may take this decision and has not written the plan."""
    holding = access.holding(permission, plan.ics)
    return [grant.person for grant in holding if grant.person_id not in but]
