"""One plan with all that its page shows, and one section with its neighbours: as many queries for 3 as for 30.

What this person may do there is not asked here: that is the policies' answer.
"""

from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from plans.models import (
    CoAuthor,
    Comment,
    Decision,
    DecisionVerdict,
    EarlyRead,
    HeldDraft,
    Plan,
    PlanVersion,
    PublishedPlan,
    Section,
    SectionRevision,
    Status,
)
from plans.queries.standing import Bodies, Stop, Turn, bodies_of, strip, turns_of
from ssip.core.models import User
from ssip.tenancy import access
from ssip.tenancy.models import Grant, Role

SAVES_A_PAGE = 20


@dataclass(frozen=True)
class Overview:
    """All that the page of a plan shows."""

    plan: Plan
    sections: list[Section]
    waiting: Counter[UUID]  # comments not yet taken into account, by section
    comments: list[Comment]  # on the plan as a whole
    co_authors: list[CoAuthor]
    versions: list[PlanVersion]
    decisions: list[Decision]
    published: PublishedPlan | None
    early_read: EarlyRead | None
    held: list[HeldDraft]
    bodies: Bodies
    turn: Turn

    @property
    def missing(self) -> list[Section]:
        return [section for section in self.sections if section.is_missing]

    @property
    def written(self) -> int:
        return sum(not section.is_empty for section in self.sections)

    @property
    def strip(self) -> list[Stop]:
        return strip(self.plan, self.bodies, self.turn, self.versions, self.decisions, self.published)

    @property
    def asked_for(self) -> Decision | None:
        """The decision that asks for changes now."""
        asked = [each for each in self.decisions if each.verdict == DecisionVerdict.CHANGES]
        return asked[-1] if asked and self.plan.status == Status.CHANGES_ASKED else None


def overview(person: User, plan: Plan) -> Overview:
    here = {"plan": plan}
    comments = Comment.objects.visible_to(person).filter(**here)
    waiting = comments.filter(settled_at=None, section__isnull=False).values_list("section_id", flat=True)
    decisions = Decision.objects.visible_to(person).filter(version__plan=plan)
    bodies = bodies_of(person, [plan])
    return Overview(
        plan=plan,
        sections=sections_of(person, plan),
        waiting=Counter(waiting),
        comments=list(comments.filter(section=None).select_related("by", "settled_by")),
        co_authors=co_authors_of(person, plan),
        versions=list(PlanVersion.objects.visible_to(person).filter(**here).select_related("by")),
        decisions=list(decisions.select_related("by", "step", "version")),
        published=PublishedPlan.objects.filter(ics_id=plan.ics_id, plan=plan).first(),
        early_read=EarlyRead.objects.visible_to(person).filter(**here, ended_at=None).select_related("by").first(),
        held=held_by(person, plan),
        bodies=bodies.get(plan.round_id, {}),
        turn=turns_of(person, [plan], bodies)[plan.pk],
    )


def sections_of(person: User, plan: Plan) -> list[Section]:
    sections = list(Section.objects.visible_to(person).filter(plan=plan).select_related("saved_by"))
    for section in sections:
        section.plan = plan
    return sections


def neighbours(sections: list[Section], section: Section) -> tuple[Section | None, Section | None]:
    """The sections before and after this one."""
    at = [each.pk for each in sections].index(section.pk)
    return sections[at - 1] if at else None, sections[at + 1] if at + 1 < len(sections) else None


def comments_on(person: User, section: Section) -> list[Comment]:
    comments = Comment.objects.visible_to(person).filter(plan_id=section.plan_id, section=section)
    return list(comments.select_related("by", "settled_by"))


def comments_with(person: User, decision: Decision) -> list[Comment]:
    """What was said about single sections when changes were asked for."""
    comments = Comment.objects.visible_to(person).filter(plan_id=decision.version.plan_id, decision=decision)
    return list(comments.select_related("by", "section", "settled_by").order_by("section__position", "id"))


def held_by(person: User, plan: Plan) -> list[HeldDraft]:
    """This person's own texts that met a newer one and still wait for them."""
    held = HeldDraft.objects.visible_to(person).filter(section__plan=plan, settled_at=None)
    return list(held.select_related("section").order_by("section__position", "-id"))


def co_authors_of(person: User, plan: Plan) -> list[CoAuthor]:
    live = CoAuthor.objects.visible_to(person).filter(plan=plan, ended_at=None)
    return list(live.select_related("person", "by").order_by("person__name", "id"))


def who_could_write(plan: Plan) -> list[Grant]:
    """Members and partners of the ICS, one grant each; not who leads the plan anyway, nor who decides about it."""
    permissions = ("draft_plan", "endorse_plan", "approve_plan")
    others = {person.pk for each in permissions for person in access.holders(each, plan.ics)}
    roles = (Role.NETWORK_MEMBER, Role.PATIENT_SAFETY_PARTNER)
    return [grant for grant in access.holding("comment_plan", plan.ics, roles) if grant.person_id not in others]


@dataclass(frozen=True)
class History:
    """One saved version beside the one before, and a list of saves to choose another from."""

    shown: SectionRevision | None
    before: SectionRevision | None
    saves: list[SectionRevision]
    older: int | None


def history(person: User, section: Section, *, version: int | None, until: int | None) -> History:
    """`version`: the one to show, else the newest; `until`: the list begins with the one before this."""
    saved = SectionRevision.objects.visible_to(person).filter(section=section).select_related("by")
    version = section.version if version is None else version
    pair = {each.version: each for each in saved.filter(version__in=[version, version - 1])}
    listed = saved if until is None else saved.filter(version__lt=until)
    saves = list(listed.defer("content")[: SAVES_A_PAGE + 1])
    for each in [*pair.values(), *saves]:
        each.section = section
    older = saves[SAVES_A_PAGE - 1].version if len(saves) > SAVES_A_PAGE else None
    return History(pair.get(version), pair.get(version - 1), saves[:SAVES_A_PAGE], older)
