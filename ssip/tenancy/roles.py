"""What a role may do: every permission of every role, on one page.

A permission counts only on the kind of scope whose model declares it. A role on a PSC reaches
every ICS that the PSC serves.
"""

from typing import NamedTuple

from ssip.tenancy.models import ICS, PSC, Organisation, Role, Scope


class May(NamedTuple):
    """What a role may do in a scope of one kind, and the permission that lets somebody grant it."""

    permissions: tuple[str, ...]
    granted_with: str


READ = ("view_ics", "view_plan")

# Whoever holds one of these anywhere signs in with a second step: they decide, or give roles to others. Writing and
# commenting ask for none, nor does starting a response: a ward team shares its devices and decides nothing alone.
NEEDS_SECOND_FACTOR = frozenset(
    {
        "endorse_plan",
        "approve_plan",
        "publish_plan",
        "manage_rounds",
        "manage_people",
        "manage_members",
        "manage_organisation_people",
        "manage_accounts",
        "record_assurance",
        "decide_response",
        "sign_off",
    }
)

ROLES: dict[Role, dict[type[Scope] | None, May]] = {
    Role.PSC_LEAD: {
        PSC: May(("view_psc", *READ, "comment_plan", "approve_plan", "publish_plan"), "manage_people"),
    },
    Role.PSC_ADMINISTRATOR: {
        PSC: May(("view_psc", *READ, "manage_rounds", "manage_people"), "manage_accounts"),
    },
    Role.SPECIALIST_MEMBER: {
        PSC: May(("view_psc_networks",), "manage_people"),
    },
    Role.ICS_LEAD: {
        ICS: May((*READ, "comment_plan", "draft_plan", "manage_members"), "manage_people"),
    },
    Role.ICB_QUALITY_LEAD: {
        ICS: May((*READ, "comment_plan", "endorse_plan", "oversee"), "manage_people"),
    },
    Role.NETWORK_MEMBER: {
        ICS: May((*READ, "comment_plan"), "manage_members"),
    },
    Role.PATIENT_SAFETY_PARTNER: {
        ICS: May((*READ, "comment_plan"), "manage_members"),
        Organisation: May(("view_organisation",), "manage_organisation_people"),
    },
    Role.WARD_TEAM: {
        Organisation: May(("view_organisation", "start_response"), "manage_organisation_people"),
    },
    Role.PATIENT_SAFETY_SPECIALIST: {
        Organisation: May(
            (
                "view_organisation",
                "start_response",
                "decide_response",
                "manage_organisation_people",
                "record_assurance",
            ),
            "manage_organisation_people",
        ),
    },
    Role.EXECUTIVE_LEAD: {
        Organisation: May(("view_organisation", "sign_off", "record_assurance"), "manage_organisation_people"),
    },
    Role.SYSTEM_ADMINISTRATOR: {
        None: May(("manage_accounts",), "operator"),
    },
}
