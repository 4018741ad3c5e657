"""What a plan's state asks of whom, and by when: work to do, dates and mails, told to ssip.reminders.

Nothing here carries a word that somebody wrote: a reference, a state, a date and a link.
"""

from datetime import date
from typing import NamedTuple

from plans import policies
from plans.models import Plan, Status, Step, StepName
from plans.models.plans import WRITABLE
from plans.queries import versions
from plans.workflow import circle
from plans.workflow.where import about, mail
from ssip.core import clock
from ssip.core.models import User
from ssip.reminders import workflow as reminders
from ssip.tenancy import access

MONTHS_TO_REFRESH = "plan_refresh"


class Ask(NamedTuple):
    """The work that a state asks for. `step`: whose decision it is, so its authors are left out."""

    verb: str
    permission: str
    page: str
    why: str
    minutes: int
    followed_with: str
    step: StepName | None = None


ASKS: dict[Status, Ask] = {
    Status.DRAFT: Ask("Draft", "draft_plan", "detail", "You lead the plan of this ICS.", 60, "approve_plan"),
    Status.SUBMITTED: Ask(
        "Endorse", "endorse_plan", "decide", "You record what the ICB decides.", 30, "draft_plan", StepName.ENDORSE
    ),
    Status.ENDORSED: Ask(
        "Approve", "approve_plan", "decide", "You decide for the PSC.", 60, "draft_plan", StepName.APPROVE
    ),
    Status.CHANGES_ASKED: Ask("Change", "draft_plan", "detail", "Changes were asked for.", 45, "approve_plan"),
    Status.APPROVED: Ask(
        "Publish", "publish_plan", "publish", "The plan is approved and not published yet.", 5, "draft_plan"
    ),
}

DONE: dict[str, str] = {
    "submit": "submitted",
    "endorse": "endorsed",
    "ask_for_changes": "changes asked for",
    "approve": "approved",
    "publish": "published",
    "withdraw": "withdrawn",
    "reopen": "opened again",
}

# A mail at once: to holders of which permission, and what it says.
NEWS: dict[str, tuple[tuple[str, str], ...]] = {
    "open": (("draft_plan", "A planning round has begun. The plan is yours to draft."),),
    "submit": (("endorse_plan", "A network plan has been submitted and waits for the ICB's endorsement."),),
    "endorse": (
        ("approve_plan", "A network plan has been endorsed and waits for your approval."),
        ("draft_plan", "Your network plan has been endorsed. It waits for the PSC's approval."),
    ),
    "ask_for_changes": (
        ("draft_plan", "Changes to your network plan have been asked for."),
        ("endorse_plan", "Changes to a network plan of your ICS have been asked for."),
    ),
    "approve": (
        ("draft_plan", "Your network plan has been approved."),
        ("endorse_plan", "The network plan that you endorsed has been approved."),
    ),
    "publish": (
        ("draft_plan", "Your network plan has been published."),
        ("comment_plan", "The network plan has been published."),
    ),
    "withdraw": (
        ("endorse_plan", "A network plan has been withdrawn."),
        ("approve_plan", "A network plan has been withdrawn."),
    ),
    "reopen": (("draft_plan", "The network plan is open again as a draft."),),
}


def follow(plan: Plan, move: str, *, by: User) -> None:
    """After a move: what was asked is done, what comes next is asked, and those concerned are told."""
    if move != "open":
        reminders.close_tasks(plan, because=DONE.get(move, "replaced by a newer edition"), by=by)
    _end_dates(plan, move)
    if move in ("submit", "withdraw"):
        circle.end_early_read(plan, by=by)
    circle.with_co_authors(plan, move, by=by)
    if ask := ASKS.get(Status(plan.status)):
        _ask(plan, ask)
    if move in ("submit", "reopen"):
        dates_of_meeting(plan, by=by)  # a withdrawal ended them, and so did a decision about the version before
    if move == "publish":
        refresh = reminders.rule(MONTHS_TO_REFRESH, plan.ics)
        reminders.open_deadline(
            **about(plan, "detail"),
            kind=MONTHS_TO_REFRESH,
            due_on=refresh.after(clock.today()),
            permissions=["draft_plan"],
            set_by=refresh.words,
        )
    _tell(plan, move, by=by)


