"""The list of plans, newest first and a page at a time without counting them all; and those that somebody writes."""

from collections.abc import Mapping
from typing import NamedTuple

from django.db.models import Q

from plans.models import Plan, Section, Status
from plans.queries.standing import COLOURS, Turn, turns_of
from ssip.core import clock
from ssip.core.models import User
from ssip.tenancy import access
from ssip.tenancy.models import ICS

A_PAGE = 30
AT_THE_TOP = 5  # of My work


class Row(NamedTuple):
    plan: Plan
    colour: str
    turn: Turn


class Page(NamedTuple):
    """`older`: the id to go on after, or nothing."""

    rows: list[Row]
    older: int | None


class Headline(NamedTuple):
    """How many sections stand between a plan and what it is on its way to."""

    plan: Plan
    missing: int
    before: str


def page_of_plans(person: User, chosen: Mapping[str, str], *, after: int | None = None) -> Page:
    """`chosen`: what the person looks for, as words, status and code of an ICS."""
    plans = Plan.objects.visible_to(person).filter(_words(chosen.get("words", "")))
    if status := chosen.get("status"):
        plans = plans.filter(status=status)
    if code := chosen.get("ics"):
        plans = plans.filter(ics__code=code)
    if after is not None:
        plans = plans.filter(pk__lt=after)
    # The page is chosen before names are looked up: else the database joins the names of every plan that one may see.
    chosen_ones = plans[: A_PAGE + 1].values("pk")
    found = list(Plan.objects.visible_to(person).select_related("ics", "network").filter(pk__in=chosen_ones))
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


def being_written_by(person: User) -> list[Headline]:
    """For those who write: what stands between each plan and its submission."""
    ids = access.ics_ids(person, "draft_plan")
    if not ids:
        return []
    plans = Plan.objects.visible_to(person).being_written().filter(ics_id__in=ids).with_names()[:AT_THE_TOP]
    sections = Section.objects.visible_to(person).filter(plan__in=[plan.pk for plan in plans])
    missing: dict[int, int] = {}
    for section in sections.filter(is_required=True).only("plan_id", "kind", "content", "is_required", "ics_id"):
        missing[section.plan_id] = missing.get(section.plan_id, 0) + section.is_empty
    return [Headline(plan, missing.get(plan.pk, 0), _before(plan)) for plan in plans]


def _before(plan: Plan) -> str:
    """What the plan is on its way to, with a date."""
    today = clock.today()
    if plan.papers_due_on and plan.papers_due_on >= today:
        return f"the papers date of the {plan.meeting_of} on {clock.spoken(plan.papers_due_on)}"
    if plan.round.plans_due_on >= today:
        return f"the submission on {clock.spoken(plan.round.plans_due_on)}"
    return "its submission"
