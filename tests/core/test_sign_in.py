"""The sign-in forms speak plainly and lead where the person wanted to go."""

import re

import pytest
from crispy_forms.utils import render_crispy_form
from django.utils.safestring import mark_safe

from ssip.core.models import User
from ssip.core.sign_in import (
    ChangePasswordForm,
    LoginForm,
    ReauthenticateForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
)

NEXT = mark_safe('<input type="hidden" name="next" value="/plans/1/">')  # as allauth gives it


def draw(form):
    return render_crispy_form(form, form.helper, {"redirect_field": NEXT})


FORMS = [
    (LoginForm, {}, ["Email address", "Password"], "Sign in"),
    (ResetPasswordForm, {}, ["Email address"], "Send me a link"),
    (
        ResetPasswordKeyForm,
        {"user": User(), "temp_key": "k"},
        ["New password", "New password again"],
        "Save my password",
    ),
    (ChangePasswordForm, {"user": User()}, ["Your password now", "New password", "New password again"], "Change my"),
    (ReauthenticateForm, {"user": User()}, ["Password"], "Continue"),
]


@pytest.mark.parametrize(("form", "made_with", "labels", "button"), FORMS)
def test_labels_and_the_button_are_in_our_words(form, made_with, labels, button):
    html = draw(form(**made_with))

    assert re.findall(r"<label[^>]*>\s*([^<]*?)\s*</label>", html) == labels
    assert re.search(rf"<button[^>]*submit[^>]*>\s*{button}", html)


@pytest.mark.parametrize("form", [LoginForm(), ResetPasswordForm(), ChangePasswordForm(user=User())])
def test_the_page_that_was_wanted_is_remembered(form):
    assert NEXT in draw(form)


@pytest.mark.parametrize("form", [ResetPasswordKeyForm(user=User(), temp_key="k"), ChangePasswordForm(user=User())])
def test_a_new_password_comes_with_advice(form):
    assert "Three random words" in draw(form)


def test_browsers_and_password_managers_know_what_to_fill_in():
    html = draw(ChangePasswordForm(user=User()))

    assert re.findall(r'autocomplete="([\w-]+)"', html) == ["current-password", "new-password", "new-password"]


def test_signing_in_offers_no_way_to_stay_signed_in():
    assert "remember" not in draw(LoginForm())
