"""Who exists (scopes), how they changed over time (history), and who may (grants)."""

from ssip.tenancy.models.grants import Grant, Role, RoleGroup
from ssip.tenancy.models.history import Boundary, Coverage, Footprint, LeadICS, Successor
from ssip.tenancy.models.permissions import ICSGroupPermission, OrganisationGroupPermission, PSCGroupPermission
from ssip.tenancy.models.scopes import ICS, PSC, SCOPES, Organisation, Scope

__all__ = [
    "ICS",
    "PSC",
    "SCOPES",
    "Boundary",
    "Coverage",
    "Footprint",
    "Grant",
    "ICSGroupPermission",
    "LeadICS",
    "Organisation",
    "OrganisationGroupPermission",
    "PSCGroupPermission",
    "Role",
    "RoleGroup",
    "Scope",
    "Successor",
]
