"""Whether an organisation may enter responses: what is recorded and missing, recording it, withdrawing it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from incidents import policies, queries, workflow
from incidents.forms import FORMS, WithdrawForm
from incidents.models import Assurance, Item
from ssip.core.doors import PersonsRequest
from ssip.core.verdicts import require
from ssip.tenancy import access
from ssip.tenancy.models import Organisation

# What each is, in a sentence.
WHAT_IT_IS = {
    Item.IMPACT_ASSESSMENT: "What the organisation found out about the risks to people in keeping data about them "
    "here, and what it does to keep the risks low.",
    Item.CONTROLLER_AGREEMENT: "Who decides about the data of a response, and who answers for what: between the "
    "organisation, its Integrated Care Board and whoever runs this site.",
    Item.CALDICOTT_GUARDIAN: "The senior person who protects the confidentiality of what the organisation knows "
    "about patients.",
    Item.ASSET_OWNER: "The person who answers for the responses as information: what is kept, who can see it, and "
    "for how long.",
}


def going_live(request: PersonsRequest, code: str) -> HttpResponse:
    organisation = organisation_for(request, code)
    gate = queries.gate(request.user, organisation)
    may_record = policies.can_record(request.user, organisation).allowed
    page = {
        "organisation": organisation,
        "gate": gate,
        "of_all": len(Item),
        "tasks": [_task(standing, organisation, may_record) for standing in gate.standings],
        "may_record": may_record,
        "recorders": policies.RECORDERS,
    }
    return render(request, "incidents/going_live.html", page)


def record(request: PersonsRequest, code: str, item: str) -> HttpResponse:
    organisation, its = organisation_for(request, code), item_for(item)
    require(policies.can_record(request.user, organisation))
    about = _about(request, organisation, its)
    form = FORMS[its](
        request.POST if request.method == "POST" else None,
        initial=_as_it_stands(about["standing"]),
        cancel=_page(organisation),
    )
    if form.is_valid():
        workflow.record(organisation, its, by=request.user, **form.cleaned_data)
        messages.success(request, _what_comes_next(request, organisation, its))
        return redirect(_page(organisation))
    return render(request, "incidents/record.html", about | {"form": form, "what_it_is": WHAT_IT_IS[its]})


def withdraw(request: PersonsRequest, code: str, item: str) -> HttpResponse:
    organisation, its = organisation_for(request, code), item_for(item)
    require(policies.can_record(request.user, organisation))
    about = _about(request, organisation, its)
    standing = about["standing"]
    if not standing.holds:
        messages.info(request, f"{its.label}: there is no record to withdraw.")
        return redirect(_page(organisation))
    form = WithdrawForm(
        request.POST if request.method == "POST" else None,
        initial={"of": standing.record.pk},
        cancel=_page(organisation),
    )
    if not form.is_valid():
        return render(request, "incidents/withdraw.html", about | {"form": form})
    _withdraw(request, organisation, its, form)
    return redirect(_page(organisation))


def organisation_for(request: PersonsRequest, code: str) -> Organisation:
    """An organisation that this person may not see does not exist, as far as they can tell."""
    ids = access.organisation_ids(request.user, "view_organisation")
    return get_object_or_404(Organisation, code=code.upper(), pk__in=ids)


def item_for(item: str) -> Item:
    if item not in Item.values:
        raise Http404
    return Item(item)


def _withdraw(request: PersonsRequest, organisation: Organisation, item: Item, form: WithdrawForm) -> None:
    seen = Assurance.objects.visible_to(request.user).filter(organisation=organisation, item=item)
    assurance = get_object_or_404(seen.select_related("organisation"), pk=form.cleaned_data["of"])
    try:
        workflow.withdraw(assurance, reason=form.cleaned_data["reason"], by=request.user)
    except workflow.WrongState as moved_on:
        messages.warning(request, str(moved_on))
    else:
        messages.success(request, f"{item.label}: withdrawn. Nobody can enter a new response now.")


def _about(request: PersonsRequest, organisation: Organisation, item: Item) -> dict[str, Any]:
    standing = queries.gate(request.user, organisation).of(item)
    return {"organisation": organisation, "item": item, "standing": standing, "back": _page(organisation)}


def _as_it_stands(standing: queries.Standing) -> dict[str, str]:
    """What is recorded again is changed in part; the day is always a new one."""
    if not standing.holds:
        return {}
    return {name: getattr(standing.record, name) for name in ("title", "document", "arrangement")}


def _task(standing: queries.Standing, organisation: Organisation, may_record: bool) -> dict[str, str]:
    """One line of the task list."""
    item = standing.item
    task = {"title": item.label, "hint": WHAT_IT_IS[item], "status": "Missing", "colour": "blue"}
    if may_record:
        task["href"] = reverse("incidents:record", args=[organisation.code, item.value])
    if standing.withdrawal:
        return task | {"status": "Withdrawn", "colour": "yellow"}
    if standing.record:
        task |= {"status": "Recorded", "colour": "", "detail": standing.record.said}
    if standing.review_has_passed:
        task |= {"status": "Review date has passed", "colour": "yellow"}
    return task


def _what_comes_next(request: PersonsRequest, organisation: Organisation, item: Item) -> str:
    missing = queries.gate(request.user, organisation).missing
    if missing:
        return f"{item.label}: recorded. {len(missing)} of {len(Item)} still missing."
    return f"{item.label}: recorded. Nothing is missing: {organisation} can enter responses."


def _page(organisation: Organisation) -> str:
    return reverse("incidents:going_live", args=[organisation.code])
