"""What an address names, for the person who asks. What they may not see does not exist."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from plans.models import Plan, Section
from plans.queries import plan as plans
from ssip.core.doors import PersonsRequest


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
