"""Who may do what to a plan: every rule of this app, as verdicts. When it may be done is in workflow/moves.py.

Two decisions matter, and four eyes make each: whoever submitted a version or wrote any of its words
neither endorses nor approves it. A comment makes nobody an author.
"""

from plans.models import CoAuthor, Plan, PlanVersion, Round, Section, SectionRevision, Status, Step
from plans.queries.plan import who_could_write
from ssip.core.context import request_cache
from ssip.core.models import User
from ssip.core.verdicts import YES, Verdict, no
from ssip.tenancy import access
from ssip.tenancy.models import PSC


def can_open_round(person: User, psc: PSC) -> Verdict:
    if not access.holds(person, "manage_rounds", psc):
        return no("Planning rounds are opened by the PSC administrator.")
    return YES


def can_lead(person: User, plan: Plan) -> Verdict:
    """Submit, withdraw, name the meeting, ask for an early read, invite co-authors."""
    if not access.holds(person, "draft_plan", plan.ics):
        return no("This is done by the ICS lead.")
    return YES


def can_write(person: User, section: Section) -> Verdict:
    """The ICS lead writes every section, a co-author those they were invited to."""
    if access.holds(person, "draft_plan", section.plan.ics):
        return YES
    if access.holds(person, "view_plan", section.plan.ics) and _invited(person, section.plan) & {"", section.key}:
        return YES
    return no("Sections are written by the ICS lead and the people they invite as co-authors. You can comment.")


def can_comment(person: User, plan: Plan) -> Verdict:
    if not access.holds(person, "comment_plan", plan.ics):
        return no("Your role reads this plan but does not comment on it.")
    return YES


def can_settle(person: User, plan: Plan) -> Verdict:
    """Tick a comment as taken into account."""
    return can_lead(person, plan)


def can_endorse(person: User, plan: Plan) -> Verdict:
    if not access.holds(person, "endorse_plan", plan.ics):
        return no("The endorsement is recorded by the ICB quality lead.")
    return _four_eyes(person, plan)


def can_approve(person: User, plan: Plan) -> Verdict:
    if not access.holds(person, "approve_plan", plan.ics):
        return no("The plan is approved by the PSC improvement lead.")
    return _four_eyes(person, plan)


def can_decide(person: User, plan: Plan) -> Verdict:
    """Open the page of decisions. Whose turn it is says the plan's state."""
    if not any(access.holds(person, permission, plan.ics) for permission in ("endorse_plan", "approve_plan")):
        return no("The ICB quality lead records the endorsement of a plan, and the PSC improvement lead approves it.")
    return _four_eyes(person, plan)


def awaits(person: User, plan: Plan, step: Step) -> Verdict:
    """Whether this step is for somebody with this person's roles; four eyes are asked apart."""
    return YES if access.holds(person, permission_of(step), plan.ics) else no("It is somebody else's turn.")


def can_ask_for_changes(person: User, plan: Plan) -> Verdict:
    """Whoever's decision is awaited may ask for changes instead."""
    if plan.status == Status.ENDORSED:
        return can_approve(person, plan)
    return can_endorse(person, plan)


def can_publish(person: User, plan: Plan) -> Verdict:
    if not access.holds(person, "publish_plan", plan.ics):
        return no("The plan is published by the PSC improvement lead.")
    return YES


def authors(plan: Plan) -> set[int]:
    """Ids of all who saved words of this plan or submitted it, in any version."""
    wrote = SectionRevision.objects.filter(ics_id=plan.ics_id, section__plan=plan).values_list("by_id", flat=True)
    submitted = PlanVersion.objects.filter(ics_id=plan.ics_id, plan=plan).values_list("by_id", flat=True)
    return set(wrote.union(submitted))


def is_author(person: User, plan: Plan) -> bool:
    return person.pk in authors(plan)


def _four_eyes(person: User, plan: Plan) -> Verdict:
    if is_author(person, plan):
        return no("You wrote or submitted part of this plan, so somebody else decides about it.")
    return YES


def _invited(person: User, plan: Plan) -> set[str]:
    """Keys of the sections this person may write in; "" stands for all. Asked once a request."""
    cache, key = request_cache(), ("invited", person.pk, plan.pk)
    if key not in cache:
        live = CoAuthor.objects.filter(ics_id=plan.ics_id, plan=plan, person_id=person.pk, ended_at=None)
        cache[key] = set(live.values_list("section_key", flat=True))
    return cache[key]


def permission_of(step: Step) -> str:
    """What lets somebody take this step's decision."""
    return f"{step.name}_plan"


def can_be_co_author(person: User, plan: Plan) -> Verdict:
    """Members and partners of the ICS: whoever decides about the plan later must not have written it."""
    if any(grant.person_id == person.pk for grant in who_could_write(plan)):
        return YES
    return no("Only members and partners of this ICS can be co-authors. Give them a role first.")


def has_its_meeting_to_come(plan: Plan) -> Verdict:
    """The ICB looks at a plan until it has endorsed it."""
    if plan.is_writable or plan.status == Status.SUBMITTED:
        return YES
    return no("The meeting has looked at the plan, or will not: there is no date to set now.")


def is_written(plan: Plan) -> Verdict:
    return YES if plan.is_writable else no("The plan is not being written now.")


def can_read_history(person: User, planning_round: Round) -> Verdict:
    """As the audit's wall has it: its rows are the PSC's, and name the plans of all its ICSs."""
    if access.sees(person, planning_round.psc):
        return YES
    return no(f"What was done to a planning round is told to the people of {planning_round.psc}.")


def is_open(planning_round: Round) -> Verdict:
    return no("This round is closed.") if planning_round.closed_at else YES
