"""The pages on which a plan is carried on: submit, decide, publish, withdraw, open again."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from plans import policies, workflow
from plans.forms.deciding import ASK, ApproveForm, DecisionForm, EndorseForm
from plans.models import Plan, PlanVersion, PublishedPlan, Section, StepName
from plans.queries import versions
from plans.queries.standing import turn_of
from plans.views.found import plan_for
from plans.workflow import next_steps
from ssip.core import audit, clock
from ssip.core.doors import PersonsRequest
from ssip.core.models import User
from ssip.core.verdicts import require

FORMS: dict[str, type[DecisionForm]] = {StepName.ENDORSE: EndorseForm, StepName.APPROVE: ApproveForm}

NEXT = {
    "submit": "Version {number} is submitted. The ICB quality lead has been asked for the endorsement of the {body}, "
    "by {due}.",
    "endorse": "The endorsement of version {number} is recorded. The PSC improvement lead is asked to approve it.",
    ASK: "You asked for changes to version {number}. The ICS lead has been told, and can write again.",
    "approve": "Version {number} is approved. It can be published now.",
    "publish": "The plan is published. Everybody can read it now, and nobody can change it.",
    "withdraw": "The plan is withdrawn. Nobody is asked to do anything about it any more.",
    "reopen": "The plan is a draft again, with all its words. It can be written in now.",
}


def submit(request: PersonsRequest, pk: int) -> HttpResponse:
    plan = plan_for(request, pk)
    require(policies.can_lead(request.user, plan))
    if not _is_time_to("submit", plan):
        return _not_now(request, plan)
    if request.method == "POST":
        try:
            return _carry_on(request, plan, "submit")
        except workflow.Missing as missing:
            titles = ", ".join(section.title for section in missing.sections)
            messages.error(request, f"The plan was not submitted: write something in {titles} first.")
    return render(request, "plans/submit.html", _to_submit(request.user, plan))


def decide(request: PersonsRequest, pk: int) -> HttpResponse:
    plan = plan_for(request, pk)
    require(policies.can_decide(request.user, plan))
    step = versions.awaited_step(plan)
    if step is None or not policies.awaits(request.user, plan, step):
        return _not_now(request, plan)
    submitted = versions.versions(plan)
    sections = versions.sections_now(plan)
    form = FORMS[step.name](
        request.POST if request.method == "POST" else None,
        step=step,
        sections=sections,
        cancel=_page("detail", plan),
        initial={"seen": submitted[0].number},
    )
    if not form.is_valid():
        return render(request, "plans/decide.html", {"form": form, "step": step} | _to_decide(plan, submitted))
    given = form.cleaned_data
    return _carry_on(request, plan, given["answer"], seen=given["seen"], **form.said)


def publish(request: PersonsRequest, pk: int) -> HttpResponse:
    plan = plan_for(request, pk)
    require(policies.can_publish(request.user, plan))
    if not _is_time_to("publish", plan):
        return _not_now(request, plan)
    if request.method == "POST":
        return _carry_on(request, plan, "publish")
    decided = versions.decisions(plan)
    page = {"plan": plan, "version": decided[-1].version, "decisions": decided[-2:], "older": _older_edition(plan)}
    return render(request, "plans/publish.html", page | {"head": audit.head(plan.ics)})


def withdraw(request: PersonsRequest, pk: int) -> HttpResponse:
    return _lead_confirms(request, pk, "withdraw")


def reopen(request: PersonsRequest, pk: int) -> HttpResponse:
    return _lead_confirms(request, pk, "reopen")


def _lead_confirms(request: PersonsRequest, pk: int, move: str) -> HttpResponse:
    """A move of the ICS lead that asks nothing but whether it is meant."""
    plan = plan_for(request, pk)
    require(policies.can_lead(request.user, plan))
    if not _is_time_to(move, plan):
        return _not_now(request, plan)
    if request.method == "POST":
        return _carry_on(request, plan, move)
    template = {"withdraw": "plans/withdraw.html", "reopen": "plans/reopen.html"}[move]
    return render(request, template, {"plan": plan})


def _is_time_to(move: str, plan: Plan) -> bool:
    return plan.status in workflow.MOVES[move].sources


def _not_now(request: PersonsRequest, plan: Plan) -> HttpResponse:
    """Somebody got there first, or it is somebody else's turn."""
    stands = plan.get_status_display().lower()
    messages.warning(request, f"The plan is now “{stands}”, so there was nothing to do there. {turn_of(plan, {})}")
    return redirect("plans:detail", pk=plan.pk)


