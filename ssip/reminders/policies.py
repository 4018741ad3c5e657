"""Who may choose how long dates run in a place, and what they may choose."""

from ssip.core.models import User
from ssip.core.verdicts import YES, Verdict, no
from ssip.reminders.models import DeadlineKind
from ssip.tenancy import access
from ssip.tenancy.models import Scope

# Of an ICS and of an organisation; a PSC sets its dates in its planning rounds.
SETS_DATES = ("draft_plan", "endorse_plan", "decide_response", "sign_off")


def can_set_dates(person: User, scope: Scope) -> Verdict:
    if any(access.holds(person, permission, scope) for permission in SETS_DATES):
        return YES
    return no(f"Your role in {scope} does not include setting how long dates run there.")


def can_choose(person: User, kind: DeadlineKind, scope: Scope, *, length: int | None, is_on: bool) -> Verdict:
    """A duty may be made stricter, never laxer, and never switched off."""
    if not (verdict := can_set_dates(person, scope)).allowed:
        return verdict
    if kind.unit in DeadlineKind.WITHOUT_LENGTH and length is not None:
        return no("This date is set or agreed each time: it has no length.")
    if kind.is_duty and kind.is_on and not is_on:
        return no(f"This is a duty ({kind.get_basis_display()}): it cannot be switched off here.")
    if kind.is_duty and kind.length and length and length > kind.length:
        return no(f"This is a duty ({kind.get_basis_display()}): at most {kind.said()}. A shorter time is possible.")
    return YES
