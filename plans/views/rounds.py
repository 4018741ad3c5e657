"""Planning rounds: the list, opening one, where its plans stand, who joins, closing it, its history."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from plans import policies, workflow
from plans.forms.rounds import NetworksForm, RoundForm
from plans.models import Plan, Round, Status, Template
from plans.models.plans import ENDED
from plans.queries import rounds as queries
from plans.queries.standing import COLOURS
from ssip.core.doors import PersonsRequest
from ssip.core.verdicts import no, require
from ssip.tenancy import access
from ssip.tenancy import history as histories
from ssip.tenancy.models import PSC


def rounds(request: PersonsRequest) -> HttpResponse:
    page = {"rows": queries.rounds(request.user), "may_open": bool(_administered(request))}
    return render(request, "plans/rounds.html", page)


def new(request: PersonsRequest) -> HttpResponse:
    psc = _psc_for(request)
    require(policies.can_open_round(request.user, psc))
    form = RoundForm(
        request.POST if request.method == "POST" else None,
        templates=Template.objects.all(),
        networks=queries.networks_at_work(psc, request.user),
        cancel=reverse("plans:rounds"),
    )
    if form.is_valid() and (opened := _open(request, form, psc)):
        plans = len(form.chosen)
        messages.success(request, f"The round {opened} is open. {_asked(plans)}")
        return redirect("plans:round", pk=opened.pk)
    others = [each for each in _administered(request) if each != psc]
    return render(request, "plans/round_new.html", {"form": form, "psc": psc, "others": others})


def detail(request: PersonsRequest, pk: int) -> HttpResponse:
    shown = round_for(request, pk)
    looks_after = bool(policies.can_open_round(request.user, shown.psc))
    page = {
        "round": shown,
        "sections": queries.sections(shown),
        "steps": queries.steps(shown),
        "plans": [(plan, COLOURS[Status(plan.status)]) for plan in queries.plans_of(shown, request.user)],
        "gaps": queries.gaps(shown, request.user) if looks_after else None,
        "looks_after": looks_after,
        "may_read_history": bool(policies.can_read_history(request.user, shown)),
        "why": reverse("why", args=queries.seen_through(shown, request.user)),
    }
    return render(request, "plans/round.html", page)


def networks(request: PersonsRequest, pk: int) -> HttpResponse:
    shown = round_for(request, pk)
    require(policies.can_open_round(request.user, shown.psc))
    if shown.closed_at:
        return _closed(request, shown)
    form = NetworksForm(
        request.POST if request.method == "POST" else None,
        networks=queries.gaps(shown, request.user).without_plan,
        cancel=reverse("plans:round", args=[pk]),
    )
    if not form.is_valid():
        return render(request, "plans/round_networks.html", {"form": form, "round": shown})
    opened = workflow.add_networks(shown, form.chosen, by=request.user)
    messages.success(request, _asked(len(opened)))
    return redirect("plans:round", pk=pk)


def close(request: PersonsRequest, pk: int) -> HttpResponse:
    shown = round_for(request, pk)
    require(policies.can_open_round(request.user, shown.psc))
    if shown.closed_at:
        return _closed(request, shown)
    if request.method == "POST":
        workflow.close_round(shown, by=request.user)
        messages.success(request, f"The round {shown} is closed. Plans that are under way go on to their end.")
        return redirect("plans:round", pk=pk)
    return render(request, "plans/round_close.html", {"round": shown, "under_way": _under_way(request, shown)})


def history(request: PersonsRequest, pk: int) -> HttpResponse:
    shown = round_for(request, pk)
    require(policies.can_read_history(request.user, shown))
    page = {"round": shown, "entries": histories.of(shown, queries.TOLD)}
    return render(request, "plans/round_history.html", page)


def round_for(request: PersonsRequest, pk: int) -> Round:
    """A round of a PSC that is not this person's does not exist, as far as they can tell."""
    return get_object_or_404(Round.objects.visible_to(request.user).select_related("psc", "opened_by"), pk=pk)


def _administered(request: PersonsRequest) -> list[PSC]:
    ids = access.psc_ids(request.user, "manage_rounds")
    return list(PSC.objects.filter(pk__in=ids).order_by("name"))


def _psc_for(request: PersonsRequest) -> PSC:
    """The PSC that the address names, of those this person administers; the first of them where it names none."""
    mine = _administered(request)
    if not mine:
        require(no("Planning rounds are opened by the PSC administrator."))
    return next((psc for psc in mine if psc.code == request.GET.get("psc")), mine[0])


def _open(request: PersonsRequest, form: RoundForm, psc: PSC) -> Round | None:
    try:
        return workflow.open_round(psc=psc, by=request.user, **form.said)
    except workflow.NameTaken as taken:
        form.add_error("name", str(taken))
        return None


def _asked(plans: int) -> str:
    if not plans:
        return "No network has been asked for a plan yet."
    return f"{plans} network{'s have' if plans > 1 else ' has'} a plan to draft, and the ICS leads have been told."


def _closed(request: PersonsRequest, shown: Round) -> HttpResponse:
    messages.warning(request, f"The round {shown} is closed: no network joins it any more.")
    return redirect("plans:round", pk=shown.pk)


def _under_way(request: PersonsRequest, shown: Round) -> list[Plan]:
    """Plans that have not come to their end."""
    ended = (Status.PUBLISHED, *ENDED)
    return [plan for plan in queries.plans_of(shown, request.user) if plan.status not in ended]
