"""A crowd for the bench: every ICS and PSC, and trusts beside them, with people, plans and work to do.

Written straight into the tables by their owner, in a database that is thrown away afterwards. Who has how much
stands in crowd.sql, the same in each run.
"""

from pathlib import Path
from typing import NamedTuple

from django.contrib.auth.hashers import make_password
from django.db import connection, transaction

from ssip.core import clock
from ssip.core.models import User
from ssip.tenancy import workflow
from ssip.tenancy.models import ICS, Footprint, Grant, LeadICS, Organisation, RoleGroup
from ssip.tenancy.models.grants import in_scope

TRUSTS_AN_ICS = 2
PEOPLE_A_ROLE = 3
COUNTED = ("reminders_task", "reminders_deadline", "plans_plan", "plans_section", "tenancy_grant")
ROWS = Path(__file__).with_name("crowd.sql")


class Size(NamedTuple):
    """How many rows, and the codes of the loud ICS and of the quiet one."""

    to_do: int = 250_000
    done: int = 100_000
    dates: int = 60_000
    rounds: int = 24  # of each PSC
    loud: str = "D7T5G"  # Essex, where the demonstration's ICS lead signs in
    quiet: str = "QT6"  # Cornwall


@transaction.atomic
def load(size: Size) -> dict[str, int]:
    """How many rows there are now, by table."""
    _make_trusts()
    workflow.sync_roles()
    _make_people()
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE size ON COMMIT DROP AS"
            " SELECT %s AS to_do, %s AS done, %s AS dates, %s AS rounds, %s AS loud, %s AS quiet",
            size,
        )
        cursor.execute(ROWS.read_text())
    return {table: _count(table) for table in COUNTED}


def email(scope_code: str, role: str, number: int = 1) -> str:
    """The address of one person of the crowd."""
    return f"{role}.{scope_code}.{number}@crowd.example".lower()


def _make_trusts() -> None:
    fact = {"source": "invented for the bench", "confidence": "high", "valid_from": clock.today()}
    for ics in ICS.objects.order_by("code"):
        for number in range(1, TRUSTS_AN_ICS + 1):
            name = f"{ics.short_name} Invented Hospitals {number}"
            trust = Organisation.objects.create(
                code=f"{ics.code}T{number}", name=name, kind="acute", is_invented=True, **fact
            )
            Footprint.objects.create(organisation=trust, ics=ics, **fact)
            LeadICS.objects.create(organisation=trust, ics=ics, **fact)


def _make_people() -> None:
    """A few for each role of each scope; nobody can sign in with a password."""
    closed, today = make_password(None), clock.today()
    groups = RoleGroup.objects.select_related("psc", "ics", "organisation").order_by("id")
    held = [(each, scope, n) for each in groups if (scope := each.scope) for n in range(1, PEOPLE_A_ROLE + 1)]
    people = User.objects.bulk_create(
        User(email=email(scope.code, each.role, n), name=f"{each.role} {n} of {scope}"[:150], password=closed)
        for each, scope, n in held
    )
    Grant.objects.bulk_create(
        Grant(
            **in_scope(scope),
            person=person,
            role=each.role,
            group_id=each.group_id,
            from_date=today,
            reason="The bench",
        )
        for person, (each, scope, _) in zip(people, held, strict=True)
    )


def _count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608  of COUNTED
        return cursor.fetchone()[0]
