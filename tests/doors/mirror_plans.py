"""Rounds and plans of the mirror world: the first plan of an ICS has long lists, the others stand in other states."""

from datetime import timedelta
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
    Status,
    Step,
    VersionSection,
)
from ssip.core import clock
from ssip.core.canonical import digest
from ssip.core.models import User
from tests.doors.canaries import Sower

# The states of the plans of an ICS, in their order; what comes after them is a draft.
STATES = (
    Status.SUBMITTED, Status.DRAFT, Status.CHANGES_ASKED, Status.ENDORSED, Status.APPROVED, Status.PUBLISHED,
    Status.WITHDRAWN, Status.SUPERSEDED,
)  # fmt: skip
WITHOUT_VERSION = (Status.DRAFT, Status.WITHDRAWN)
OUT = (Status.PUBLISHED, Status.SUPERSEDED)
# What was decided about the newest version of a plan in this state, step by step.
DECIDED = {
    Status.CHANGES_ASKED: ("changes",),
    Status.ENDORSED: ("endorsed",),
    Status.APPROVED: ("endorsed", "approved"),
    Status.PUBLISHED: ("endorsed", "approved"),
    Status.SUPERSEDED: ("endorsed", "approved"),
}
STEPS = ("endorse", "approve")


def rounds(sower: Sower, count: int) -> list[Round]:
    """The first is the one that has plans, and as many sections; the last is closed."""
    today, numbers = clock.today(), range(1, count + 1)
    closed = {"closed_at": clock.now(), "closed_by": sower.of(Round, "closed_by")}
    made = sower.sow(
        Round,
        numbers,
        lambda number: {
            "begins_on": today,
            "plans_due_on": today + timedelta(days=30),
            "ends_on": today + timedelta(days=60),
            "opened_at": clock.now(),
            **(closed if number == count else {}),
        },
    )
    sower.sow(
        RoundSection,
        numbers,
        lambda number: {"round": made[0], "key": key(number), "position": number, "is_required": True},
    )
    steps = [(each, at) for each in made for at in (1, 2)]
    sower.sow(
        Step,
        range(len(steps)),
        lambda number: {
            "round": steps[number][0],
            "position": steps[number][1],
            "name": STEPS[steps[number][1] - 1],
            "working_days": 10,
        },
    )
    return made


def plans(
    sower: Sower, its: Round, networks: list[Network], count: int, lead: User | None
) -> tuple[list[Plan], dict[str, Any]]:
    """One of each network; with the ids that addresses of the first name."""
    numbers, now, today = range(1, count + 1), clock.now(), clock.today()
    states = dict(zip(numbers, STATES, strict=False))
    made = sower.sow(
        Plan,
        numbers,
        lambda number: {
            "network": networks[number - 1],
            "round": its,
            "status": states.get(number, Status.DRAFT),
            "status_since": now,
            "meeting_on": today + timedelta(days=20),
            "papers_due_on": today + timedelta(days=13),
        },
    )
    sections = _sections(sower, made, count, lead)
    versions = _versions(sower, made, sections, count)
    decisions = _decisions(sower, its, made, versions)
    co_authors = _readers(sower, made[0], count)
    comments = _comments(sower, made[0], sections[0], decisions[0], count)
    published = _published(sower, made)
    ids = {"plans": made[0].pk, "published": published[0].pk}
    return made, ids | {"comment_pk": comments[0].pk, "co_author_pk": co_authors[0].pk}


def key(number: int) -> str:
    return "aims" if number == 1 else f"section-{number}"


def _sections(sower: Sower, made: list[Plan], count: int, lead: User | None) -> list[Section]:
    """All of the first plan, then one of each other; the lead keeps a text beside most of the first plan's."""
    now = clock.now()
    of = [(made[0], number) for number in range(1, count + 1)] + [(plan, 1) for plan in made[1:]]
    saved_by = sower.of(Section, "saved_by")
    sections = sower.sow(
        Section,
        range(1, len(of) + 1),
        lambda number: {
            "plan": of[number - 1][0],
            "key": key(of[number - 1][1]),
            "position": of[number - 1][1],
            "is_required": True,
            "version": count if number == 1 else 1,
            "saved_by": saved_by,
            "saved_at": now,
            **(_as_saved(sower.text(Section, "content", number)) if number > count else {}),
        },
    )
    saves = [(sections[0], version) for version in range(2, count + 1)] + [(each, 1) for each in sections]
    sower.sow(
        SectionRevision,
        range(len(saves)),
        lambda number: {"section": saves[number][0], "version": saves[number][1], "at": now},
    )
    kept = {"person": lead} if lead else {}
    sower.sow(
        HeldDraft,
        range(1, count + 1),
        lambda number: {
            "section": sections[number - 1],
            "base_version": 0,
            "at": now,
            **(kept if number < count else {}),
        },
    )
    return sections


