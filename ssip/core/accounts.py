"""How people come to an account: by a grant to their address, never by signing up."""

import time
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.core import context
from django.conf import settings
from django.core.mail import send_mail
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse

from ssip.core.models import User


class AccountAdapter(DefaultAccountAdapter):
    """No sign-up; links in mail begin with the site's own address, whatever the request's Host header said."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": "The email address or the password is not right",
        "too_many_login_attempts": "There were too many attempts to sign in. Wait a few minutes, then try again",
        "rate_limited": "There were too many attempts. Wait a few minutes, then try again",
        "incorrect_password": "The password is not right",
        "enter_current_password": "This is not your password now",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Not in the first minutes after signing in: who has just shown who they are need not do it again."""
        records = get_authentication_records(context.request, context.request.user)
        is_fresh = bool(records) and time.time() - records[-1]["at"] < app_settings.REAUTHENTICATION_TIMEOUT
        return not is_fresh and super().is_reauthentication_required(app=app, **kwargs)

    def get_reset_password_from_key_url(self, key: str) -> str:
        return settings.SITE_URL + reverse(
            "account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"}
        ).replace("UID-KEY", key)


def set_password_address(person: User) -> str:
    """A link that lets this person choose a password; it works once and for three days."""
    key = f"{user_pk_to_url_str(person)}-{default_token_generator.make_token(person)}"
    return AccountAdapter().get_reset_password_from_key_url(key)


def invite(person: User) -> None:
    """Mail somebody who is new here the link to choose a password."""
    words = {"address": set_password_address(person), "site": settings.SITE_URL}
    send_mail(
        subject="Your account for the System Safety Improvement Programme",
        message=render_to_string("core/emails/invitation.txt", words),
        html_message=render_to_string("core/emails/invitation.html", words),
        from_email=None,
        recipient_list=[person.email],
    )
