"""The words of the pages about the second step: allauth's forms with our labels and hints."""

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.mfa.base import forms as base
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from crispy_forms.helper import FormHelper
from django.core.exceptions import ValidationError
from django.forms import BaseForm

from ssip.core.forms import Field, Submit, nhs_form
from ssip.core.sign_in import NEXT, say

NO_ANSWER = "No security key answered. Try again, and touch the key when the browser asks for it"


class AuthenticateForm(base.AuthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _code(self, "From your authenticator app, or one of your recovery codes")

    @property
    def helper(self) -> FormHelper:
        return nhs_form(Field("code", width=10), submit="Continue")


class ReauthenticateForm(base.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _code(self, "From your authenticator app, or one of your recovery codes")

    @property
    def helper(self) -> FormHelper:
        return nhs_form(Field("code", width=10), NEXT, submit="Continue")


class ActivateTOTPForm(totp.ActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _code(self, "The 6 figures that the app shows now")

    @property
    def helper(self) -> FormHelper:
        return nhs_form(Field("code", width=10), submit="Set up the app")


class AddWebAuthnForm(webauthn.AddWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say(self.fields["name"], "Name of the key", "To tell it from another, for example: blue key at work")
        self.fields["name"].max_length = 60
        self.initial["name"] = ""
        _from_the_key(self)

    def clean(self) -> dict[str, Any]:
        with _refusing_nonsense():
            return super().clean()

    @property
    def helper(self) -> FormHelper:
        return nhs_form(Field("name", width=20), "credential", submit="Add my security key", data_security_key="create")


class AuthenticateWebAuthnForm(webauthn.AuthenticateWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _from_the_key(self)

    def clean_credential(self) -> Authenticator:
        with _refusing_nonsense():
            return super().clean_credential()

    @property
    def helper(self) -> FormHelper:
        button = Submit("", "Use my security key", variant="secondary")
        return nhs_form("credential", button, data_security_key="get")


class ReauthenticateWebAuthnForm(webauthn.ReauthenticateWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _from_the_key(self)

    def clean_credential(self) -> Authenticator:
        with _refusing_nonsense():
            return super().clean_credential()

    @property
    def helper(self) -> FormHelper:
        return nhs_form("credential", NEXT, submit="Use my security key", data_security_key="get")


def _code(form: BaseForm, hint: str) -> None:
    field = form.fields["code"]
    say(field, "Code", hint)
    field.widget.attrs["inputmode"] = "numeric"
    field.error_messages["required"] = "Enter the code"


def _from_the_key(form: BaseForm) -> None:
    """Written by static/js/security-key.js; empty where there is no JavaScript or the key did not answer."""
    form.fields["credential"].error_messages |= {"required": NO_ANSWER, "invalid": NO_ANSWER}


@contextmanager
def _refusing_nonsense() -> Iterator[None]:
    """What no key would answer reaches the reader of such answers, which stumbles over it."""
    try:
        yield
    except (AttributeError, LookupError, TypeError, ValueError, struct.error):
        raise ValidationError(NO_ANSWER) from None
