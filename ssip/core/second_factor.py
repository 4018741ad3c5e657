"""The second step at sign-in: who gets nowhere without one, and how its secrets are kept.

Whose work needs one is answered by the function that SECOND_FACTOR_NEEDED names: what somebody holds is
known further up, and nothing here imports from there. allauth asks for the step at sign-in, counts wrong
codes and refuses a code that was used; with SECOND_FACTOR off nobody is asked, and its pages do not exist.
"""

from base64 import urlsafe_b64encode
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseForbidden
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.crypto import salted_hmac
from django.utils.module_loading import import_string
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.cache import never_cache

from ssip.core.doors import GET
from ssip.core.models import User
from ssip.core.typed import typed

PAGES = "second step"  # the kind of door of the pages that look after one's own second step
ALWAYS_OPEN = ("sign-in", PAGES)
STEPS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)  # recovery codes stand in for one, they are none


def is_needed(person: User) -> bool:
    """Whether what this person may do asks for a second step."""
    return settings.SECOND_FACTOR and import_string(settings.SECOND_FACTOR_NEEDED)(person)


def is_missing(person: User) -> bool:
    """Whether this person has to set a second step up before anything else."""
    return is_needed(person) and not Authenticator.objects.filter(user_id=person.pk, type__in=STEPS).exists()


class SecondFactorMiddleware:
    """Who needs a second step and has none reaches public pages and their own account, and nothing else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """After the doors: there is one, and who is not signed in has been sent away."""
        door = view.door  # type: ignore[attr-defined]
        if door.kind == PAGES and not settings.SECOND_FACTOR:
            raise Http404
        if door.is_public or door.kind in ALWAYS_OPEN or not is_missing(request.user):  # type: ignore[arg-type]
            return None
        if request.method in GET:
            return redirect("mfa_index")
        return HttpResponseForbidden(render_to_string("mfa/needed.html", {"typed": typed(request)}, request))


def private(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page with a secret on it: no browser keeps it, and what allauth puts off until the commit is done at once.

    Here the commit comes after the page: too late for a message on it, and for a mail in the same transaction.
    """

    @wraps(view)
    def at_once(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        waiting = transaction.get_connection().run_on_commit
        before = len(waiting)
        response = view(request, *args, **kwargs)
        put_off = waiting[before:]
        del waiting[before:]
        for _, action, _ in put_off:
            action()
        return response

    return never_cache(at_once)


class Adapter(DefaultMFAAdapter):
    """Our words, our name in the app, and secrets that a copy of the database alone does not give away."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "That code did not match, or was used before. Enter the one that your app shows now",
        "cannot_generate_recovery_codes": "Set up an app or a security key first",
    }

    def is_mfa_enabled(self, user: User, types: list[str] | None = None) -> bool:
        return settings.SECOND_FACTOR and super().is_mfa_enabled(user, types)

    def encrypt(self, text: str) -> str:
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Said at the field when the key has changed: an empty secret instead would let a known code pass."""
        try:
            return _box().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            raise ValidationError("This cannot be checked any more. Ask for your second step to be reset") from None

    def generate_authenticator_name(self, user: User, type: str) -> str:
        """For who leaves the name of a security key empty."""
        return f"Security key {Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1}"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return super().get_public_key_credential_rp_entity() | {"name": settings.SITE_NAME}

    def build_totp_svg(self, url: str) -> SafeString:
        """As markup in the page: our policy lets no image come from a data: address. White behind it, for cameras."""
        drawn = super().build_totp_svg(url)
        inner = drawn[drawn.index("<svg") :].partition(">")
        side = inner[0].partition('viewBox="')[2].partition('"')[0]
        opening = f'<svg xmlns="http://www.w3.org/2000/svg" width="220" height="220" viewBox="{side}" role="img"'
        label = ' aria-label="QR code for your authenticator app"><rect width="100%" height="100%" fill="#fff"/>'
        return mark_safe(opening + label + inner[2])  # noqa: S308 - drawn here, from figures alone


def renew(authenticator: Authenticator) -> None:
    """Lock its secret with the newest key, so that an old one can be thrown away."""
    for name in {"secret", "seed"} & set(authenticator.data):
        authenticator.data[name] = _box().rotate(authenticator.data[name].encode()).decode()
    authenticator.save(update_fields=["data"])


def _box() -> MultiFernet:
    return MultiFernet([Fernet(_key(secret)) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _key(secret: str) -> bytes:
    return urlsafe_b64encode(salted_hmac("ssip.core.second_factor", "secrets", secret, algorithm="sha256").digest())
