"""Networks: the list, setting one up, changing it, its history, who takes part. Its own page is the site's."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from networks import policies, queries, workflow
from networks.forms import NetworkForm, NewNetworkForm
from networks.models import Network
from ssip.core.doors import PersonsRequest
from ssip.core.text import saveable
from ssip.core.verdicts import no, require
from ssip.tenancy import history as histories

CHANGEABLE = ("name", "kind", "purpose", "chair", "meets")


def networks(request: PersonsRequest) -> HttpResponse:
    sought = saveable(request.GET.get("q", "")).strip()
    groups = queries.by_scope(request.user, sought)
    may_set_up = bool(queries.places_for_new(request.user))
    return render(request, "networks/list.html", {"groups": groups, "sought": sought, "may_set_up": may_set_up})


def new(request: PersonsRequest) -> HttpResponse:
    places = queries.places_for_new(request.user)
    if not places:
        require(no(policies.NOT_YOURS))
    form = NewNetworkForm(
        request.POST if request.method == "POST" else None, places=places, cancel=reverse("networks:list")
    )
    if form.is_valid() and (network := _set_up(request, form)):
        messages.success(request, f"{network} is set up. It gets a plan when a planning round includes it.")
        return redirect("network", pk=network.pk)
    return render(request, "networks/new.html", {"form": form})


def change(request: PersonsRequest, pk: int) -> HttpResponse:
    network = network_for(request, pk)
    require(policies.can_set_up(request.user, network.scope))
    form = NetworkForm(
        request.POST if request.method == "POST" else None,
        initial={name: getattr(network, name) for name in CHANGEABLE},
        cancel=reverse("network", args=[pk]),
    )
    if form.is_valid() and _change(request, form, network):
        messages.success(request, "The network is changed.")
        return redirect("network", pk=pk)
    return render(request, "networks/change.html", {"form": form, "network": network})


def members(request: PersonsRequest, pk: int) -> HttpResponse:
    network = network_for(request, pk)
    require(policies.can_read_members(request.user, network))
    page = {"network": network, "members": queries.members(network)}
    return render(request, "networks/members.html", page)


def history(request: PersonsRequest, pk: int) -> HttpResponse:
    network = network_for(request, pk)
    require(policies.can_read_history(request.user, network))
    page = {"network": network, "entries": histories.of(network, queries.TOLD)}
    return render(request, "networks/history.html", page)


def network_for(request: PersonsRequest, pk: int) -> Network:
    """A network that this person may not see does not exist, as far as they can tell."""
    return get_object_or_404(Network.objects.visible_to(request.user).select_related("ics", "psc"), pk=pk)


def _set_up(request: PersonsRequest, form: NewNetworkForm) -> Network | None:
    given = form.cleaned_data
    more = {name: given[name] for name in ("purpose", "chair", "meets")}
    try:
        return workflow.set_up(
            scope=form.scope,
            name=given["name"],
            kind=given["kind"],
            begun_on=given["begun_on"],
            by=request.user,
            **more,
        )
    except workflow.NameTaken as taken:
        form.add_error("name", str(taken))
        return None


def _change(request: PersonsRequest, form: NetworkForm, network: Network) -> bool:
    """Whether it was changed; a name that is taken is said beside it."""
    try:
        workflow.change(network, by=request.user, **form.cleaned_data)
    except workflow.NameTaken as taken:
        form.add_error("name", str(taken))
        return False
    return True
