"""Who reviews who has access. The wall round the reviews asks the same again."""

from ssip.core.models import User
from ssip.core.verdicts import YES, Verdict, no
from ssip.tenancy import access
from ssip.tenancy.models import ICS, PSC, Organisation, Scope

# What it takes to review the roles of a place, by its kind.
REVIEWED_WITH: dict[type[Scope], str] = {
    PSC: "manage_people",
    ICS: "manage_people",
    Organisation: "manage_organisation_people",
}


def can_review(person: User, scope: Scope) -> Verdict:
    if access.holds(person, REVIEWED_WITH[type(scope)], scope):
        return YES
    who = "a patient safety specialist of it" if isinstance(scope, Organisation) else "a PSC administrator"
    return no(f"Who has access in {scope} is reviewed by {who}.")
