"""What everybody may read, signed in or not: the library of published plans, one plan, the plan as plain text."""

from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.text import slugify

from plans import kinds
from plans.models import PublishedPlan
from plans.queries import published as queries
from ssip.core.text import saveable
from ssip.core.typed import number_in


def library(request: HttpRequest) -> HttpResponse:
    sought = saveable(request.GET.get("q", "")).strip()[:100]
    found = queries.library(sought, older_than=number_in(request, "older"), newer_than=number_in(request, "newer"))
    page = {
        "sought": sought,
        "plans": found.plans,
        "newer": _address(sought, "newer", found.newer),
        "older": _address(sought, "older", found.older),
    }
    return render(request, "plans/published.html", page)


def plan(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get_object_or_404(PublishedPlan, pk=pk)
    page = {"plan": shown, "sections": _sections(shown), "newest": queries.newest_edition(shown)}
    return render(request, "plans/published_plan.html", page)


def text(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get_object_or_404(PublishedPlan, pk=pk)
    words = render_to_string(
        "plans/published.txt", {"plan": shown, "sections": _sections(shown), "demo": settings.DEMO}
    )
    name = slugify(f"{shown.reference} {shown.network_name}") or f"plan-{pk}"
    return HttpResponse(
        words,
        content_type="text/plain; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.txt"'},
    )


def _sections(shown: PublishedPlan) -> list[dict[str, str]]:
    return [
        {"key": each["key"], "title": each["title"], "text": kinds.plain(each["kind"], each["content"])}
        for each in shown.sections
    ]


def _address(sought: str, way: str, pk: int | None) -> str:
    if pk is None:
        return ""
    return f"{reverse('plans:published')}?{urlencode({'q': sought, way: pk} if sought else {way: pk})}"
