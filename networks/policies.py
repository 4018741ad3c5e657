"""Who may set up and change a network, who reads its history and the names of those who take part."""

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
    if network.scope and access.sees(person, network.scope):
        return YES
    return no("The people of a PSC's own network are known to the PSC. Ask its improvement lead.")


def can_read_history(person: User, network: Network) -> Verdict:
    """As the audit's wall has it: whoever sees the ICS or the PSC that the network belongs to."""
    if network.scope and access.sees(person, network.scope):
        return YES
    return no("What was done to a PSC's own network is told to the PSC. Ask its improvement lead.")


def _administered(person: User, scope: Scope) -> list[int]:
    """Ids of the scopes of this kind that the person administers for a PSC."""
    find = access.ics_ids if isinstance(scope, ICS) else access.psc_ids
    return find(person, "manage_rounds")
