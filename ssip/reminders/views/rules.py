"""How long dates run in a place: what is given, with its source, and what the place chooses itself."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from ssip.core.doors import PersonsRequest
from ssip.core.verdicts import require
from ssip.reminders import policies, workflow
from ssip.reminders.forms.rules import ChooseForm
from ssip.reminders.queries import rules as queries
from ssip.tenancy import access
from ssip.tenancy.models import SCOPES, Scope


def dates(request: PersonsRequest, kind: str, code: str) -> HttpResponse:
    scope = _scope(request, kind, code)
    lines = queries.lines(request.user, scope)
    page = {
        "scope": scope,
        "running": [line for line in lines if line.rule.is_on],
        "others": [line for line in lines if not line.rule.is_on],
        "may_choose": policies.can_set_dates(request.user, scope).allowed,
    }
    return render(request, "reminders/dates.html", page)


def choose(request: PersonsRequest, kind: str, code: str, name: str) -> HttpResponse:
    scope = _scope(request, kind, code)
    line = queries.one(request.user, scope, name)
    if line is None:
        raise Http404
    require(policies.can_set_dates(request.user, scope))
    back = reverse("dates", args=[scope.scope_kind, scope.code])
    form = ChooseForm(request.POST or None, rule=line.rule, cancel=back)
    if form.is_valid() and _choose(request, form, scope):
        messages.success(request, f"{line.rule.kind}: what you chose counts for dates that are opened from now on.")
        return redirect(back)
    earlier = queries.choices(request.user, scope, line.rule.kind)
    page = {"scope": scope, "line": line, "form": form, "earlier": earlier, "back": back}
    return render(request, "reminders/choose.html", page)


def _choose(request: PersonsRequest, form: ChooseForm, scope: Scope) -> bool:
    """What the policy refuses is about the length or the switch, and is said beside it."""
    given = form.cleaned_data
    try:
        workflow.choose(
            form.rule.kind,
            scope,
            length=given.get("length"),
            remind=given["remind"],
            is_on=given["is_on"],
            reason=given["reason"],
            by=request.user,
        )
    except PermissionDenied as refused:
        form.add_error("is_on" if not given["is_on"] else "length", str(refused))
        return False
    return True


def _scope(request: PersonsRequest, kind: str, code: str) -> Scope:
    """A place that is not open to this person does not exist, as far as this page tells."""
    scope = SCOPES[kind].objects.filter(code=code).first() if kind in SCOPES else None
    if scope is None or not access.sees(request.user, scope):
        raise Http404
    return scope
