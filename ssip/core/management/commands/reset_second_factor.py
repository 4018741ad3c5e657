"""`manage.py reset_second_factor EMAIL --reason lost_phone`: for who has neither phone, key nor recovery code."""

from argparse import ArgumentParser
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.mail import send_mail
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.template.loader import render_to_string

from ssip.core import audit
from ssip.core.models import User

# Words of ours, since what is written freely may not stand in the audit.
REASONS = ("lost_phone", "lost_key", "new_device", "stolen", "key_of_the_site_changed")


class Command(BaseCommand):
    help = "Take somebody's second step away; with the password they then set up a new one. Be sure who asks for it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--reason", required=True, choices=REASONS)

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        person = User.objects.filter(email=User.objects.tidy(options["email"])).first()
        if not person:
            raise CommandError(f"There is no account with the address {options['email']}.")
        steps = Authenticator.objects.filter(user=person)
        if not steps.exists():
            raise CommandError(f"{person.email} has no second step.")
        steps.delete()
        audit.record("reset second step", person, by=None, reason=options["reason"])
        send_mail(
            subject="Your second step was reset",
            message=render_to_string("mfa/email/reset_by_operator_message.txt", {"site": settings.SITE_URL}),
            from_email=None,
            recipient_list=[person.email],
        )
        self.stdout.write(f"The second step of {person.email} is reset, and a mail tells them so.")
