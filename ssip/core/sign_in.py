"""The words of the sign-in pages: allauth's forms with our labels and hints."""

from typing import Any

from allauth.account import forms as allauth
from crispy_forms.helper import FormHelper
from django.forms import BaseForm, Field

from ssip.core.forms import HTML, nhs_form

GOOD_PASSWORD = "At least 12 characters. Three random words make a good password."  # noqa: S105 - a hint
# Where the person wanted to go; allauth puts it into the page's context.
NEXT = HTML("{{ redirect_field }}")


def say(field: Field, label: str, hint: str = "") -> None:
    field.label, field.help_text = label, hint


class LoginForm(allauth.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say(self.fields["login"], "Email address")
        say(self.fields["password"], "Password")

    @property
    def helper(self) -> FormHelper:
        return nhs_form("login", "password", NEXT, submit="Sign in")


class ResetPasswordForm(allauth.ResetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say(self.fields["email"], "Email address")

    @property
    def helper(self) -> FormHelper:
        return nhs_form("email", NEXT, submit="Send me a link")


class ResetPasswordKeyForm(allauth.ResetPasswordKeyForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _new_password(self)

    @property
    def helper(self) -> FormHelper:
        return nhs_form("password1", "password2", submit="Save my password")


class ChangePasswordForm(allauth.ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say(self.fields["oldpassword"], "Your password now")
        _new_password(self)

    @property
    def helper(self) -> FormHelper:
        return nhs_form("oldpassword", "password1", "password2", NEXT, submit="Change my password")


class ReauthenticateForm(allauth.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say(self.fields["password"], "Password")

    @property
    def helper(self) -> FormHelper:
        return nhs_form("password", NEXT, submit="Continue")


def _new_password(form: BaseForm) -> None:
    say(form.fields["password1"], "New password", GOOD_PASSWORD)
    say(form.fields["password2"], "New password again")
