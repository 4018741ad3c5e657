"""One section: read it, write it, compare two texts of it, look back at what was saved."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from plans import policies, workflow
from plans.forms.writing import CommentForm, KeptForm, SectionForm
from plans.models import HeldDraft, Section, SectionRevision, Status
from plans.queries import plan as plans
from plans.queries.compare import compare
from plans.views.found import section_for
from ssip.core.doors import PersonsRequest
from ssip.core.text import saveable
from ssip.core.typed import number_in
from ssip.core.verdicts import require


def section(request: PersonsRequest, pk: int, key: str) -> HttpResponse:
    found, others = section_for(request, pk, key)
    person, plan = request.user, found.plan
    page: dict[str, Any] = {"plan": plan, "section": found, "held": _held(request, found)}
    page["previous_section"], page["next_section"] = map(_way_to, plans.neighbours(others, found))
    page["comments"] = plans.comments_on(person, found)
    page["writes"] = plan.is_writable and bool(policies.can_write(person, found))
    page["leads"] = bool(policies.can_settle(person, plan))
    if policies.can_comment(person, plan):
        page["comment_form"] = CommentForm(action=reverse("plans:comment", args=[pk]), section=key)
    return render(request, "plans/section.html", page)


def edit(request: PersonsRequest, pk: int, key: str) -> HttpResponse:
    found, others = section_for(request, pk, key)
    may = policies.can_write(request.user, found)
    if not may and (typed := saveable(request.POST.get("text", ""))):
        return _not_saved(request, found, may.reason, typed)
    require(may)
    if request.method != "POST" and not found.plan.is_writable:
        messages.warning(request, "The plan is not being written now, so its sections cannot be changed.")
        return redirect("plans:section", pk=pk, key=key)
    following = plans.neighbours(others, found)[1]
    begun_from = _begun_from(request, found)
    text = (begun_from or found).text
    form = _form(request, found, following, {"text": text, "base_version": found.version})
    if form.is_valid():
        return _save(request, found, form, following)
    page = {"plan": found.plan, "section": found, "form": form, "begun_from": begun_from}
    return render(request, "plans/section_edit.html", page | {"held": _held(request, found)})


def kept(request: PersonsRequest, pk: int, key: str) -> HttpResponse:
    """A text that met a newer one: both are shown, and its writer chooses."""
    found, _ = section_for(request, pk, key)
    held = _held(request, found)
    if held is None:
        require(policies.can_write(request.user, found))
        return redirect("plans:section", pk=pk, key=key)
    if request.method == "POST":
        workflow.settle_draft(held, by=request.user)
        messages.success(request, f"“{found.title}” stays as it is. Your own text is put away.")
        return redirect("plans:section", pk=pk, key=key)
    return render(request, "plans/section_kept.html", _both_texts(request, found, held))


def history(request: PersonsRequest, pk: int, key: str) -> HttpResponse:
    found, _ = section_for(request, pk, key)
    past = plans.history(request.user, found, version=number_in(request, "version"), until=number_in(request, "before"))
    page: dict[str, Any] = {"plan": found.plan, "section": found, "past": past}
    page["writes"] = found.plan.is_writable and bool(policies.can_write(request.user, found))
    if past.shown:
        before = past.before
        page["rows"] = compare(before.text if before else "", past.shown.text)
        page["left"] = _heading(before) if before else {"title": "Before", "by": None}
        page["right"] = _heading(past.shown)
    return render(request, "plans/section_history.html", page)


def _form(request: PersonsRequest, found: Section, following: Section | None, initial: dict[str, Any]) -> SectionForm:
    return SectionForm(
        request.POST if request.method == "POST" else None,
        section=found,
        next_section=following,
        cancel=reverse("plans:section", args=[found.plan_id, found.key]),
        initial=initial,
    )


def _both_texts(request: PersonsRequest, found: Section, held: HeldDraft) -> dict[str, Any]:
    """What was saved beside what its writer has kept, and a form to put the one in the place of the other."""
    form = KeptForm(
        section=found,
        next_section=None,
        cancel=reverse("plans:section_edit", args=[found.plan_id, found.key]),
        initial={"text": held.text, "base_version": found.version},
    )
    return {
        "plan": found.plan,
        "section": found,
        "held": held,
        "form": form,
        "writes": found.plan.is_writable and bool(policies.can_write(request.user, found)),
        "why": _why_kept(request, found, held),
        "rows": compare(found.text, held.text),
        "theirs": {"title": "Saved now", "by": found.saved_by, "at": found.saved_at},
        "mine": {"title": "Your text", "by": None},
    }


def _save(request: PersonsRequest, found: Section, form: SectionForm, following: Section | None) -> HttpResponse:
    """What happened, and what comes next."""
    pk, given = found.plan_id, form.cleaned_data
    held = workflow.save_section(
        found, content={"text": given["text"]}, base_version=given["base_version"], by=request.user
    )
    if held:
        return redirect("plans:section_kept", pk=pk, key=found.key)
    missing = [each.title for each in plans.sections_of(request.user, found.plan) if each.is_missing]
    rest = (
        f"Needed before the plan can be submitted: {', '.join(missing)}."
        if missing
        else "Nothing is missing now: the plan can be submitted."
    )
    messages.success(request, f"“{found.title}” is saved. {rest}")
    if "next" in request.POST and following:
        return redirect("plans:section_edit", pk=pk, key=following.key)
    return redirect("plans:section", pk=pk, key=found.key)


def _not_saved(request: PersonsRequest, found: Section, reason: str, typed: str) -> HttpResponse:
    """An invitation may end while somebody writes: what they wrote is theirs to take along."""
    page = {"plan": found.plan, "section": found, "reason": reason, "typed": typed}
    return render(request, "plans/not_saved.html", page, status=403)


def _held(request: PersonsRequest, found: Section) -> HeldDraft | None:
    """This person's own text that still waits for them."""
    held = HeldDraft.objects.visible_to(request.user).filter(section=found, settled_at=None).order_by("-id").first()
    if held:
        held.section = found
    return held


def _begun_from(request: PersonsRequest, found: Section) -> SectionRevision | None:
    """An earlier version to begin again from, if the address names one."""
    version = number_in(request, "from")
    if version is None:
        return None
    return plans.history(request.user, found, version=version, until=0).shown


def _why_kept(request: PersonsRequest, found: Section, held: HeldDraft) -> str:
    if not found.plan.is_writable:
        what = "withdrawn" if found.plan.status == Status.WITHDRAWN else "submitted"
        return f"The plan was {what} before you saved, so your text could not become part of it. Here it is, to copy."
    if found.version == held.base_version:
        return "The plan was submitted before you saved your text. Now it can be written again."
    who = "You" if found.saved_by_id == request.user.pk else str(found.saved_by)
    where = " in another window" if found.saved_by_id == request.user.pk else ""
    return f"{who} saved this section{where} while you were writing. Nothing is lost: here are both texts."


def _way_to(section: Section | None) -> dict[str, str] | None:
    if section is None:
        return None
    return {"labelText": section.title, "href": reverse("plans:section", args=[section.plan_id, section.key])}


def _heading(revision: SectionRevision) -> dict[str, Any]:
    return {"title": f"Version {revision.version}", "by": revision.by, "at": revision.at}
