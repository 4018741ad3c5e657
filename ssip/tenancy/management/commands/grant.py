"""`manage.py grant ROLE SCOPE EMAIL`: give somebody a role, as the operator."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from ssip.core import clock
from ssip.tenancy import workflow
from ssip.tenancy.models import SCOPES, Role, Scope
from ssip.tenancy.roles import ROLES


class Command(BaseCommand):
    help = "Give somebody a role. A new address gets an account and a link to set a password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("role", help=", ".join(Role.values))
        parser.add_argument("scope", help="code of a PSC, an ICS or an organisation; kind:code; or site")
        parser.add_argument("email")
        parser.add_argument("--name", default="")
        parser.add_argument("--until", type=date.fromisoformat, help="last day, YYYY-MM-DD")
        parser.add_argument("--reason", default="Granted by the operator")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["role"] not in Role.values:
            raise CommandError(f"There is no role {options['role']}; the roles are {', '.join(Role.values)}.")
        role, scope = Role(options["role"]), _scope(options["scope"])
        if (type(scope) if scope else None) not in ROLES[role]:
            kinds = " or ".join(kind.scope_kind if kind else "site" for kind in ROLES[role])
            raise CommandError(f"The role {role.value} is given in: {kinds}.")
        if options["until"] and options["until"] < clock.today():
            raise CommandError("The last day has already passed.")
        try:
            validate_email(options["email"].strip())
            held = workflow.grant(
                options["email"],
                role,
                scope,
                by=None,
                reason=options["reason"],
                name=options["name"],
                until=options["until"],
            )
        except ValidationError as wrong:
            raise CommandError(f"{options['email']} is not an email address.") from wrong
        except workflow.AlreadyHeld as held_already:
            raise CommandError(str(held_already)) from held_already
        self.stdout.write(str(held))


def _scope(text: str) -> Scope | None:
    """The scope that this code names; None is the site."""
    if text == "site":
        return None
    kind, colon, code = text.rpartition(":")
    if colon and kind not in SCOPES:
        raise CommandError(f"There is no kind {kind}; the kinds are {', '.join(SCOPES)}.")
    among = [SCOPES[kind]] if colon else list(SCOPES.values())
    found = [scope for each in among for scope in each.objects.filter(code=code.upper())]
    if not found:
        raise CommandError(f"There is no PSC, ICS or organisation with the code {code}.")
    if len(found) > 1:
        raise CommandError(f"Say which: {', '.join(f'{s.scope_kind}:{s.code}' for s in found)}.")
    return found[0]
