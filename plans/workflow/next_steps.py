"""What a plan's state asks of whom, and by when: work to do, dates and mails, told to ssip.reminders.

Nothing here carries a word that somebody wrote: a reference, a state, a date and a link.
"""

from datetime import date
from typing import NamedTuple

from django.urls import reverse

from plans import policies
from plans.models import CoAuthor, Comment, EarlyRead, Plan, Section, Status, Step, StepName
from plans.models.plans import WRITABLE
from plans.queries import versions
from ssip.core import clock
from ssip.core.models import User
from ssip.reminders import workflow as reminders
from ssip.tenancy import access

MONTHS_TO_REFRESH = "plan_refresh"
LONGEST_SET_BY = 150  # a person without a name is called by their address, which may be longer


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
    "ask_for_changes": (("draft_plan", "Changes to your network plan have been asked for."),),
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
        end_early_read(plan, by=by)
        for co_author in CoAuthor.objects.filter(ics_id=plan.ics_id, plan=plan, ended_at=None):
            reminders.close_tasks(co_author, because=DONE[move], by=by)
    if ask := ASKS.get(Status(plan.status)):
        _ask(plan, ask)
    if move in ("submit", "reopen"):
        dates_of_meeting(plan, by=by)  # a withdrawal ended them, and so did a decision about the version before
    if move == "publish":
        reminders.open_deadline(
            **_about(plan, "detail"),
            kind=MONTHS_TO_REFRESH,
            due_on=reminders.due_after(MONTHS_TO_REFRESH, clock.today()),
            permissions=["draft_plan"],
            set_by="the programme (12 months after publication)",
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
                **_about(plan, "detail"), kind=kind, due_on=day, permissions=[permission], set_by=plan.meeting_of
            )
    if plan.status == Status.SUBMITTED and _meets(plan):
        # The meeting decides: its day takes the place of so many working days.
        reminders.set_due(plan, due=plan.meeting_on, set_by=plan.meeting_of)
        reminders.withdraw(plan, "plan_decision")


def ask_to_write(co_author: CoAuthor, section: Section | None) -> None:
    page, key = ("section_edit", [section.key]) if section else ("detail", [])
    reminders.open_task(
        **_about(co_author.plan, page, *key) | {"about": co_author},
        verb="Write",
        why="You were invited as a co-author.",
        person=co_author.person,
        followed_with="draft_plan",
        minutes=30,
    )
    reminders.notify(
        **_mail(co_author.plan, page, *key),
        event="invite co-author",
        line="You have been invited to write in a network plan.",
        person=co_author.person,
    )


def stop_asking(co_author: CoAuthor, *, by: User) -> None:
    reminders.close_tasks(co_author, because="no longer asked for", by=by)


def ask_to_read(early_read: EarlyRead) -> None:
    """One row for each circle of readers: the PSC, and those of the network."""
    plan = early_read.plan
    for permission, why in (
        ("approve_plan", "An early read: comments now save a round of changes later."),
        ("comment_plan", "You were asked for comments before the plan is submitted."),
    ):
        reminders.open_task(
            **_about(plan, "detail") | {"about": early_read},
            verb="Read",
            why=why,
            permission=permission,
            not_for=[early_read.by_id, *_also(plan, permission)],
            followed_with="draft_plan",
            due=early_read.wanted_by,
            due_set_by=str(early_read.by)[:LONGEST_SET_BY],
            minutes=20,
        )
    reminders.notify(
        **_mail(plan, "detail"),
        event="early read",
        line="You are asked to read a network plan early and to comment. Nothing is decided yet.",
        permission="comment_plan",
        but=[early_read.by_id],
    )


def end_early_read(plan: Plan, *, by: User) -> bool:
    """Whether there was one to end."""
    early_reads = list(EarlyRead.objects.filter(ics_id=plan.ics_id, plan=plan, ended_at=None))
    for early_read in early_reads:
        early_read.ended_at = clock.now()
        early_read.save(update_fields=["ended_at"])
        reminders.close_tasks(early_read, because="early read ended", by=by)
    return bool(early_reads)


def commented(comment: Comment) -> None:
    """Somebody who was asked to read has read: their own row is done, others' stay."""
    for early_read in EarlyRead.objects.filter(ics_id=comment.ics_id, plan=comment.plan, ended_at=None):
        reminders.done_by(early_read, comment.by)


def _also(plan: Plan, permission: str) -> list[int]:
    """The PSC lead holds comment_plan too and is asked once, as the one who approves."""
    return (
        [grant.person_id for grant in access.holding("approve_plan", plan.ics)] if permission == "comment_plan" else []
    )


def _ask(plan: Plan, ask: Ask) -> None:
    due, set_by, kind = _due(plan, ask)
    not_for = sorted(policies.authors(plan)) if ask.step else []
    reminders.open_task(
        **_about(plan, ask.page),
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
            **_about(plan, ask.page),
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
        return reminders.due_after("plan_changes", today), "the programme (15 working days)", "plan_changes"
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
        reminders.notify(**_mail(plan, "detail"), event=move, line=line, permission=permission, but=told)
        told = told + [grant.person_id for grant in access.holding(permission, plan.ics)]


def _about(plan: Plan, page: str, *arguments: str) -> dict:
    return _mail(plan, page, *arguments) | {"thing": plan.title, "place": plan.network.name}


def _mail(plan: Plan, page: str, *arguments: str) -> dict:
    return {
        "scope": plan.ics,
        "about": plan,
        "path": reverse(f"plans:{page}", args=[plan.pk, *arguments]),
        "reference": plan.reference,
    }
