"""From draft to published: what may follow what, who may do it, and what it sets going.

Read MOVES as the diagram; docs/plan-workflow.md is drawn from it and a test keeps them equal.
Each move locks the plan, asks who, then in which state, and writes state, decision, audit, work
to do and dates in one transaction. Of two people who press at once the second waits at the lock,
then learns where the plan stands.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.db import transaction

from plans import policies
from plans.models import Plan, PlanVersion, Status
from plans.queries.versions import last_number
from plans.workflow import deciding, next_steps, publishing, submitting
from ssip.core import audit, clock
from ssip.core.models import User
from ssip.core.verdicts import Verdict, require


class WrongState(Exception):
    """The plan has moved on since the person last saw it. The message says where it stands."""


class Move(NamedTuple):
    sources: tuple[Status, ...]
    target: Status
    policy: Callable[[User, Plan], Verdict]
    label: str
    # What else happens; given the plan, who, and what they said. Returns the version it is about, if any.
    doing: Callable[..., PlanVersion | None] | None = None


D, S, E, A = Status.DRAFT, Status.SUBMITTED, Status.ENDORSED, Status.APPROVED
P, C, W = Status.PUBLISHED, Status.CHANGES_ASKED, Status.WITHDRAWN

MOVES: dict[str, Move] = {
    "submit": Move((D, C), S, policies.can_lead, "Submit for approval", submitting.freeze),
    "endorse": Move((S,), E, policies.can_endorse, "Record the endorsement", deciding.endorse),
    "ask_for_changes": Move((S, E), C, policies.can_ask_for_changes, "Ask for changes", deciding.ask_for_changes),
    "approve": Move((E,), A, policies.can_approve, "Approve", deciding.approve),
    "publish": Move((A,), P, policies.can_publish, "Publish", publishing.publish),
    "withdraw": Move((D, S, E, C), W, policies.can_lead, "Withdraw"),
    "reopen": Move((W,), D, policies.can_lead, "Open again as a draft"),
    # Nobody's button: publishing a newer edition does it to the one before.
    "supersede": Move((P,), Status.SUPERSEDED, policies.can_publish, ""),
}

Missing = submitting.Missing


@transaction.atomic
def make_move(plan: Plan, name: str, *, by: User, seen: int | None = None, **said: Any) -> Plan:
    """Carry the plan on. `plan` is as the person saw it; `seen`: the number of the version they decided about.

    Raises PermissionDenied (not theirs to do), WrongState (somebody got there first) and, for a
    submission, Missing. `said` are the words and dates of the move's form.
    """
    move, saw = MOVES[name], plan.status
    if name == "publish":
        publishing.lock_editions(plan)
    plan = Plan.objects.locked(plan)
    if plan.status != saw:
        raise WrongState(_stands(plan))
    require(move.policy(by, plan))
    _check_state(plan, move, seen)
    version = move.doing(plan, by=by, **said) if move.doing else None
    _carry(plan, name, by=by, version=version)
    if name == "publish":
        for older in publishing.older_editions(plan):
            _carry(Plan.objects.locked(older), "supersede", by=by)
    return plan


def moves_for(person: User, plan: Plan) -> list[str]:
    """What this person can do with the plan as it stands."""
    return [
        name for name, move in MOVES.items() if move.label and plan.status in move.sources and move.policy(person, plan)
    ]


def _check_state(plan: Plan, move: Move, seen: int | None) -> None:
    if plan.status not in move.sources:
        raise WrongState(_stands(plan))
    if seen is not None and seen != last_number(plan):
        raise WrongState("Nothing was changed. There is a newer version of the plan: read it first.")


def _stands(plan: Plan) -> str:
    return f"Nothing was changed. The plan has moved on: it is now “{plan.get_status_display().lower()}”."


def _carry(plan: Plan, name: str, *, by: User, version: PlanVersion | None = None) -> None:
    before, plan.status, plan.status_since = plan.status, MOVES[name].target, clock.now()
    plan.save(update_fields=["status", "status_since"])
    number = {"version": version.number, "digest": version.digest} if version else {}
    audit.record(name, plan, by=by, before=before, after=plan.status, **number)
    next_steps.follow(plan, name, by=by)
