"""The people of a PSC, an ICS or an organisation, and of the site: who is in, giving a role, ending one."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from ssip.core import clock
from ssip.core.doors import PersonsRequest
from ssip.core.verdicts import require
from ssip.people import policies as people_policies
from ssip.people.forms import EndForm, GiveForm, ListFilter
from ssip.people.queries import people as queries
from ssip.people.queries import reviews
from ssip.people.queries.changes import changes
from ssip.tenancy import access, policies, workflow
from ssip.tenancy.models import PSC, SCOPES, Grant, Role, Scope
from ssip.tenancy.queries import served_by, warnings, warnings_after
from ssip.tenancy.roles import ROLES


def people(request: PersonsRequest, kind: str, code: str) -> HttpResponse:
    scope = scope_for(request, kind, code)
    require(policies.can_read_people(request.user, scope))
    gives = policies.roles_to_give(request.user, scope)
    page = (
        {"scope": scope, "gives": gives, "sees_all": access.sees(request.user, scope)}
        | _lists(request, scope, gives, told=list(Role) if people_policies.can_review(request.user, scope) else gives)
        | _around(request, scope)
        | {"changes": changes(request.user, scope)}
    )
    return render(request, "people/people.html", page)


def site_people(request: PersonsRequest) -> HttpResponse:
    """The administrators: all that a system administrator sees of other people's places."""
    require(policies.can_read_people(request.user, None))
    page = {"pscs": queries.pscs_with_administrators()} | _lists(
        request, None, [Role.PSC_ADMINISTRATOR], told=queries.ADMINISTRATORS
    )
    return render(request, "people/site_people.html", page)


def give_role(request: PersonsRequest, kind: str, code: str) -> HttpResponse:
    scope = scope_for(request, kind, code)
    require(policies.can_give_roles(request.user, scope))
    form = GiveForm(
        request.POST if request.method == "POST" else None,
        roles=policies.roles_to_give(request.user, scope),
        cancel=address(scope),
    )
    if form.is_valid() and (held := _give(request, form, scope)):
        messages.success(request, _what_happens_next(held))
        # Who gave an organisation its first specialist has no more to do there.
        return redirect(address(scope) if policies.can_read_people(request.user, scope) else "work")
    return render(request, "people/give_role.html", {"scope": scope, "form": form, "back": address(scope)})


def end_role(request: PersonsRequest, kind: str, code: str, pk: int) -> HttpResponse:
    scope = scope_for(request, kind, code)
    require(policies.can_give_roles(request.user, scope))
    held = get_object_or_404(queries.grants_of(request.user, scope), pk=pk)
    if held.ended_at:
        messages.info(request, f"{held.person} is no longer {held.get_role_display()}: this role has ended already.")
        return redirect(address(scope))
    require(policies.can_end(request.user, held))
    form = EndForm(request.POST if request.method == "POST" else None, cancel=address(scope))
    if not form.is_valid():
        after = warnings_after(scope, held)
        page = {"scope": scope, "held": held, "form": form, "back": address(scope), "after": after}
        return render(request, "people/end_role.html", page)
    workflow.end(held, by=request.user, reason=form.cleaned_data["reason"])
    messages.success(request, f"{held.person} is no longer {held.get_role_display()}. Let them know: no email is sent.")
    return redirect(address(scope) if policies.can_read_people(request.user, scope) else "work")


def why(request: PersonsRequest, kind: str, code: str, permission: str) -> HttpResponse:
    """By which role somebody sees the records of a place, and who else does."""
    what = queries.SEEN_WITH.get(permission)
    scope = SCOPES[kind].objects.filter(code=code).first() if kind in SCOPES else None
    if not (what and scope and any(access.holds(request.user, way, scope) for way in queries.ways_to_see(permission))):
        raise Http404
    seen = queries.why(request.user, scope, permission)
    page = {"scope": scope, "what": what, "seen": seen, "sees": access.sees(request.user, scope)}
    return render(request, "people/why.html", page)


def scope_for(request: PersonsRequest, kind: str, code: str) -> Scope:
    """A place where this person has no role does not exist, as far as this page tells."""
    scope: Scope = get_object_or_404(SCOPES.get(kind, PSC), code=code if kind in SCOPES else "")
    works_here = any(grant.scope == scope for grant in access.roles_of(request.user))
    if not (works_here or policies.can_read_people(request.user, scope)):
        raise Http404
    return scope


def _lists(
    request: PersonsRequest, scope: Scope | None, may_end: list[Role], *, told: Sequence[Role]
) -> dict[str, Any]:
    """`told`: of which roles the reader learns when their people last signed in."""
    here = [role for role in Role if (type(scope) if scope else None) in ROLES[role]]
    look_for = ListFilter(request.GET, roles=here if scope else list(queries.ADMINISTRATORS), told=bool(told))
    chosen = look_for.chosen
    now = queries.people(request.user, scope, may_end=may_end, signed_in_of=told, chosen=chosen)
    before = queries.people_before(request.user, scope, may_end=may_end, chosen=chosen)
    return {
        "filter": look_for,
        "narrowed": bool(chosen.sought or chosen.role),
        "now": now,
        "before": before,
        "ends_now": any(row.may_end for row in now),
        "ends_before": any(row.may_end for row in before),
    }


def _around(request: PersonsRequest, scope: Scope) -> dict[str, Any]:
    """What needs care, and the places whose people are looked after from here."""
    if not access.sees(request.user, scope):
        return {}
    around: dict[str, Any] = {
        "warnings": warnings(scope),
        "reviews": reviews.standing(request.user, scope),
        "reviewer": people_policies.can_review(request.user, scope).allowed,
    }
    if isinstance(scope, PSC):
        around["served"] = served_by(scope)
        around["without_specialist"] = queries.without_specialist(request.user, scope)
    return around


def _give(request: PersonsRequest, form: GiveForm, scope: Scope) -> Grant | None:
    """What the policy or the state refuses is about the address, and is said beside it."""
    given = form.cleaned_data
    try:
        return workflow.grant(
            given["email"], Role(given["role"]), scope,
            by=request.user, reason=given["reason"], name=given["name"], until=given["until"],
        )  # fmt: skip
    except (PermissionDenied, workflow.AlreadyHeld) as refused:
        form.add_error("email", str(refused))
    except IntegrityError:
        form.add_error("email", "Somebody gave a role to this address just now. Look at the list before you try again.")
    return None


def _what_happens_next(held: Grant) -> str:
    """The same for somebody new and somebody known: whether an address has an account is not told."""
    until = f" until {clock.spoken(held.until)}" if held.until else ""
    return (
        f"{held.person} is now {held.get_role_display()} in {held.scope}{until}. If they are new here, they are sent "
        "an email with a link to choose a password; if not, they find it when they sign in."
    )


def address(scope: Scope) -> str:
    return reverse("people", args=[scope.scope_kind, scope.code])
