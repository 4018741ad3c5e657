"""Reviewing who has access in a place, and reading what a review said."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from ssip.core import clock
from ssip.core.doors import PersonsRequest
from ssip.core.verdicts import require
from ssip.people import policies, workflow
from ssip.people.forms import EndingForm, ReviewForm
from ssip.people.models import AccessReview
from ssip.people.queries import reviews as queries
from ssip.people.queries.reviews import Asked
from ssip.people.views.people import address, scope_for
from ssip.tenancy import access
from ssip.tenancy.models import Scope
from ssip.tenancy.queries import warnings_after


def review(request: PersonsRequest, kind: str, code: str) -> HttpResponse:
    """First each role; then, where some end, why: with nothing stored in between."""
    scope = scope_for(request, kind, code)
    require(policies.can_review(request.user, scope))
    asked = queries.asked(request.user, scope)
    form = ReviewForm(request.POST or None, rows=asked.rows, seen=asked.number, cancel=address(scope))
    if form.is_bound:
        _say_what_ended(request, scope, form)
    if not form.is_valid() or "back" in request.POST:
        return _ask(request, scope, asked, form)
    if not form.ending:
        return _finish(request, scope, asked, form)
    why = EndingForm(request.POST if "finish" in request.POST else None, decided=form)
    if not why.is_valid():
        page = {"scope": scope, "form": why, "ending": form.ending, "back": address(scope)}
        page["after"] = warnings_after(scope, *form.ending)
        return render(request, "people/review_ending.html", page)
    return _finish(request, scope, asked, form, reason=why.cleaned_data["reason"])


def review_done(request: PersonsRequest, kind: str, code: str, number: int) -> HttpResponse:
    """What became of each role, as the review found them."""
    scope = scope_for(request, kind, code)
    its = queries.one(request.user, scope, number) if access.sees(request.user, scope) else None
    if its is None:
        raise Http404
    page = {"scope": scope, "review": its, "decided": queries.roles_in(its, request.user), "back": address(scope)}
    return render(request, "people/review_done.html", page)


def _ask(request: PersonsRequest, scope: Scope, asked: Asked, form: ReviewForm) -> HttpResponse:
    permission = policies.REVIEWED_WITH[type(scope)]
    others = queries.others(request.user, permission, scope) if asked.own else []
    page = {"scope": scope, "form": form, "asked": asked, "others": others, "back": address(scope)}
    return render(request, "people/review.html", page)


def _finish(request: PersonsRequest, scope: Scope, asked: Asked, form: ReviewForm, *, reason: str = "") -> HttpResponse:
    seen = form.cleaned_data["seen"]
    try:
        done = workflow.review(scope, by=request.user, seen=seen, decided=form.decided, reason=reason)
    except workflow.Changed as changed:
        messages.warning(request, f"{changed} Your answers are kept; nothing else is saved yet.")
        return _ask(request, scope, queries.asked(request.user, scope), form)
    except workflow.WrongState as late:
        messages.warning(request, str(late))
    else:
        messages.success(request, _what_happened(request, done))
    return redirect(address(scope))


def _say_what_ended(request: PersonsRequest, scope: Scope, form: ReviewForm) -> None:
    """Roles that were there when the page was opened; somebody else ended them."""
    for grant in queries.ended_since(request.user, scope, form.answered_beside()):
        by = f" {grant.ended_by} ended it" if grant.ended_by else " It was ended"
        messages.info(request, f"{grant.person} is no longer {grant.get_role_display()}.{by} in the meantime.")


def _what_happened(request: PersonsRequest, done: AccessReview) -> str:
    counts = [f"{count} {what}" for count, what in _counts(done) if count]
    scope = done.scope
    due_on = queries.standing(request.user, scope).due_on if scope else None
    after = f" The next is due by {clock.spoken(due_on)}." if due_on else ""
    told = " Let those know whose role ended: no email is sent." if done.ended else ""
    return f"The review is finished. Roles: {', '.join(counts) or 'none'}.{after}{told}"


def _counts(done: AccessReview) -> list[tuple[int, str]]:
    return [(done.kept, "kept"), (done.ended, "ended"), (done.not_reviewed, "not reviewed")]
