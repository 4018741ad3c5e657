"""The same records in four ICSs: two of one PSC, one of another, and one that has merged into the first.

Every text carries the canary of its tenant, model and field (`canaries.py`); each ICS, PSC and organisation has another
number of rows in its lists, each a prime, so that a count of somebody else's rows shows as well.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from typing import Any

from incidents.models import DOCUMENTS, Assurance, Item, Withdrawal
from networks.models import Network
from plans.models import Plan, Round
from ssip.core import clock
from ssip.core.models import AuditEvent, AuditHead, User
from ssip.people.models import AccessReview, ReviewedRole
from ssip.reminders.models import (
    Deadline,
    DeadlineKind,
    DeadlineMove,
    DeadlinePause,
    Digest,
    HandBack,
    KindChoice,
    Message,
    Notice,
    Reminder,
    Task,
)
from ssip.tenancy import workflow as tenancy
from ssip.tenancy.models import (
    ICS,
    PSC,
    Boundary,
    Coverage,
    Footprint,
    Grant,
    LeadICS,
    Organisation,
    Role,
    RoleGroup,
    Scope,
    Successor,
)
from tests.doors import mirror_plans
from tests.doors.canaries import Sower, everybody
from tests.world import FACT, SINCE

# ICS: (its PSC, its trust, its lead)
MIRRORED = {
    "XAA": ("EAST", "ZAA", "ics_lead"),
    "XBB": ("EAST", "ZBB", "sibling_lead"),
    "XCC": ("WEST", "ZCC", "outside_lead"),
    # It has merged into XAA: its old records stay to be read by the PSC that served it, and nobody leads there.
    "XMM": ("EAST", "ZMM", ""),
}
MERGED = ("XMM",)
# How many rows its lists have. No two sums of these are the same.
COUNTS = {
    "XMM": 3, "XAA": 7, "XBB": 11, "XCC": 13,
    "ZMM": 3, "ZAA": 7, "ZBB": 11, "ZCC": 13,
    "EAST": 5, "WEST": 17,
}  # fmt: skip
# Which role its members hold, and what lets somebody do its tasks, by kind of place.
MEMBERS = {"psc": Role.SPECIALIST_MEMBER, "ics": Role.NETWORK_MEMBER, "organisation": Role.WARD_TEAM}
DOES = {
    "psc": ("manage_rounds", "view_psc"),
    "ics": ("endorse_plan", "approve_plan", "draft_plan", "comment_plan"),
    "organisation": ("view_organisation",),
}
FOLLOWS = {"psc": "view_psc", "ics": "draft_plan", "organisation": "view_organisation"}

About = Callable[[int], dict[str, Any]]


@dataclass(frozen=True)
class Target:
    """One tenant's records, as addresses name them. `plans`: a plan's id for each state it can be in."""

    code: str
    psc: str
    trust: str
    ids: dict[str, Any]
    plans: dict[str, int] = field(default_factory=dict)

    @property
    def canary(self) -> str:
        """What every word of its ICS begins with."""
        return f"canary{self.code}"

    @property
    def count(self) -> int:
        return COUNTS[self.code]

    @property
    def is_merged(self) -> bool:
        return self.code in MERGED


def build() -> dict[str, Target]:
    """As the owner of the tables."""
    _merge()
    people = everybody(COUNTS)
    sowers = {scope.code: Sower(scope, people) for kind in (PSC, ICS, Organisation) for scope in kind.objects.all()}
    rounds = {code: mirror_plans.rounds(sowers[code], COUNTS[code])[0] for code in ("EAST", "WEST")}
    for sower in sowers.values():
        _of_any_place(sower)
    return {code: _target(code, sowers, rounds[psc], trust, lead) for code, (psc, trust, lead) in MIRRORED.items()}


def _merge() -> None:
    """An ICS whose records stay, a trust of its that another ICS leads now, and one that serves two ICSs."""
    ended, begun = date(2025, 3, 31), date(2025, 4, 1)
    closed = ICS.objects.create(
        code="XMM", name="NHS Marshland ICB", short_name="Marshland", region="East", region_code="Y61",
        valid_to=ended, **FACT,
    )  # fmt: skip
    heir, facts = ICS.objects.get(code="XAA"), FACT | {"valid_from": begun}
    Coverage.objects.create(psc=PSC.objects.get(code="EAST"), ics=closed, **FACT)
    Successor.objects.create(
        predecessor=closed, successor=heir, kind="merger", area="Marshland", effective=begun,
        source=FACT["source"], confidence="high",
    )  # fmt: skip
    trust = Organisation.objects.create(code="ZMM", name="Marshland Trust", kind="acute", is_invented=True, **FACT)
    for kind in (Footprint, LeadICS):
        kind.objects.create(organisation=trust, ics=closed, valid_to=ended, **FACT)
        kind.objects.create(organisation=trust, ics=heir, **facts)
    Footprint.objects.create(organisation=Organisation.objects.get(code="ZBB"), ics=heir, **FACT)
    for number, ics in enumerate(ICS.objects.order_by("code")):
        Boundary.objects.create(ics=ics, ons_code=f"E5499{number:04}", area=ics.short_name, **FACT)
    tenancy.sync_roles()


def _target(code: str, sowers: dict[str, Sower], its: Round, trust: str, lead: str) -> Target:
    sower, count = sowers[code], COUNTS[code]
    leads = User.objects.get(email=f"{lead}@example.org") if lead else None
    networks = _networks(sower)
    plans, ids = mirror_plans.plans(sower, its, networks, count, leads)
    work = _work(sower, plans)
    _deeds(sower, plans[0])
    scopes = {"ics": sower.scope.pk, "psc": its.psc_id, "organisation": sowers[trust].scope.pk}
    ids |= {"rounds": its.pk, "networks": networks[0].pk, "work": work.pk, "scopes": scopes}
    ids["item"] = Item.IMPACT_ASSESSMENT.value
    return Target(code, its.psc.code, trust, ids, {plan.status: plan.pk for plan in reversed(plans)})


def _of_any_place(sower: Sower) -> None:
    """What a PSC and an organisation have as well as an ICS."""
    _reviews(sower, _members(sower))
    if isinstance(sower.scope, ICS):
        return  # its work is about plans
    if isinstance(sower.scope, PSC):
        _networks(sower)
    else:
        _assurances(sower)
    _work(sower, [sower.scope] * COUNTS[sower.scope.code])
    _deeds(sower, sower.scope)


def _networks(sower: Sower) -> list[Network]:
    kind = Network.Kind.ICS_WIDE if isinstance(sower.scope, ICS) else Network.Kind.SPECIALISTS
    return sower.sow(
        Network, range(1, COUNTS[sower.scope.code] + 1), lambda number: {"kind": kind, "begun_on": date(2023, 1, 9)}
    )


def _assurances(sower: Sower) -> None:
    """What stands before responses: half of it is withdrawn, the older half."""
    count, items = COUNTS[sower.scope.code], list(Item)

    def given(number: int) -> dict[str, Any]:
        item = items[number % len(items)]
        agreed = {"arrangement": "joint"} if item == Item.CONTROLLER_AGREEMENT else {}
        return {"item": item, "dated": SINCE, **agreed, ("title" if item in DOCUMENTS else "document"): ""}

    made = sower.sow(Assurance, range(1, 2 * count + 1), given)
    sower.sow(Withdrawal, range(1, count + 1), lambda number: {"assurance": made[number - 1]})


def _members(sower: Sower) -> list[Grant]:
    """The first has left; in an ICS that has merged all have."""
    role, count, now = MEMBERS[sower.scope.scope_kind], COUNTS[sower.scope.code], clock.now()
    group = RoleGroup.objects.get(role=role, **{sower.scope.scope_kind: sower.scope}).group

    def given(number: int) -> dict[str, Any]:
        ended = {"ended_at": now, "ended_by": sower.of(Grant, "ended_by")}
        left = number == 1 or bool(getattr(sower.scope, "valid_to", None))
        return {
            "person": sower.of(Grant, "person", number),
            "by": sower.of(Grant, "by"),
            "role": role,
            "group": group,
            "from_date": SINCE,
            **(ended if left else {"ended_reason": ""}),
        }

    return sower.sow(Grant, range(1, count + 1), given)


def _reviews(sower: Sower, grants: list[Grant]) -> None:
    """As many as the place has members; the second is the one that addresses name."""
    numbers, said = range(1, len(grants) + 1), {"kept": len(grants), "ended": 0, "not_reviewed": 0}
    made = sower.sow(AccessReview, numbers, lambda number: {"number": number, **said})
    sower.sow(ReviewedRole, numbers, lambda number: {"review": made[1], "grant": grants[number - 1], "outcome": "kept"})


def _work(sower: Sower, things: list[Any]) -> Task:
    """What there is to do about each of these and what was done, dates, mail; the first task is returned."""
    numbers, now = range(1, len(things) + 1), clock.now()
    ways, person = DOES[sower.scope.scope_kind], sower.of(Task, "person")
    about = partial(_about, sower.scope, things)

    def to_do(number: int) -> dict[str, Any]:
        whose = {"permission": ways[(number - 1) % len(ways)]}
        if number == len(numbers):
            whose = {"permission": "", "person": person}
        followed = {"followed_with": FOLLOWS[sower.scope.scope_kind], "role": ""}
        return about(number) | whose | followed | {"due": clock.today(), "closed_because": ""}

    def done(number: int) -> dict[str, Any]:
        because = sower.text(Task, "closed_because", number)
        by = sower.of(Task, "closed_by")
        return to_do(number) | {"closed_at": now, "closed_because": because, "closed_by": by}

    tasks = sower.sow(Task, numbers, to_do)
    sower.sow(Task, numbers, done)
    sower.sow(HandBack, numbers, lambda number: {"task": tasks[0]})
    _mail(sower, _dates(sower, about, numbers), about, numbers)
    return tasks[0]


def _about(scope: Scope, things: list[Any], number: int) -> dict[str, Any]:
    thing = things[number - 1]
    path = f"/plans/{thing.pk}/" if isinstance(thing, Plan) else f"/{scope.scope_kind}/{scope.code}/"
    return {"about_kind": thing._meta.label_lower, "about_id": thing.pk, "path": path}


def _dates(sower: Sower, about: About, numbers: range) -> list[Deadline]:
    """Of one thing each kind is open once; the first was moved as often as there are dates."""
    today, kinds = clock.today(), list(DeadlineKind.objects.order_by("code"))
    days = {"due_on": today + timedelta(days=3), "original_due_on": today}
    ways, person = list(DOES[sower.scope.scope_kind]), sower.of(Deadline, "person")

    def given(number: int) -> dict[str, Any]:
        is_open = number <= len(kinds) or about(number)["about_id"] != about(1)["about_id"]
        state = {"state": "open"} if is_open else {"state": "met", "ended_at": clock.now()}
        whose = {"permissions": ways, "person": person if number == 2 else None}
        return about(number) | days | state | whose | {"kind": kinds[number % len(kinds)]}

    dates = sower.sow(Deadline, numbers, given)
    sower.sow(
        DeadlineMove, numbers, lambda number: {"deadline": dates[0], "from_date": today, "to_date": days["due_on"]}
    )
    stood = {"cause": "police", "paused_on": today, "resumed_on": today}
    stood["resumed_by"] = sower.of(DeadlinePause, "resumed_by")
    sower.sow(DeadlinePause, numbers, lambda number: {"deadline": dates[0]} | stood)
    sower.sow(KindChoice, numbers, lambda number: {"kind": kinds[number % len(kinds)], "remind": [1], "is_on": True})
    return dates


def _mail(sower: Sower, dates: list[Deadline], about: About, numbers: range) -> None:
    """Who was reminded of these dates, and what else people are told."""
    today, reminded, told = clock.today(), sower.of(Reminder, "recipient"), sower.of(Notice, "person")
    days = [Digest(person=reminded, day=today - timedelta(days=number)) for number in numbers]
    digests = Digest.objects.bulk_create(days)

    def of_date(number: int) -> dict[str, Any]:
        step = {"revision": 1, "step": number, "step_on": today}
        return step | {"deadline": dates[number - 1], "state": "in a digest", "digest": digests[number - 1]}

    def of_news(number: int) -> dict[str, Any]:
        person = told if number == len(numbers) else None
        return about(number) | {"permission": DOES[sower.scope.scope_kind][0], "role": "", "person": person}

    sower.sow(Reminder, numbers, of_date)
    notices = sower.sow(Notice, numbers, of_news)
    recipient = sower.of(Message, "recipient")
    sower.sow(
        Message,
        numbers,
        lambda number: {"purpose": "notice", "notice": notices[number - 1], "recipient": recipient},
    )


def _deeds(sower: Sower, thing: Any) -> None:
    """Rows of the audit, sealed already, behind those that the grants of the world have left."""
    here = {"scope_kind": sower.scope.scope_kind, "scope_id": sower.scope.pk}
    before, numbers = AuditEvent.objects.filter(**here).count(), range(1, COUNTS[sower.scope.code] + 1)
    actor = sower.of(AuditEvent, "actor")
    sower.sow(
        AuditEvent,
        numbers,
        lambda number: {
            "at": clock.now(),
            "actor": actor,
            "actor_roles": [sower.text(AuditEvent, "actor_roles", number)],
            "action": "submit",
            "thing_kind": thing._meta.label_lower,
            "thing_id": thing.pk,
            "sequence": before + number,
        },
    )
    end = {"sequence": before + len(numbers), "hash": sower.text(AuditHead, "hash", 1)}
    AuditHead.objects.update_or_create(**here, defaults=end)
