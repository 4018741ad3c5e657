"""Writing a plan: sections, the people who write, the meeting that will look at it, comments.

A save names the version that its writer began from. If somebody saved another text meanwhile, or
the plan was submitted, the text is kept as a held draft: nothing that was typed is lost, and
nothing that somebody else saved is overwritten. Nobody locks anybody out.
"""

from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from plans import kinds, policies
from plans.models import CoAuthor, Comment, EarlyRead, HeldDraft, Plan, Section, SectionRevision
from plans.workflow import circle, next_steps
from plans.workflow.deciding import role_in
from ssip.core import audit, clock
from ssip.core.canonical import digest
from ssip.core.models import User
from ssip.core.verdicts import require


@transaction.atomic
def save_section(section: Section, *, content: dict[str, Any], base_version: int, by: User) -> HeldDraft | None:
    """Save, or keep as a held draft and return that. Raises ValidationError for content that is not of its kind."""
    kinds.check(section.kind, content)
    section = _lock(section)
    require(policies.can_write(by, section))
    new = digest(content)
    if not section.plan.is_writable:
        return _hold(section, content, base_version, by)
    if new == section.digest:
        _settle(section, by)  # the same words, sent twice or by two people
        return None
    if base_version != section.version:
        return _hold(section, content, base_version, by)
    section.content, section.digest, section.version = content, new, section.version + 1
    section.saved_by, section.saved_at = by, clock.now()
    # The history first: without it the database takes no new words.
    SectionRevision.objects.create(
        ics_id=section.ics_id,
        section=section,
        version=section.version,
        content=content,
        digest=new,
        by=by,
        at=section.saved_at,
    )
    section.save(update_fields=["content", "digest", "version", "saved_by", "saved_at"])
    _settle(section, by)
    audit.record("save section", section.plan, by=by, section=section.key, version=section.version, digest=new)
    return None


@transaction.atomic
def settle_draft(held: HeldDraft, *, by: User) -> None:
    """Its writer no longer needs it. The text stays in the database, and on no page."""
    HeldDraft.objects.visible_to(by).filter(pk=held.pk, settled_at=None).update(settled_at=clock.now())


@transaction.atomic
def set_meeting(
    plan: Plan, *, meeting_of: str, meeting_on: date, papers_due_on: date | None, by: User, reason: str = ""
) -> Plan:
    """Name the meeting that will look at the plan. `reason` is wanted when a date moves."""
    plan = Plan.objects.locked(plan)
    require(policies.can_lead(by, plan))
    require(policies.has_its_meeting_to_come(plan))
    meeting = {"meeting_of": meeting_of, "meeting_on": meeting_on, "papers_due_on": papers_due_on}
    before = {name: getattr(plan, name) for name in meeting}
    plan.meeting_of, plan.meeting_on, plan.papers_due_on = meeting_of, meeting_on, papers_due_on
    plan.save(update_fields=list(meeting))
    audit.record(
        "set meeting", plan, by=by, **audit.difference(before, meeting, values=("meeting_on", "papers_due_on"))
    )
    next_steps.dates_of_meeting(plan, by=by, reason=reason)
    return plan


@transaction.atomic
def add_co_author(plan: Plan, *, person: User, section: Section | None, by: User) -> CoAuthor:
    """Invite somebody who may read the plan to write in it, or in one section of it. Twice is once."""
    plan = Plan.objects.locked(plan)
    require(policies.can_lead(by, plan))
    require(policies.is_written(plan))
    require(policies.can_be_co_author(person, plan))
    co_author, is_new = CoAuthor.objects.get_or_create(
        ics=plan.ics,
        plan=plan,
        person=person,
        section_key=section.key if section else "",
        ended_at=None,
        defaults={"by": by, "at": clock.now()},
    )
    if is_new:
        audit.record("invite co-author", plan, by=by, person=person.pk, section=co_author.section_key)
        circle.ask_to_write(co_author)
    return co_author


@transaction.atomic
def end_co_author(co_author: CoAuthor, *, by: User) -> None:
    require(policies.can_lead(by, co_author.plan))
    live = CoAuthor.objects.filter(pk=co_author.pk, ics_id=co_author.ics_id, ended_at=None)
    if live.update(ended_at=clock.now(), ended_by=by):
        audit.record("end co-author", co_author.plan, by=by, person=co_author.person_id, section=co_author.section_key)
        circle.stop_asking(co_author, by=by)


@transaction.atomic
def ask_for_early_read(plan: Plan, *, wanted_by: date, by: User) -> EarlyRead:
    """Ask the PSC and the network for comments before submission. Asked twice, it is one."""
    plan = Plan.objects.locked(plan)
    require(policies.can_lead(by, plan))
    require(policies.is_written(plan))
    early_read, is_new = EarlyRead.objects.get_or_create(
        ics=plan.ics, plan=plan, ended_at=None, defaults={"by": by, "at": clock.now(), "wanted_by": wanted_by}
    )
    if is_new:
        audit.record("ask for early read", plan, by=by, wanted_by=wanted_by)
        circle.ask_to_read(early_read)
    return early_read


@transaction.atomic
def end_early_read(plan: Plan, *, by: User) -> None:
    require(policies.can_lead(by, plan))
    if circle.end_early_read(plan, by=by):
        audit.record("end early read", plan, by=by)


@transaction.atomic
def add_comment(plan: Plan, *, text: str, token: UUID, by: User, section: Section | None = None) -> Comment:
    """`token` names the form it came from: the same form sent twice makes one comment."""
    require(policies.can_comment(by, plan))
    comment, is_new = Comment.objects.get_or_create(
        ics=plan.ics,
        token=token,
        defaults={
            "plan": plan, "section": section, "by": by, "role": role_in(by, plan), "at": clock.now(), "text": text,
        },
    )  # fmt: skip
    if is_new:
        audit.record("comment", plan, by=by, section=section.key if section else "")
        circle.commented(comment)
    return comment


@transaction.atomic
def settle_comment(comment: Comment, *, by: User) -> None:
    """The ICS lead has taken it into account; it stays to be read."""
    require(policies.can_settle(by, comment.plan))
    unsettled = Comment.objects.filter(pk=comment.pk, ics_id=comment.ics_id, settled_at=None)
    if unsettled.update(settled_at=clock.now(), settled_by=by):
        audit.record("settle comment", comment.plan, by=by, comment=comment.pk)


def _lock(section: Section) -> Section:
    """The plan first, as submitting does: a save and a submission wait for each other."""
    Plan.objects.select_for_update(of=("self",)).get(pk=section.plan_id, ics_id=section.ics_id)
    locked = Section.objects.select_for_update(of=("self",)).select_related("plan__ics")
    return locked.get(pk=section.pk, ics_id=section.ics_id)


def _hold(section: Section, content: dict[str, Any], base_version: int, by: User) -> HeldDraft:
    """One unsettled draft a person and section: a newer one takes the place of the one before."""
    _settle(section, by)
    held = HeldDraft.objects.create(
        ics_id=section.ics_id, section=section, person=by, base_version=base_version, content=content, at=clock.now()
    )
    audit.record("hold draft", section.plan, by=by, section=section.key, base_version=base_version)
    return held


def _settle(section: Section, by: User) -> None:
    mine = HeldDraft.objects.filter(ics_id=section.ics_id, section=section, person=by, settled_at=None)
    mine.update(settled_at=clock.now())
