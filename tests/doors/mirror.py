"""The same records in four ICSs: two of one PSC, one of another, and one that has merged into the first.

Every text carries the canary of its tenant, model and field (`canaries.py`); each ICS, PSC and organisation has another
number of rows in its lists, each a prime, so that a count of somebody else's rows shows as well.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from networks.models import Network
from plans.models import Plan, Round
from ssip.core import clock
from ssip.core.models import AuditEvent, AuditHead, User
from ssip.reminders.models import (
    Deadline,
    DeadlineKind,
    DeadlineMove,
    Digest,
    HandBack,
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
}
# It has merged into XAA: its old records stay to be read by the PSC that served it.
MERGED = {"XMM": ("EAST", "ZMM", "")}
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
    """The three ICSs of today. As the owner of the tables."""
    return {code: target for code, target in build_all().items() if code in MIRRORED}


def build_all() -> dict[str, Target]:
    """With the one that has merged."""
    _merge()
    people = everybody(COUNTS)
    sowers = {scope.code: Sower(scope, people) for kind in (PSC, ICS, Organisation) for scope in kind.objects.all()}
    rounds = {code: mirror_plans.rounds(sowers[code], COUNTS[code])[0] for code in ("EAST", "WEST")}
    for sower in sowers.values():
        _of_any_place(sower)
    return {
        code: _target(code, sowers, rounds[psc], trust, lead)
        for code, (psc, trust, lead) in (MIRRORED | MERGED).items()
    }


def _merge() -> None:
    """An ICS whose records stay, and a trust of its that another ICS leads now."""
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
    return Target(code, its.psc.code, trust, ids, {plan.status: plan.pk for plan in reversed(plans)})


def _of_any_place(sower: Sower) -> None:
    """What a PSC and an organisation have as well as an ICS."""
    _members(sower)
    if isinstance(sower.scope, ICS):
        return  # its work is about plans
    if isinstance(sower.scope, PSC):
        _networks(sower)
    _work(sower, [sower.scope] * COUNTS[sower.scope.code])
    _deeds(sower, sower.scope)


def _networks(sower: Sower) -> list[Network]:
    kind = Network.Kind.ICS_WIDE if isinstance(sower.scope, ICS) else Network.Kind.SPECIALISTS
    return sower.sow(
        Network, range(1, COUNTS[sower.scope.code] + 1), lambda number: {"kind": kind, "begun_on": date(2023, 1, 9)}
    )


def _members(sower: Sower) -> None:
    """The first has left; in an ICS that has merged all have."""
    role, count, now = MEMBERS[sower.scope.scope_kind], COUNTS[sower.scope.code], clock.now()
    group = RoleGroup.objects.get(role=role, **{sower.scope.scope_kind: sower.scope}).group
    person = Grant._meta.get_field("person")

    def given(number: int) -> dict[str, Any]:
        ended = {"ended_at": now, "ended_by": sower.person(Grant._meta.get_field("ended_by"))}
        left = number == 1 or bool(getattr(sower.scope, "valid_to", None))
        return {
            "person": sower.person(person, number),
            "by": sower.person(Grant._meta.get_field("by")),
            "role": role,
            "group": group,
            "from_date": SINCE,
            **(ended if left else {"ended_reason": ""}),
        }

    sower.sow(Grant, range(1, count + 1), given)


def _work(sower: Sower, things: list[Any]) -> Task:
    """To do and done, dates and how they were moved, what was told and by which mail; the first task is returned."""
    numbers, ways = range(1, len(things) + 1), DOES[sower.scope.scope_kind]
    person, now = Task._meta.get_field("person"), clock.now()

    def about(number: int) -> dict[str, Any]:
        thing = things[number - 1]
        path = f"/plans/{thing.pk}/" if isinstance(thing, Plan) else f"/{sower.scope.scope_kind}/{sower.scope.code}/"
        return {"about_kind": thing._meta.label_lower, "about_id": thing.pk, "path": path}

    def to_do(number: int) -> dict[str, Any]:
        named = {"permission": "", "person": sower.person(person)} if number == len(numbers) else {}
        way = {
            "permission": ways[(number - 1) % len(ways)],
            "followed_with": FOLLOWS[sower.scope.scope_kind],
            "role": "",
        }
        return about(number) | way | named | {"due": clock.today(), "closed_because": ""}

    tasks = sower.sow(Task, numbers, to_do)
    sower.sow(
        Task,
        numbers,
        lambda number: (
            to_do(number)
            | {"closed_at": now, "closed_because": "done", "closed_by": sower.person(Task._meta.get_field("closed_by"))}
        ),
    )
    sower.sow(HandBack, numbers, lambda number: {"task": tasks[0]})
    _dates(sower, numbers, about, ways)
    return tasks[0]


def _dates(sower: Sower, numbers: range, about: Callable[[int], dict[str, Any]], ways: tuple[str, ...]) -> None:
    today, now = clock.today(), clock.now()
    kinds = list(DeadlineKind.objects.order_by("code"))
    person = sower.person(Deadline._meta.get_field("person"))

    def date_of(number: int) -> dict[str, Any]:
        # Of one thing each kind is open once.
        is_open = number <= len(kinds) or about(number)["about_id"] != about(1)["about_id"]
        state = {"state": "open"} if is_open else {"state": "met", "ended_at": now}
        days = {"due_on": today + timedelta(days=3), "original_due_on": today}
        whose = {"permissions": list(ways), "person": person if number == 2 else None}
        return about(number) | days | state | whose | {"kind": kinds[number % len(kinds)]}

    dates = sower.sow(Deadline, numbers, date_of)
    sower.sow(
        DeadlineMove, numbers, lambda number: {"deadline": dates[0], "from_date": today, "to_date": dates[0].due_on}
    )
    mails = Digest.objects.bulk_create(
        Digest(person=sower.person(Reminder._meta.get_field("recipient")), day=today - timedelta(days=number))
        for number in numbers
    )
    sower.sow(
        Reminder,
        numbers,
        lambda number: {
            "deadline": dates[number - 1], "revision": 1, "step": number, "step_on": today, "state": "in a digest",
            "digest": mails[number - 1],
        },
    )  # fmt: skip
    told = sower.person(Notice._meta.get_field("person"))
    notices = sower.sow(
        Notice,
        numbers,
        lambda number: (
            about(number) | {"permission": ways[0], "role": "", "person": told if number == len(numbers) else None}
        ),
    )
    recipient = sower.person(Message._meta.get_field("recipient"))
    sower.sow(
        Message,
        numbers,
        lambda number: {"purpose": "notice", "notice": notices[number - 1], "recipient": recipient},
    )


def _deeds(sower: Sower, thing: Any) -> None:
    """Rows of the audit, sealed already, behind those that the grants of the world have left."""
    here = {"scope_kind": sower.scope.scope_kind, "scope_id": sower.scope.pk}
    before, numbers = AuditEvent.objects.filter(**here).count(), range(1, COUNTS[sower.scope.code] + 1)
    actor, roles = sower.person(AuditEvent._meta.get_field("actor")), AuditEvent._meta.get_field("actor_roles")
    sower.sow(
        AuditEvent,
        numbers,
        lambda number: {
            "at": clock.now(),
            "actor": actor,
            "actor_roles": [sower.text(roles, number)],
            "action": "submit",
            "thing_kind": thing._meta.label_lower,
            "thing_id": thing.pk,
            "sequence": before + number,
        },
    )
    end = {"sequence": before + len(numbers), "hash": sower.text(AuditHead._meta.get_field("hash"), 1)}
    AuditHead.objects.update_or_create(**here, defaults=end)
