"""`manage.py load_demo`: the invented people, trust and plans of a demonstration. Run twice, it changes nothing."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from ssip.core import clock
from ssip.core.models import User
from ssip.demo import plans
from ssip.demo.people import OTHERS, PASSWORD, PEOPLE, TRUST, Person
from ssip.tenancy import workflow
from ssip.tenancy.models import ICS, Footprint, LeadICS, Organisation


class Command(BaseCommand):
    help = "Make the invented people, trust and plans of a demonstration."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("This is not a demo: DEMO is not set.")
        _make_trust()
        made = [_make(person) for person in (*PEOPLE, *OTHERS)]
        plans_made = plans.load()
        self.stdout.write(f"{plans_made} plans made.")
        self.stdout.write(f"{sum(made)} people made, {len(made) - sum(made)} were there.")


def _make_trust() -> None:
    code, name, ics_code = TRUST
    if Organisation.objects.filter(code=code).exists():
        return
    ics = ICS.objects.get(code=ics_code)
    fact = {"source": "invented for the demonstration", "confidence": "high", "valid_from": clock.today()}
    trust = Organisation.objects.create(code=code, name=name, kind="acute", is_invented=True, **fact)
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
