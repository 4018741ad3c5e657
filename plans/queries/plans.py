"""The list of plans: newest first, a page at a time, without counting them all."""

from collections.abc import Mapping
from typing import NamedTuple

from django.db.models import Q

from plans.models import Plan, Status
from plans.queries.standing import COLOURS, Turn, turns_of
from ssip.core.models import User
from ssip.tenancy import access
from ssip.tenancy.models import ICS

A_PAGE = 30


class Row(NamedTuple):
    plan: Plan
    colour: str
    turn: Turn


class Page(NamedTuple):
    """`older`: the id to go on after, or nothing."""

    rows: list[Row]
    older: int | None


def page_of_plans(person: User, chosen: Mapping[str, str], *, after: int | None = None) -> Page:
    """`chosen`: what the person looks for, as words, status and code of an ICS."""
    plans = Plan.objects.visible_to(person).with_names().filter(_words(chosen.get("words", "")))
    if status := chosen.get("status"):
        plans = plans.filter(status=status)
    if code := chosen.get("ics"):
        plans = plans.filter(ics__code=code)
    if after is not None:
        plans = plans.filter(pk__lt=after)
    found = list(plans.order_by("-id")[: A_PAGE + 1])
    shown = found[:A_PAGE]
    turns = turns_of(person, shown)
    rows = [Row(plan, COLOURS[Status(plan.status)], turns[plan.pk]) for plan in shown]
    return Page(rows, shown[-1].pk if len(found) > A_PAGE else None)


def icss_of(person: User) -> list[ICS]:
    """Whose plans this person may see."""
    return list(ICS.objects.filter(pk__in=access.ics_ids(person, "view_plan")).order_by("short_name"))


def _words(words: str) -> Q:
    """Each word stands in the name of the network or of the ICS, in the title or in the reference."""
    found = Q()
    for word in words.split():
        found &= (
            Q(network__name__icontains=word)
            | Q(ics__name__icontains=word)
            | Q(ics__short_name__icontains=word)
            | Q(title__icontains=word)
            | Q(reference__icontains=word)
        )
    return found
