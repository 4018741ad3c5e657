"""Who may record what must be in place before responses, and who may enter one then.

The database asks the second again: ssip_may_enter_responses(), behind every table that incidents.guards.gate() names.
"""

from collections.abc import Sequence

from incidents import queries
from ssip.core.models import User
from ssip.core.verdicts import YES, Verdict, no
from ssip.tenancy import access
from ssip.tenancy.models import Organisation

RECORDERS = "the patient safety specialist or the executive lead"


def can_record(person: User, organisation: Organisation) -> Verdict:
    """Record an item, or withdraw one."""
    if access.holds(person, "record_assurance", organisation):
        return YES
    return no(f"This is recorded by {RECORDERS} of {organisation}.")


def can_enter_responses(person: User, organisation: Organisation) -> Verdict:
    """Start a response, in whatever way: nothing about an incident is entered before this says yes."""
    if not access.holds(person, "start_response", organisation):
        return no(f"Responses are started by the ward and service teams of {organisation} and its specialist.")
    if missing := queries.gate(person, organisation).missing:
        what = _listed([item.spoken for item in missing])
        return no(f"{organisation} cannot enter responses yet. Missing: {what}. To be recorded by {RECORDERS}.")
    return YES


def _listed(names: Sequence[str]) -> str:
    """One; one and two; one, two and three."""
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last
