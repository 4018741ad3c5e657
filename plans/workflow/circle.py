"""Those who are asked to write or to read beside whoever's turn it is: co-authors and early readers."""

from plans.models import CoAuthor, Comment, EarlyRead, Plan
from plans.workflow.where import about, mail
from ssip.core import clock
from ssip.core.models import User
from ssip.reminders import workflow as reminders
from ssip.tenancy import access

LONGEST_SET_BY = 150  # a person without a name is called by their address, which may be longer


def ask_to_write(co_author: CoAuthor) -> None:
    _open_writing(co_author)
    reminders.notify(
        **mail(co_author.plan, *_where_to_write(co_author)),
        event="invite co-author",
        line="You have been invited to write in a network plan.",
        person=co_author.person,
    )


def stop_asking(co_author: CoAuthor, *, by: User) -> None:
    reminders.close_tasks(co_author, because="no longer asked for", by=by)


def with_co_authors(plan: Plan, move: str, *, by: User) -> None:
    """They write as long as the plan is written, and again when it is written again."""
    if move not in ("submit", "withdraw", "ask_for_changes", "reopen"):
        return
    invited = CoAuthor.objects.filter(ics_id=plan.ics_id, plan=plan, ended_at=None).select_related("person")
    for co_author in invited:
        co_author.plan = plan
        if plan.is_writable:
            _open_writing(co_author)
        else:
            reminders.close_tasks(co_author, because="the plan is not being written now", by=by)


def ask_to_read(early_read: EarlyRead) -> None:
    """One row for each circle of readers: the PSC, and those of the network."""
    plan = early_read.plan
    for permission, why in (
        ("approve_plan", "An early read: comments now save a round of changes later."),
        ("comment_plan", "You were asked for comments before the plan is submitted."),
    ):
        reminders.open_task(
            **about(plan, "detail") | {"about": early_read},
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
        **mail(plan, "detail"),
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


def _open_writing(co_author: CoAuthor) -> None:
    reminders.open_task(
        **about(co_author.plan, *_where_to_write(co_author)) | {"about": co_author},
        verb="Write",
        why="You were invited as a co-author.",
        person=co_author.person,
        followed_with="draft_plan",
        minutes=30,
    )


def _where_to_write(co_author: CoAuthor) -> tuple[str, ...]:
    return ("section_edit", co_author.section_key) if co_author.section_key else ("detail",)


def _also(plan: Plan, permission: str) -> list[int]:
    """The PSC lead holds comment_plan too and is asked once, as the one who approves."""
    return (
        [grant.person_id for grant in access.holding("approve_plan", plan.ics)] if permission == "comment_plan" else []
    )