def _as_saved(text: str) -> dict[str, Any]:
    """With its true digest, so that it can be submitted."""
    content = {"text": text}
    return {"content": content, "digest": digest(content)}


def _versions(sower: Sower, made: list[Plan], sections: list[Section], count: int) -> list[PlanVersion]:
    """Of the first plan as many as it has sections, of each other that was submitted one."""
    first, now = made[0], clock.now()
    of = [(first, number) for number in range(1, count + 1)]
    of += [(plan, 1) for plan in made[1:] if plan.status not in WITHOUT_VERSION]
    by = sower.of(PlanVersion, "by")
    versions = sower.sow(
        PlanVersion,
        range(1, len(of) + 1),
        lambda number: {"plan": of[number - 1][0], "number": of[number - 1][1], "authors": [by.pk], "at": now},
    )
    own: dict[int, list[Section]] = {}
    for section in sections:
        own.setdefault(section.plan_id, []).append(section)
    # The second and the newest hold every section, the others of the first plan the one that is always there.
    frozen = [
        (version, section)
        for version in versions
        for section in (own[version.plan_id] if version.number in (2, count) else own[version.plan_id][:1])
    ]
    sower.sow(
        VersionSection,
        range(len(frozen)),
        lambda number: {
            "version": frozen[number][0],
            "section": frozen[number][1],
            "key": frozen[number][1].key,
            "position": frozen[number][1].position,
            "kind": frozen[number][1].kind,
        },
    )
    return versions


def _decisions(sower: Sower, its: Round, made: list[Plan], versions: list[PlanVersion]) -> list[Decision]:
    """Changes were asked for to each version of the first plan but the newest; the first is that to its second."""
    steps = {step.name: step for step in its.steps.all()}
    of_first = [each for each in versions if each.plan_id == made[0].pk]
    taken = [(each, "endorse", "changes") for each in sorted(of_first[:-1], key=lambda each: each.number != 2)]
    taken.append((of_first[0], "approve", "changes"))
    states = {plan.pk: plan.status for plan in made}
    for version in versions[len(of_first) :]:
        taken += [(version, *each) for each in zip(STEPS, DECIDED.get(states[version.plan_id], ()), strict=False)]
    return sower.sow(
        Decision,
        range(len(taken)),
        lambda number: {
            "version": taken[number][0],
            "step": steps[taken[number][1]],
            "verdict": taken[number][2],
            "at": clock.now(),
            "met_on": clock.today() if taken[number][2] == "endorsed" else None,
        },
    )


def _readers(sower: Sower, plan: Plan, count: int) -> list[CoAuthor]:
    """Early reads, of which one is under way; who writes beside the lead, and one who did."""
    now = clock.now()
    sower.sow(
        EarlyRead,
        range(1, count + 1),
        lambda number: {
            "plan": plan,
            "at": now,
            "wanted_by": clock.today() + timedelta(days=5),
            "ended_at": None if number == 1 else now,
        },
    )
    ended = {"ended_at": now, "ended_by": sower.of(CoAuthor, "ended_by")}
    return sower.sow(
        CoAuthor,
        range(1, count + 1),
        lambda number: {
            "plan": plan,
            "section_key": key(number),
            "at": now,
            **(ended if number == count else {}),
        },
    )


def _comments(sower: Sower, plan: Plan, section: Section, decision: Decision, count: int) -> list[Comment]:
    """With a decision, about a section, about the whole plan; the last of each kind is settled."""
    about = [(section, decision), (section, None), (None, None)]
    now = clock.now()
    settled = {"settled_at": now, "settled_by": sower.of(Comment, "settled_by")}
    return sower.sow(
        Comment,
        range(1, 3 * count + 1),
        lambda number: {
            "plan": plan,
            "section": about[(number - 1) // count][0],
            "decision": about[(number - 1) // count][1],
            "at": now,
            **(settled if number % count == 0 else {}),
        },
    )


def _published(sower: Sower, made: list[Plan]) -> list[PublishedPlan]:
    """For everybody, so without a canary."""
    now, today = clock.now(), clock.today()
    return PublishedPlan.objects.bulk_create(
        PublishedPlan(
            plan=plan, ics=sower.scope, network_id=plan.network_id, reference="PLAN", title="A plan for everybody",
            network_name="A network", ics_name=sower.scope.short_name, version=1, endorsed_by="Body",
            endorsed_on=today, approved_by="Body", approved_on=today, published_at=now, check_code="0" * 64,
            sections=[],
        )
        for plan in made
        if plan == made[0] or plan.status in OUT
    )  # fmt: skip
