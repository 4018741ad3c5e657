"""The list of plans, one plan with all that belongs to it, and the same on paper."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from plans import policies, workflow
from plans.forms.writing import CommentForm, PlanFilter
from plans.models import Plan, Section, Status
from plans.queries import plan as plans
from plans.queries import versions
from plans.queries.plan import Overview
from plans.queries.plans import icss_of, page_of_plans
from plans.queries.standing import COLOURS
from plans.views.found import plan_for
from ssip.core import clock
from ssip.core.doors import PersonsRequest
from ssip.core.models import User
from ssip.core.text import saveable
from ssip.core.typed import number_in
from ssip.tenancy import access
from ssip.tenancy import queries as tenancy

FILTER = "plans_filter"
FILTERS = ("words", "status", "ics")

# Which page a move has, and what its button says there.
BUTTONS = {
    "submit": ("submit", workflow.MOVES["submit"].label),
    "endorse": ("decide", "Record the endorsement or ask for changes"),
    "approve": ("decide", "Approve or ask for changes"),
    "publish": ("publish", workflow.MOVES["publish"].label),
    "reopen": ("reopen", workflow.MOVES["reopen"].label),
    "withdraw": ("withdraw", workflow.MOVES["withdraw"].label),
}
DECIDED_NEXT = (Status.SUBMITTED, Status.ENDORSED, Status.APPROVED)
ON_ITS_WAY = (Status.DRAFT, Status.CHANGES_ASKED, Status.SUBMITTED, Status.ENDORSED)


def plan_list(request: PersonsRequest) -> HttpResponse:
    icss = icss_of(request.user)
    chosen = _chosen(request)
    form = PlanFilter(initial=chosen, icss=icss)
    page = page_of_plans(request.user, chosen, after=number_in(request, "after"))
    leads = bool(access.ics_ids(request.user, "draft_plan"))
    older = f"?after={page.older}" if page.older else ""
    newest = reverse("plans:list") if "after" in request.GET else ""
    shown = {"page": page, "older": older, "newest": newest}
    return render(request, "plans/list.html", shown | {"filter": form, "chosen": chosen, "icss": icss, "leads": leads})


def detail(request: PersonsRequest, pk: int) -> HttpResponse:
    plan = plan_for(request, pk)
    seen = plans.overview(request.user, plan)
    leads = bool(policies.can_lead(request.user, plan))
    page: dict[str, Any] = {"plan": plan, "seen": seen, "leads": leads, "colour": COLOURS[Status(plan.status)]}
    page["tasks"] = list(_tasks(request.user, seen, leads=leads))
    page["meets"] = plan.is_writable or plan.status == Status.SUBMITTED
    page["buttons"] = list(_buttons(request.user, seen))
    page["my_turn"] = plan.status in DECIDED_NEXT and any(not button["variant"] for button in page["buttons"])
    page["needs"] = list(_needs(seen)) if leads and plan.is_writable else []
    page["held"] = [] if page["needs"] else seen.held  # among what is needed they stand already
    page["warnings"] = list(_warnings(request.user, plan)) if leads else []
    if asked := seen.asked_for:
        page["asked_for"] = {"by": asked.by, "role": asked.role, "at": asked.at, "text": asked.note}
        page["asked"] = plans.comments_with(request.user, asked)
    if policies.can_comment(request.user, plan):
        page["comment_form"] = CommentForm(action=reverse("plans:comment", args=[pk]))
    return render(request, "plans/detail.html", page)


def print_plan(request: PersonsRequest, pk: int) -> HttpResponse:
    plan = plan_for(request, pk)
    return render(request, "plans/print.html", {"plan": plan, "sections": plans.sections_of(request.user, plan)})


def _chosen(request: PersonsRequest) -> dict[str, str]:
    """What the person last looked for, kept while they are signed in."""
    if "all" in request.GET:
        request.session.pop(FILTER, None)
    elif any(name in request.GET for name in FILTERS):
        given = {name: saveable(request.GET.get(name, "")).strip()[:100] for name in FILTERS}
        request.session[FILTER] = {name: value for name, value in given.items() if value}
    found: dict[str, str] = request.session.get(FILTER, {})
    return found


def _tasks(person: User, seen: Overview, *, leads: bool) -> Iterator[dict[str, str]]:
    """The contents as a task list. Whoever can write an empty section comes straight to where it is written."""
    for section in seen.sections:
        writes = seen.plan.is_writable and bool(policies.can_write(person, section))
        page = "section_edit" if writes and section.is_empty else "section"
        status, colour = _status(seen, section, leads=leads)
        yield {
            "title": section.title,
            "href": reverse(f"plans:{page}", args=[seen.plan.pk, section.key]),
            "hint": f"Saved by {section.saved_by}, {_day(section)}" if section.saved_by else "",
            "status": status,
            "colour": colour,
        }


def _status(seen: Overview, section: Section, *, leads: bool) -> tuple[str, str]:
    if any(held.section_id == section.pk for held in seen.held):
        return "Two texts to compare", "yellow"
    count = seen.waiting[section.pk]
    if count and seen.plan.status in ON_ITS_WAY:
        return ("Comment waits" if count == 1 else f"{count} comments wait"), "blue"
    if not section.is_empty:
        return "Completed", ""
    if not seen.plan.is_writable:
        return "Left empty", "grey"
    if not section.is_required:
        return "Optional", "grey"
    return ("Needed before you can submit" if leads else "Not started"), "grey"


def _day(section: Section) -> str:
    return clock.spoken(clock.local_date(section.saved_at)) if section.saved_at else ""


def _buttons(person: User, seen: Overview) -> Iterator[dict[str, str]]:
    """What this person can do with the plan as it stands; the first is what is next."""
    moves = workflow.moves_for(person, seen.plan)
    for name, (page, label) in BUTTONS.items():
        if name in moves:
            later = name == "withdraw" or (name == "submit" and seen.missing)
            href = reverse(f"plans:{page}", args=[seen.plan.pk])
            yield {"label": label, "href": href, "variant": "secondary" if later else ""}


def _needs(seen: Overview) -> Iterator[dict[str, str]]:
    """What stands between the plan and its submission."""
    pk = seen.plan.pk
    for held in seen.held:
        key = held.section.key
        yield {
            "text": f"Choose between two texts of “{held.section.title}”",
            "href": reverse("plans:section_kept", args=[pk, key]),
        }
    for section in seen.missing:
        yield {"text": f"Write “{section.title}”", "href": reverse("plans:section_edit", args=[pk, section.key])}
    if not seen.plan.meeting_on:
        yield {"text": "Name the meeting that will look at the plan", "href": reverse("plans:meeting", args=[pk])}


def _warnings(person: User, plan: Plan) -> Iterator[dict[str, str]]:
    """Said while there is time: nobody would be free to take a decision that still comes."""
    if plan.status not in ON_ITS_WAY:
        return
    wrote = policies.authors(plan) | {person.pk}
    for permission, step in tenancy.STEPS.items():
        to_come = permission == "approve_plan" or plan.status != Status.ENDORSED
        if to_come and not versions.free_to(permission, plan, but=wrote):
            yield {
                "text": f"Nobody would be free to {step.verb} this plan.",
                "advice": f"Everybody with the role {step.role.label} has written in it, or nobody has the role. "
                "A PSC administrator can give it to somebody who does not write the plan.",
            }
