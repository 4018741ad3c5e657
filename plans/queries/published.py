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
    """The newest first. A page is found by the plan it begins behind, so that a new publication moves none."""
    plans = editions()
    if sought:
        plans = plans.filter(Q(ics_name__icontains=sought) | Q(network_name__icontains=sought))
    if edge := _edge(newer_than):
        return _before(plans, edge)
    edge = _edge(older_than)
    found = list((_beyond(plans, edge, "lt") if edge else plans)[: ON_A_PAGE + 1])
    shown = found[:ON_A_PAGE]
    return Library(
        shown,
        newer=shown[0].pk if shown and edge else None,
        older=shown[-1].pk if len(found) > ON_A_PAGE else None,
    )


def editions() -> QuerySet[PublishedPlan]:
    """Each with `is_replaced`: whether the network has published a newer one."""
    newer = PublishedPlan.objects.filter(ics=OuterRef("ics"), network_id=OuterRef("network_id"), pk__gt=OuterRef("pk"))
    return PublishedPlan.objects.annotate(is_replaced=Exists(newer)).order_by("-published_at", "-id")


def newest_edition(plan: PublishedPlan) -> PublishedPlan:
    """Of the same network."""
    return PublishedPlan.objects.filter(ics_id=plan.ics_id, network_id=plan.network_id).latest("pk")


def _edge(pk: int | None) -> PublishedPlan | None:
    """The plan that a page begins behind, if the address names one that is there."""
    return PublishedPlan.objects.filter(pk=pk).first() if pk else None


def _before(plans: QuerySet[PublishedPlan], edge: PublishedPlan) -> Library:
    """The page that ends just before this plan."""
    found = list(_beyond(plans, edge, "gt").order_by("published_at", "id")[: ON_A_PAGE + 1])
    shown = found[:ON_A_PAGE][::-1]
    return Library(
        shown,
        newer=shown[0].pk if len(found) > ON_A_PAGE else None,
        older=shown[-1].pk if shown else None,
    )


def _beyond(plans: QuerySet[PublishedPlan], edge: PublishedPlan, side: str) -> QuerySet[PublishedPlan]:
    """Plans published after (gt) or before (lt) this one; of those at the same moment, by number."""
    later = Q(**{f"published_at__{side}": edge.published_at})
    return plans.filter(later | Q(published_at=edge.published_at, **{f"id__{side}": edge.pk}))
