"""What an address names, for the person who asks. What they may not see does not exist."""

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from plans.models import Plan, Section
from plans.queries import plan as plans
from ssip.core.doors import PersonsRequest

MOST_FIGURES = 9


def plan_for(request: PersonsRequest, pk: int) -> Plan:
    """A plan in another ICS does not exist, as far as this person can tell."""
    return get_object_or_404(Plan.objects.visible_to(request.user).with_names(), pk=pk)


def section_for(request: PersonsRequest, pk: int, key: str) -> tuple[Section, list[Section]]:
    """The section with its plan, and all sections of that plan in their order."""
    sections = plans.sections_of(request.user, plan_for(request, pk))
    for section in sections:
        if section.key == key:
            return section, sections
    raise Http404


def number_in(request: HttpRequest, name: str) -> int | None:
    """A number from the query; anything else counts as not given."""
    typed = request.GET.get(name, "")
    return int(typed) if typed.isdecimal() and len(typed) <= MOST_FIGURES else None
