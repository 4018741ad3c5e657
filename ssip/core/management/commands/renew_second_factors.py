"""`manage.py renew_second_factors`: lock every stored secret with today's SECRET_KEY, after it was changed."""

from typing import Any

from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from ssip.core.second_factor import renew


class Command(BaseCommand):
    help = "Lock the secrets of all second steps with today's SECRET_KEY, so that SECRET_KEY_FALLBACKS can be emptied."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        steps = Authenticator.objects.select_for_update().exclude(type=Authenticator.Type.WEBAUTHN)
        try:
            for step in steps:
                renew(step)
        except InvalidToken as unknown:
            raise CommandError("A secret is locked with a key that is not in SECRET_KEY_FALLBACKS.") from unknown
        self.stdout.write(f"{len(steps)} secrets are locked with today's key.")
