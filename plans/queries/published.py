"""The library of published plans. These pages are open to everybody, so nothing here asks another table."""

from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet

from plans.models import PublishedPlan

ON_A_PAGE = 20


class Library(NamedTuple):
    """One page of the library. `newer` and `older`: the plan that the next page begins behind, or None."""

    plans: list[PublishedPlan]
    newer: int | None
    older: int | None


def library(sought: str = "", *, older_than: int | None = None, newer_than: int | None = None) -> Library:
    """The newest first. A page is found by the plan it begins behind: a new publication moves no page."""
    plans = editions()
    if sought:
        plans = plans.filter(Q(ics_name__icontains=sought) | Q(network_name__icontains=sought))
    if newer_than:
        after = _beyond(plans, newer_than, "gt").order_by("published_at", "id")
        found = list(after[: ON_A_PAGE + 1])
        more, shown = len(found) > ON_A_PAGE, found[:ON_A_PAGE][::-1]
        return Library(shown, newer=shown[0].pk if more else None, older=newer_than and shown[-1].pk if shown else None)
    found = list((_beyond(plans, older_than, "lt") if older_than else plans)[: ON_A_PAGE + 1])
    more, shown = len(found) > ON_A_PAGE, found[:ON_A_PAGE]
    return Library(shown, newer=shown[0].pk if older_than and shown else None, older=shown[-1].pk if more else None)


def editions() -> QuerySet[PublishedPlan]:
    """Each with `is_replaced`: whether the network has published a newer one."""
    newer = PublishedPlan.objects.filter(ics=OuterRef("ics"), network_id=OuterRef("network_id"), pk__gt=OuterRef("pk"))
    return PublishedPlan.objects.annotate(is_replaced=Exists(newer)).order_by("-published_at", "-id")


def newest_edition(plan: PublishedPlan) -> PublishedPlan:
    """Of the same network."""
    return PublishedPlan.objects.filter(ics_id=plan.ics_id, network_id=plan.network_id).latest("pk")


def _beyond(plans: QuerySet[PublishedPlan], pk: int, side: str) -> QuerySet[PublishedPlan]:
    """Plans published after (gt) or before (lt) this one; of those at the same moment, by number."""
    at = PublishedPlan.objects.filter(pk=pk).values("published_at")
    return plans.filter(Q(**{f"published_at__{side}": at}) | Q(published_at=at, **{f"id__{side}": pk}))
