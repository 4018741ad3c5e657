"""`manage.py sync_roles`: make every role's group equal to ssip/tenancy/roles.py. Run after migrate."""

from typing import Any

from django.core.management.base import BaseCommand

from ssip.tenancy import workflow


class Command(BaseCommand):
    help = "Make every role's group equal to what ssip/tenancy/roles.py says."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{workflow.sync_roles()} groups hold what their roles may do.")
