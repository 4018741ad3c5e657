"""Where a plan stands, in words: whose turn it is, by when, and the strip of steps with who decided."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from plans.models import Decision, Plan, PlanVersion, PublishedPlan, Status, Step, StepName
from ssip.core import clock
from ssip.core.models import User
from ssip.reminders.models import Task

COLOURS = {
    Status.DRAFT: "grey",
    Status.SUBMITTED: "blue",
    Status.ENDORSED: "purple",
    Status.APPROVED: "aqua-green",
    Status.PUBLISHED: "green",
    Status.CHANGES_ASKED: "yellow",
    Status.SUPERSEDED: "white",
    Status.WITHDRAWN: "white",
}

TURNS = {
    Status.DRAFT: "The ICS lead is drafting it",
    Status.SUBMITTED: "It waits for the endorsement of the {endorse}",
    Status.ENDORSED: "It waits for the approval of the {approve}",
    Status.CHANGES_ASKED: "The ICS lead is making the changes that were asked for",
    Status.APPROVED: "It waits to be published by the {approve}",
    Status.PUBLISHED: "Everybody can read it",
    Status.SUPERSEDED: "A newer edition has taken its place",
    Status.WITHDRAWN: "The ICS lead has withdrawn it and can open it again as a draft",
}

Bodies = dict[str, str]


class Turn(NamedTuple):
    """What is next. `due` with who set it, or nothing."""

    text: str
    due: date | None = None
    set_by: str = ""

    @property
    def passed(self) -> bool:
        return bool(self.due and self.due < clock.today())

    def __str__(self) -> str:
        if not self.due:
            return f"{self.text}."
        day = clock.spoken(self.due)
        return f"{self.text}. The agreed date was {day}." if self.passed else f"{self.text}, due by {day}."


class Stop(NamedTuple):
    """One step of the strip, as parts/timeline.html wants it."""

    name: str
    state: str
    date: date | None
    note: str


def bodies_of(person: User, plans: Iterable[Plan]) -> dict[int, Bodies]:
    """For each round of these plans, in whose name each step is decided."""
    found: dict[int, Bodies] = {}
    for step in Step.objects.visible_to(person).filter(round_id__in={plan.round_id for plan in plans}).order_by():
        found.setdefault(step.round_id, {})[step.name] = step.body
    return found


def turns_of(person: User, plans: list[Plan], bodies: dict[int, Bodies] | None = None) -> dict[int, Turn]:
    """For each plan, what is next. Two queries however many there are; one where the bodies are known already."""
    bodies = bodies_of(person, plans) if bodies is None else bodies
    due = _dates_of(person, plans)
    return {plan.pk: turn_of(plan, bodies.get(plan.round_id, {}), *due.get(plan.pk, (None, ""))) for plan in plans}


def turn_of(plan: Plan, bodies: Bodies, due: date | None = None, set_by: str = "") -> Turn:
    return Turn(TURNS[Status(plan.status)].format_map(_Bodies(bodies)), due, set_by)


def strip(
    plan: Plan,
    bodies: Bodies,
    turn: Turn,
    versions: list[PlanVersion],
    decisions: list[Decision],
    published: PublishedPlan | None,
) -> list[Stop]:
    """Draft, endorsement, approval, publication. A plan to be changed begins again; one withdrawn has no strip."""
    latest = versions[0] if versions else None
    at = _position(plan)
    if at is None:
        return []
    # A plan that is being changed has its decisions still to come, whatever was decided about the version before.
    here = {each.step.name: each for each in decisions if at and latest and each.version_id == latest.pk}
    submitted, who = (clock.local_date(latest.at), str(latest.by)) if latest else (None, "ICS lead")
    out = clock.local_date(published.published_at) if published else None
    endorse, approve = bodies.get(StepName.ENDORSE, ""), bodies.get(StepName.APPROVE, "")
    return [
        _stop(0, at, turn, "Draft", submitted, who),
        _stop(1, at, turn, "Endorsement", *_decided(here.get(StepName.ENDORSE), endorse)),
        _stop(2, at, turn, "Approval", *_decided(here.get(StepName.APPROVE), approve)),
        _stop(3, at, turn, "Publication", out, approve),
    ]


class _Bodies(dict):
    """A round that the reader may not see leaves its bodies unnamed."""

    def __missing__(self, name: str) -> str:
        return {"endorse": "ICB", "approve": "PSC"}[name]


def _dates_of(person: User, plans: list[Plan]) -> dict[int, tuple[date | None, str]]:
    """From the work that each plan's state has opened: the date there is the one that people are reminded of."""
    if not plans:
        return {}
    work = Task.objects.visible_to(person).open().filter(ics_id__in={plan.ics_id for plan in plans})
    work = work.filter(about_kind=Plan._meta.label_lower, about_id__in=[plan.pk for plan in plans])
    return {pk: (due, set_by) for pk, due, set_by in work.order_by("id").values_list("about_id", "due", "due_set_by")}


def _position(plan: Plan) -> int | None:
    """The step that the plan is at; 4 when all are done."""
    order = (Status.DRAFT, Status.SUBMITTED, Status.ENDORSED, Status.APPROVED, Status.PUBLISHED)
    if plan.status == Status.CHANGES_ASKED:
        return 0
    return order.index(Status(plan.status)) if plan.status in order else None


def _stop(position: int, at: int, turn: Turn, name: str, done_on: date | None, note: str) -> Stop:
    if position < at:
        return Stop(name, "done", done_on, note)
    # "by" a day that has gone would be read as a promise.
    due = turn.due if position == at and not turn.passed else None
    return Stop(name, "now" if position == at else "next", due, note)


def _decided(decision: Decision | None, body: str) -> tuple[date | None, str]:
    if decision is None:
        return None, body
    recorded = "recorded by" if decision.met_on else "by"
    return decision.met_on or clock.local_date(decision.at), f"{decision.on_behalf_of}, {recorded} {decision.by}"