def _carry_on(request: PersonsRequest, plan: Plan, move: str, *, seen: int | None = None, **said: Any) -> HttpResponse:
    """Make the move and say what comes next. Raises Missing where a submission lacks something."""
    try:
        plan = workflow.make_move(plan, move, by=request.user, seen=seen, **said)
    except workflow.WrongState as moved_on:
        messages.warning(request, str(moved_on))
    else:
        messages.success(request, _what_comes_next(plan, move))
    return redirect("plans:detail", pk=plan.pk)


def _what_comes_next(plan: Plan, move: str) -> str:
    step = versions.step(plan, StepName.ENDORSE)
    due, _, _ = next_steps.decision_due(plan, step)
    return NEXT[move].format(number=versions.last_number(plan), body=step.body, due=clock.spoken(due))


def _to_submit(person: User, plan: Plan) -> dict[str, Any]:
    sections, submitted, decided = versions.sections_now(plan), versions.versions(plan), versions.decisions(plan)
    last = submitted[0] if submitted else None
    asked = versions.last_decided(decided, before=last.number + 1) if last else None
    step = versions.step(plan, StepName.ENDORSE)
    changed = versions.changes(sections, versions.frozen(last)) if last else []
    due, set_by, _ = next_steps.decision_due(plan, step)
    return {
        "plan": plan,
        "step": step,
        "tasks": [_task(plan, section, {change.key for change in changed}) for section in sections],
        "missing": [section for section in sections if section.is_missing],
        "last": last,
        "changed": changed,
        "asked": asked,
        "asked_said": versions.comments_of_decisions(plan).get(asked.pk, []) if asked else [],
        "free": versions.free_to("endorse_plan", plan, but=policies.authors(plan) | {person.pk}),
        "due": due,
        "set_by": set_by,
    }


def _task(plan: Plan, section: Section, changed: set[str]) -> dict[str, str]:
    if section.is_missing:
        status, colour = "Needed", "yellow"
    elif section.is_empty:
        status, colour = "Left empty", "grey"
    else:
        status, colour = "Changed" if section.key in changed else "Written", ""
    return {
        "title": section.title,
        "href": _page("section_edit", plan, section.key),
        "hint": "",
        "status": status,
        "colour": colour,
    }


def _to_decide(plan: Plan, submitted: list[PlanVersion]) -> dict[str, Any]:
    """What somebody should have before their eyes when they decide."""
    version, decided = submitted[0], versions.decisions(plan)
    before = versions.last_decided(decided, before=version.number)
    now, was = versions.frozen(version), versions.frozen(before.version if before else None)
    return {
        "plan": plan,
        "version": version,
        "before": before,
        "before_said": versions.comments_of_decisions(plan).get(before.pk, []) if before else [],
        "changed": versions.changes(now, was) if before else [],
        "endorsed": next((each for each in decided if each.version_id == version.pk), None),
        "comments": versions.comments_of_readers(plan),
        "had_early_read": versions.had_early_read(plan),
        "head": audit.head(plan.ics),
    }


def _older_edition(plan: Plan) -> PublishedPlan | None:
    """What this edition will replace in the library."""
    editions = PublishedPlan.objects.filter(ics_id=plan.ics_id, network_id=plan.network_id)
    return editions.order_by("-id").first()


def _page(name: str, plan: Plan, *more: str) -> str:
    return reverse(f"plans:{name}", args=[plan.pk, *more])