def dates_of_meeting(plan: Plan, *, by: User, reason: str = "") -> None:
    """The day the papers are due, until they are in, and the day of the meeting, each with its reminders."""
    papers_due_on = plan.papers_due_on if plan.is_writable else None
    dates = (("papers_due", papers_due_on, "draft_plan"), ("decision_meeting", plan.meeting_on, "endorse_plan"))
    for kind, day, permission in dates:
        if day is None:
            reminders.withdraw(plan, kind)
        elif reminders.is_open(plan, kind):
            reminders.move_deadline(plan, kind, to=day, reason=reason, by=by)
        elif day >= clock.today():
            reminders.open_deadline(
                **about(plan, "detail"), kind=kind, due_on=day, permissions=[permission], set_by=plan.meeting_of
            )
    if plan.status == Status.SUBMITTED and _meets(plan):
        # The meeting decides: its day takes the place of so many working days.
        reminders.set_due(plan, due=plan.meeting_on, set_by=plan.meeting_of)
        reminders.withdraw(plan, "plan_decision")


def _ask(plan: Plan, ask: Ask) -> None:
    due, set_by, kind = _due(plan, ask)
    not_for = sorted(policies.authors(plan)) if ask.step else []
    reminders.open_task(
        **about(plan, ask.page),
        verb=ask.verb,
        why=ask.why,
        permission=ask.permission,
        not_for=not_for,
        followed_with=ask.followed_with,
        due=due,
        due_set_by=set_by,
        minutes=ask.minutes,
    )
    if kind and due:
        reminders.open_deadline(
            **about(plan, ask.page),
            kind=kind,
            due_on=due,
            permissions=[ask.permission],
            not_for=not_for,
            set_by=set_by,
        )


def _due(plan: Plan, ask: Ask) -> tuple:
    """By when, who set that, and the kind of date to be reminded of (none where the meeting's own reminds)."""
    today = clock.today()
    if plan.status == Status.DRAFT and plan.round.plans_due_on >= today:
        return plan.round.plans_due_on, f"the round {plan.round}", "plan_due"
    if plan.status in WRITABLE:
        changes = reminders.rule("plan_changes", plan.ics)
        return changes.after(today), changes.words, "plan_changes"
    if ask.step is None:
        return None, "", ""
    return decision_due(plan, versions.step(plan, ask.step))


def decision_due(plan: Plan, step: Step) -> tuple[date, str, str]:
    """By when the step's decision is due if it were asked for today: the meeting's day, or so many working days."""
    today = clock.today()
    if step.name == StepName.ENDORSE and plan.meeting_on and _meets(plan):
        return plan.meeting_on, plan.meeting_of, ""
    set_by = f"the round ({step.working_days} working days)"
    return clock.add_working_days(today, step.working_days), set_by, "plan_decision"


def _meets(plan: Plan) -> bool:
    """Whether the meeting that looks at the plan is still to come."""
    return bool(plan.meeting_on and plan.meeting_on >= clock.today())


def _end_dates(plan: Plan, move: str) -> None:
    """Dates that the move has met; a withdrawn plan has none left."""
    met = {
        "submit": ("plan_due", "plan_changes", "papers_due"),
        "endorse": ("plan_decision", "decision_meeting"),
        "ask_for_changes": ("plan_decision", "decision_meeting"),
        "approve": ("plan_decision",),
        "supersede": ("plan_refresh",),
    }
    for kind in met.get(move, ()):
        reminders.meet(plan, kind)
    if move == "withdraw":
        reminders.withdraw(plan)


def _tell(plan: Plan, move: str, *, by: User) -> None:
    told = [by.pk]
    for permission, line in NEWS.get(move, ()):
        reminders.notify(**mail(plan, "detail"), event=move, line=line, permission=permission, but=told)
        told = told + [grant.person_id for grant in access.holding(permission, plan.ics)]
