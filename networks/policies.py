"""Who may set up and change a network, and who reads the names of those who take part."""

from networks.models import Network
from ssip.core.models import User
from ssip.core.verdicts import YES, Verdict, no
from ssip.tenancy import access
from ssip.tenancy.models import ICS, Scope

NOT_YOURS = "Networks are set up by the ICS lead or by the PSC administrator."


def can_set_up(person: User, scope: Scope | None) -> Verdict:
    """The ICS lead in an ICS; the PSC administrator in the PSC and its ICSs."""
    if isinstance(scope, ICS) and access.holds(person, "manage_members", scope):
        return YES
    if scope and scope.pk in _administered(person, scope):
        return YES
    return no(NOT_YOURS)


def can_read_members(person: User, network: Network) -> Verdict:
    """Whoever sees the ICS; of a PSC's own network, whoever sees the PSC."""
    scope = network.scope
    if scope and access.holds(person, access.SEES[scope.scope_kind], scope):
        return YES
    return no("The people of a PSC's own network are known to the PSC. Ask its improvement lead.")


def _administered(person: User, scope: Scope) -> list[int]:
    """Ids of the scopes of this kind that the person administers for a PSC."""
    find = access.ics_ids if isinstance(scope, ICS) else access.psc_ids
    return find(person, "manage_rounds")
