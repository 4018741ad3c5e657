"""Reading together: comments, an early read, the people who write, and the meeting that decides."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from plans import policies, workflow
from plans.forms.writing import CoAuthorForm, CommentForm, EarlyReadForm, MeetingForm
from plans.models import CoAuthor, Comment, EarlyRead, Plan, Section
from plans.queries import plan as plans
from plans.views.found import plan_for, section_for
from ssip.core import clock
from ssip.core.doors import PersonsRequest
from ssip.core.verdicts import require
from ssip.tenancy.models import Grant


def comment(request: PersonsRequest, pk: int) -> HttpResponse:
    """Sent from the page of the plan or of a section. What is wrong with it is said on a page of its own."""
    plan = plan_for(request, pk)
    require(policies.can_comment(request.user, plan))
    about = _section_named(request, plan)
    key = about.key if about else ""
    form = CommentForm(request.POST, action=reverse("plans:comment", args=[pk]), section=key)
    back = reverse("plans:section", args=[pk, key]) if key else reverse("plans:detail", args=[pk])
    if not form.is_valid():
        return render(request, "plans/comment.html", {"plan": plan, "about": about, "form": form, "back": back})
    workflow.add_comment(plan, text=form.cleaned_data["text"], token=form.sent_once, by=request.user, section=about)
    messages.success(request, "Your comment is there for everybody who can see this plan.")
    return redirect(back)


def settle_comment(request: PersonsRequest, pk: int, comment_pk: int) -> HttpResponse:
    plan = plan_for(request, pk)
    found = get_object_or_404(
        Comment.objects.visible_to(request.user).select_related("by", "section"), plan=plan, pk=comment_pk
    )
    found.plan = plan
    workflow.settle_comment(found, by=request.user)
    messages.success(request, f"The comment of {found.by} is marked as taken into account. It can still be read.")
    if found.section and "from_section" in request.POST:
        return redirect("plans:section", pk=pk, key=found.section.key)
    return redirect("plans:detail", pk=pk)


def co_authors(request: PersonsRequest, pk: int) -> HttpResponse:
    plan = plan_for(request, pk)
    require(policies.can_lead(request.user, plan))
    people, sections = plans.who_could_write(plan), plans.sections_of(request.user, plan)
    form = CoAuthorForm(request.POST if request.method == "POST" else None, people=people, sections=sections)
    if form.is_valid():
        return _invite(request, plan, people, sections, form.cleaned_data)
    titles = {section.key: section.title for section in sections}
    rows = [(each, titles.get(each.section_key, "")) for each in plans.co_authors_of(request.user, plan)]
    return render(request, "plans/co_authors.html", {"plan": plan, "rows": rows, "people": people, "form": form})


def co_author_end(request: PersonsRequest, pk: int, co_author_pk: int) -> HttpResponse:
    plan = plan_for(request, pk)
    require(policies.can_lead(request.user, plan))
    found = get_object_or_404(
        CoAuthor.objects.visible_to(request.user).select_related("person"), plan=plan, pk=co_author_pk
    )
    found.plan = plan
    if request.method == "POST":
        workflow.end_co_author(found, by=request.user)
        messages.success(request, f"{found.person} no longer writes here. What they wrote stays, with their name.")
        return redirect("plans:co_authors", pk=pk)
    return render(request, "plans/co_author_end.html", {"plan": plan, "co_author": found})


def meeting(request: PersonsRequest, pk: int) -> HttpResponse:
    plan = plan_for(request, pk)
    require(policies.can_lead(request.user, plan))
    back = reverse("plans:detail", args=[pk])
    if not (may := policies.has_its_meeting_to_come(plan)):
        messages.info(request, may.reason)
        return redirect(back)
    form = MeetingForm(request.POST if request.method == "POST" else None, plan=plan, cancel=back)
    if not form.is_valid():
        return render(request, "plans/meeting.html", {"plan": plan, "form": form})
    given = {"reason": ""} | form.cleaned_data
    workflow.set_meeting(plan, by=request.user, **given)
    messages.success(request, f"The plan goes to the {given['meeting_of']} on {clock.spoken(given['meeting_on'])}.")
    if form.is_after_the_round:
        ends = clock.spoken(plan.round.ends_on)
        messages.warning(request, f"The meeting is after the round ends, on {ends}. Tell the PSC if the plan is late.")
    return redirect(back)


def early_read(request: PersonsRequest, pk: int) -> HttpResponse:
    plan = plan_for(request, pk)
    require(policies.can_lead(request.user, plan))
    if not plan.is_writable or EarlyRead.objects.visible_to(request.user).filter(plan=plan, ended_at=None).exists():
        why = "An early read is under way already." if plan.is_writable else "The plan is not being written now."
        messages.info(request, why)
        return redirect("plans:detail", pk=pk)
    back = reverse("plans:detail", args=[pk])
    form = EarlyReadForm(request.POST if request.method == "POST" else None, plan=plan, cancel=back)
    if not form.is_valid():
        return render(request, "plans/early_read.html", {"plan": plan, "form": form})
    day = form.cleaned_data["wanted_by"]
    workflow.ask_for_early_read(plan, wanted_by=day, by=request.user)
    messages.success(request, f"The PSC and the people of the network are asked for comments by {clock.spoken(day)}.")
    return redirect(back)


def early_read_end(request: PersonsRequest, pk: int) -> HttpResponse:
    plan = plan_for(request, pk)
    workflow.end_early_read(plan, by=request.user)
    messages.success(request, "The early read has ended. Nobody is asked for comments any more; those made stay.")
    return redirect("plans:detail", pk=pk)


def _section_named(request: PersonsRequest, plan: Plan) -> Section | None:
    """The section that the comment is about; none: the whole plan."""
    key = request.POST.get("section", "")
    return section_for(request, plan.pk, key)[0] if key else None


def _invite(
    request: PersonsRequest, plan: Plan, people: list[Grant], sections: list[Section], given: dict[str, Any]
) -> HttpResponse:
    person = {str(each.person_id): each.person for each in people}[given["person"]]
    section = {each.key: each for each in sections}.get(given["section"])
    workflow.add_co_author(plan, person=person, section=section, by=request.user)
    what = f"“{section.title}”" if section else "every section"
    messages.success(request, f"{person} can write {what} now, and is told by email.")
    return redirect("plans:co_authors", pk=plan.pk)
