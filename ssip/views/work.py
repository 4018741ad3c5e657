"""My work: everybody's first page. What to do now, what one waits for, what comes up, what was done lately."""

from typing import Any, NamedTuple

from django.http import HttpResponse
from django.shortcuts import render

from plans.models import Plan, Section
from ssip.core import clock
from ssip.core.doors import PersonsRequest
from ssip.core.models import User
from ssip.reminders import queries
from ssip.tenancy import access

# What each group is called, and what an empty one says.
GROUPS = {
    "do_now": ("Do now", "Nothing needs you now."),
    "waiting": ("Waiting for others", "You are not waiting for anybody."),
    "coming_up": ("Coming up", "No date of yours falls in the next 14 days."),
    "done_lately": ("Done lately", "What is done in the next 14 days will be shown here."),
}
PLANS_SHOWN = 5


class Group(NamedTuple):
    key: str
    title: str
    empty: str
    rows: list[queries.Row]


def my_work(request: PersonsRequest) -> HttpResponse:
    """Everybody's first page; who has no role yet is told whom to ask."""
    lists = queries.my_work(request.user, clock.today())
    groups = [Group(key, title, empty, lists[key]) for key, (title, empty) in GROUPS.items()]
    lead = _headlines(request.user)
    return render(
        request, "site/work.html", {"groups": groups, "headlines": lead, "grants": access.roles_of(request.user)}
    )


def _headlines(person: User) -> list[dict[str, Any]]:
    """For those who write: what stands between each plan and its submission."""
    ids = access.ics_ids(person, "draft_plan")
    if not ids:
        return []
    plans = Plan.objects.visible_to(person).being_written().filter(ics_id__in=ids).with_names()[:PLANS_SHOWN]
    sections = Section.objects.visible_to(person).filter(plan__in=[plan.pk for plan in plans])
    missing: dict[int, int] = {}
    for section in sections.filter(is_required=True).only("plan_id", "kind", "content", "is_required", "ics_id"):
        missing[section.plan_id] = missing.get(section.plan_id, 0) + section.is_empty
    return [{"plan": plan, "missing": missing.get(plan.pk, 0), "before": _before(plan)} for plan in plans]


def _before(plan: Plan) -> str:
    """What the plan is on its way to, with a date."""
    today = clock.today()
    if plan.papers_due_on and plan.papers_due_on >= today:
        return f"the papers date of the {plan.meeting_of} on {clock.spoken(plan.papers_due_on)}"
    if plan.round.plans_due_on >= today:
        return f"the submission on {clock.spoken(plan.round.plans_due_on)}"
    return "its submission"
