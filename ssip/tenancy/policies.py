"""Who may give and end roles. The functions of the database ask the same again."""

from ssip.core.models import User
from ssip.core.verdicts import YES, Verdict, no
from ssip.tenancy import access
from ssip.tenancy.models import Grant, Role, Scope


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
