"""What a place chooses for its dates: the only code that writes choices."""

from django.db import transaction

from ssip.core import audit, clock
from ssip.core.models import User
from ssip.core.verdicts import require
from ssip.reminders import policies
from ssip.reminders.models import DeadlineKind, KindChoice
from ssip.reminders.rules import Rule, rule
from ssip.tenancy.models import Scope
from ssip.tenancy.models.grants import in_scope


@transaction.atomic
def choose(
    kind: DeadlineKind, scope: Scope, *, length: int | None, remind: list[int], is_on: bool, reason: str, by: User
) -> KindChoice:
    """From now on this counts here; dates that are open already keep what they were opened with."""
    require(policies.can_choose(by, kind, scope, length=length, is_on=is_on))
    before = _said(rule(kind.code, scope))
    choice = KindChoice.objects.create(
        **in_scope(scope),
        kind=kind,
        length=None if length == kind.length else length,
        remind=sorted(set(remind), reverse=True),
        is_on=is_on,
        reason=reason,
        by=by,
        at=clock.now(),
    )
    after = _said(Rule(kind, choice))
    audit.record("choose dates", choice, by=by, kind=kind.name, **audit.difference(before, after, values=tuple(after)))
    return choice


def _said(here: Rule) -> dict[str, str]:
    days = ", ".join(map(str, here.remind))
    return {"length": here.long, "remind": days, "is_on": "yes" if here.is_on else "no"}
