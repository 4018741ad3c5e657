"""`manage.py load_demo`: the invented people, trusts and plans of a demonstration. Run twice, it changes nothing."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from ssip.core import clock
from ssip.core.models import User
from ssip.demo import comings_and_goings, plans, readiness
from ssip.demo.people import OTHERS, PASSWORD, PEOPLE, TRUSTS, Person, Trust
from ssip.tenancy import workflow
from ssip.tenancy.models import ICS, Footprint, LeadICS, Organisation


class Command(BaseCommand):
    help = "Make the invented people, trusts and plans of a demonstration."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("This is not a demo: DEMO is not set.")
        for trust in TRUSTS:
            _make_trust(trust)
        made = [_make(person) for person in (*PEOPLE, *OTHERS)]
        plans_made = plans.load()
        readiness.load()
        comings_and_goings.load()
        self.stdout.write(f"{plans_made} plans made.")
        self.stdout.write(f"{sum(made)} people made, {len(made) - sum(made)} were there.")


def _make_trust(made_up: Trust) -> None:
    if Organisation.objects.filter(code=made_up.code).exists():
        return
    ics = ICS.objects.get(code=made_up.ics)
    fact = {"source": "invented for the demonstration", "confidence": "high", "valid_from": clock.today()}
    trust = Organisation.objects.create(
        code=made_up.code, name=made_up.name, kind=made_up.kind, is_invented=True, **fact
    )
    Footprint.objects.create(organisation=trust, ics=ics, **fact)
    LeadICS.objects.create(organisation=trust, ics=ics, **fact)
    workflow.sync_roles()


def _make(person: Person) -> bool:
    """Whether the person was made now."""
    if User.objects.filter(email=person.email).exists():
        return False
    User.objects.create_user(person.email, person.name, PASSWORD)
    scope = person.kind.objects.get(code=person.code) if person.kind else None
    workflow.grant(person.email, person.role, scope, by=None, reason="Part of the demonstration")
    return True
