"""The audit of a place: who did what, when, and who read what is sensitive, this audit among it.

Read by those who answer for the place, on a page and as a file.
"""

import csv
from datetime import UTC, datetime, time, timedelta
from io import StringIO
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from ssip.core import audit, clock
from ssip.core.doors import PersonsRequest, opens
from ssip.core.forms import DateField, Field, FormHelper, Submit, nhs_form
from ssip.core.models import AuditEvent
from ssip.core.typed import number_in
from ssip.core.verdicts import require
from ssip.people.views import scope_for
from ssip.tenancy import policies
from ssip.tenancy.models import Scope
from ssip.views.audit_words import ACTIONS, SHOWN_OF_A_CODE, THINGS, Line, lines

ON_A_PAGE = 50
IN_A_FILE = 10_000
FILE_HEAD = ["row", "time (UTC)", "person", "roles", "what", "in detail", "about", "check code"]
# A spreadsheet takes a cell that begins so for a formula, which could send other cells elsewhere.
BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
# A day that has been.
EXAMPLE = "For example, 27 3 2026"
# To be chosen beside single actions.
KINDS_OF_ACTION = {"changes": ~Q(action=audit.READ), "reads": Q(action=audit.READ)}
KINDS_IN_WORDS = [("", "Anything"), ("changes", "Changes only"), ("reads", "Reads only")]


class AuditFilter(forms.Form):
    """What to look for. Days are England's, and both are included."""

    who = forms.CharField(label="Name or email address", max_length=100, required=False)
    action = forms.ChoiceField(
        label="What was done",
        required=False,
        choices=[*KINDS_IN_WORDS, *sorted(ACTIONS.items(), key=lambda a: a[1])],
    )
    thing = forms.ChoiceField(
        label="About what", required=False, choices=[("", "Anything"), *sorted(THINGS.items(), key=lambda t: t[1])]
    )
    begin = DateField(label="From", required=False, help_text=EXAMPLE)
    end = DateField(label="To", required=False, help_text=EXAMPLE)

    @property
    def helper(self) -> FormHelper:
        fields = [Field(name, optional=False) for name in self.fields]
        search = Submit("", "Search", variant="secondary")
        return nhs_form(*fields, search, method="get", **{"class": "ssip-filter", "role": "search"})

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("begin") and given.get("end") and given["end"] < given["begin"]:
            self.add_error("end", ValidationError("To must be the same day as From or a later one"))
        return given

    def choose(self, events: QuerySet[AuditEvent]) -> QuerySet[AuditEvent]:
        """None, as long as something is wrong."""
        if not self.is_valid():
            return events.none()
        given = self.cleaned_data
        conditions = Q()
        if given["who"]:
            conditions &= Q(actor__name__icontains=given["who"]) | Q(actor__email__icontains=given["who"])
        if given["action"]:
            conditions &= KINDS_OF_ACTION.get(given["action"], Q(action=given["action"]))
        if given["thing"]:
            conditions &= Q(thing_kind=given["thing"])
        if given["begin"]:
            conditions &= Q(at__gte=_midnight(given["begin"]))
        if given["end"]:
            conditions &= Q(at__lt=_midnight(given["end"] + timedelta(days=1)))
        return events.filter(conditions)

    @property
    def searched(self) -> list[str]:
        """The names of the fields that were filled in: what stood in them may be words."""
        return [name for name, value in self.cleaned_data.items() if value]


def _midnight(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def audit_of(request: PersonsRequest, kind: str, code: str) -> HttpResponse:
    scope = _scope(request, kind, code)
    form = AuditFilter(request.GET)
    events = form.choose(audit.of_scope(scope))
    opens(request, scope, searched=form.searched)
    before = number_in(request, "before")
    found = list(events.filter(sequence__lt=before)[: ON_A_PAGE + 1] if before else events[: ON_A_PAGE + 1])
    shown = lines(found[:ON_A_PAGE])
    chosen = {name: value for name, value in request.GET.items() if value and name != "before"}
    page = {
        "scope": scope,
        "filter": form,
        "rows": shown,
        "chosen": bool(chosen),
        "newest": _address("audit", scope, chosen) if before else "",
        "older": _address("audit", scope, chosen | {"before": shown[-1].sequence}) if len(found) > ON_A_PAGE else "",
        "file": _address("audit_file", scope, chosen),
    }
    return render(request, "site/audit.html", page | _end(scope))


def audit_file(request: PersonsRequest, kind: str, code: str) -> HttpResponse:
    """The same rows for a spreadsheet, whole or not at all."""
    scope = _scope(request, kind, code)
    form = AuditFilter(request.GET)
    found = list(form.choose(audit.of_scope(scope))[: IN_A_FILE + 1])
    if not form.is_valid() or len(found) > IN_A_FILE:
        if form.is_valid():
            messages.error(request, f"A file holds at most {IN_A_FILE:,} rows. Choose fewer days, then download again.")
        return redirect(_address("audit", scope, request.GET.dict()))
    opens(request, scope, searched=form.searched, rows=len(found))
    name = f"audit-{scope.scope_kind}-{scope.code}-{clock.today()}.csv"
    return HttpResponse(
        _written(lines(found)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _scope(request: PersonsRequest, kind: str, code: str) -> Scope:
    scope = scope_for(request, kind, code)
    require(policies.can_read_audit(request.user, scope))
    return scope


def _address(name: str, scope: Scope, query: dict[str, Any]) -> str:
    return reverse(name, args=[scope.scope_kind, scope.code]) + (f"?{urlencode(query)}" if query else "")


def _end(scope: Scope) -> dict[str, Any]:
    head = audit.head(scope)
    return {"end": head.sequence, "end_code": head.hash[:SHOWN_OF_A_CODE]}


def _written(found: list[Line]) -> bytes:
    """With a mark at the beginning by which a spreadsheet knows the encoding."""
    file = StringIO()
    writer = csv.writer(file)
    writer.writerow(FILE_HEAD)
    for line in found:
        when = line.at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
        words = (line.who, line.roles, line.what, line.detail, line.about, line.code)
        writer.writerow([line.sequence, when, *map(_harmless, words)])
    return file.getvalue().encode("utf-8-sig")


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(BEGINS_A_FORMULA) else cell
