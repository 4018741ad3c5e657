"""One's own second step: what is set up, and the recovery codes, which are shown once.

Adding and removing a step are allauth's views; see ssip/urls.py.
"""

import time

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from ssip.core import second_factor
from ssip.core.doors import PersonsRequest

SHOWN = "recovery_codes_shown"  # in the session that saw them: which set, and when
LONG_ENOUGH = 10 * 60  # seconds to print them or to keep the file


def overview(request: PersonsRequest) -> HttpResponse:
    steps = Authenticator.objects.filter(user=request.user).order_by("created_at", "pk")
    codes = next((step for step in steps if step.type == Authenticator.Type.RECOVERY_CODES), None)
    page = {
        "app": next((step for step in steps if step.type == Authenticator.Type.TOTP), None),
        "keys": [step for step in steps if step.type == Authenticator.Type.WEBAUTHN],
        "codes_left": settings.MFA_RECOVERY_CODE_COUNT - codes.data["used_mask"].bit_count() if codes else 0,
        "is_needed": second_factor.is_needed(request.user),
        "is_missing": second_factor.is_missing(request.user),
    }
    return render(request, "mfa/index.html", page)


def recovery_codes(request: PersonsRequest) -> HttpResponse:
    codes = _codes(request)
    if not codes:
        return redirect("mfa_index")
    return render(request, "mfa/recovery_codes.html", {"codes": codes})


def recovery_codes_file(request: PersonsRequest) -> HttpResponse:
    codes = _codes(request)
    if not codes:
        raise Http404
    response = render(request, "mfa/recovery_codes.txt", {"codes": codes}, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="recovery-codes.txt"'
    return response


def _codes(request: PersonsRequest) -> list[str]:
    """The unused codes for the session that saw them first, as long as it takes to keep them; else none."""
    raise_if_reauthentication_required(request, app="allauth.mfa")
    own = Authenticator.objects.select_for_update().filter(user=request.user, type=Authenticator.Type.RECOVERY_CODES)
    found = own.first()
    if not found:
        return []
    wrapped = found.wrap()
    if not wrapped.did_view:
        wrapped.mark_as_viewed()
        request.session[SHOWN] = [found.pk, time.time()]
    which, when = request.session.get(SHOWN, [None, 0])
    if which != found.pk or time.time() - when > LONG_ENOUGH:
        return []
    return [f"{code[:4]} {code[4:]}" for code in wrapped.get_unused_codes()]
