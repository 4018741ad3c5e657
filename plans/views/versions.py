"""Pages that tell what was: the story of a plan, a frozen version, what differs from the one before."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render

from plans import workflow
from plans.models import Plan, PlanVersion
from plans.queries import timeline as stories
from plans.queries import versions
from plans.queries.compare import compare
from plans.views.found import plan_for
from ssip.core import audit
from ssip.core.doors import PersonsRequest

DECISIONS = {"endorse", "approve"}


def timeline(request: PersonsRequest, pk: int) -> HttpResponse:
    plan = plan_for(request, pk)
    return render(request, "plans/timeline.html", {"plan": plan, "entries": stories.story(plan)})


def version(request: PersonsRequest, pk: int, number: int) -> HttpResponse:
    plan = plan_for(request, pk)
    shown = _version_of(request, plan, number)
    said = versions.comments_of_decisions(plan)
    numbers = [each.number for each in versions.versions(plan)]
    decided = [each for each in versions.decisions(plan) if each.version_id == shown.pk]
    page = {
        "plan": plan,
        "version": shown,
        "sections": versions.frozen(shown),
        "decisions": [(decision, said.get(decision.pk, [])) for decision in decided],
        "numbers": numbers,
        "head": audit.head(plan.ics),
        "decides": number == max(numbers) and bool(DECISIONS & set(workflow.moves_for(request.user, plan))),
    }
    return render(request, "plans/version.html", page)


def changes(request: PersonsRequest, pk: int, number: int) -> HttpResponse:
    """Version `number` beside the one before it; the first has none."""
    plan = plan_for(request, pk)
    if number < 2:
        raise Http404
    later, earlier = _version_of(request, plan, number), _version_of(request, plan, number - 1)
    left, right = ({"title": f"Version {each.number}", "by": str(each.by), "at": each.at} for each in (earlier, later))
    page = {"plan": plan, "later": later, "earlier": earlier, "left": left, "right": right}
    return render(request, "plans/changes.html", page | {"differences": _differences(later, earlier)})


def _version_of(request: PersonsRequest, plan: Plan, number: int) -> PlanVersion:
    seen = PlanVersion.objects.visible_to(request.user).filter(plan=plan).select_related("by")
    return get_object_or_404(seen, number=number)


def _differences(later: PlanVersion, earlier: PlanVersion) -> list[dict[str, Any]]:
    """For each section that reads differently: its title, and both texts for the part that shows them."""
    now, was = versions.frozen(later), versions.frozen(earlier)
    new, old = ({section.key: section.text for section in sections} for sections in (now, was))
    return [
        {"change": change, "rows": compare(old.get(change.key, ""), new.get(change.key, ""))}
        for change in versions.changes(now, was)
    ]
