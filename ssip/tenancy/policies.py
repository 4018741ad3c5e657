"""Who may give and end roles. The functions of the database ask the same again."""

from ssip.core.models import User
from ssip.core.verdicts import YES, Verdict, no
from ssip.tenancy import access
from ssip.tenancy.models import Grant, Organisation, Role, Scope

# Who answers for what is done in a place: any of these.
READS_AUDIT = (
    "manage_people",
    "draft_plan",
    "endorse_plan",
    "approve_plan",
    "manage_rounds",
    "manage_organisation_people",
)
ONLY_SYSTEM = "Only a system administrator looks after the administrators of the PSCs."


def can_grant(by: User, role: Role, scope: Scope | None, *, to: User | None) -> Verdict:
    if to is not None and to.pk == by.pk:
        return no("Nobody can give a role to themselves. Ask another administrator.")
    if to is not None and not to.is_active:
        return no("This account is switched off. A system administrator can open it again.")
    if not access.may_grant(by, role, scope):
        return no(f"You cannot give the role {role.label} here.")
    return YES


def can_end(by: User, held: Grant) -> Verdict:
    if held.ended_at:
        return no("This role has already ended.")
    if not access.may_grant(by, Role(held.role), held.scope):
        return no(f"You cannot end the role {held.get_role_display()} here.")
    return YES


def roles_to_give(by: User, scope: Scope) -> list[Role]:
    """The roles that this person may give and end here; whose they are is the question of can_grant and can_end."""
    return [role for role in Role if access.may_grant(by, role, scope)]


def can_read_people(person: User, scope: Scope | None) -> Verdict:
    """Who looks after some roles of a place reads about those; who sees the place reads about all."""
    if scope is None:
        return YES if access.holds_on_site(person, "manage_accounts") else no(ONLY_SYSTEM)
    if access.sees(person, scope) or roles_to_give(person, scope):
        return YES
    return no(f"Your role in {scope} does not include the list of its people.")


def can_give_roles(by: User, scope: Scope) -> Verdict:
    return YES if roles_to_give(by, scope) else no(f"Your role does not include giving roles in {scope}.")


def can_read_audit(person: User, scope: Scope) -> Verdict:
    if any(access.holds(person, permission, scope) for permission in READS_AUDIT):
        return YES
    if isinstance(scope, Organisation):
        return no(f"Only a patient safety specialist of {scope} can read its audit.")
    return no(f"Only those who lead, endorse or approve plans, or look after people, can read the audit of {scope}.")
