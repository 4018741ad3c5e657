"""Two mirror ICSs of one PSC, a third under another, a trust in each: and the people in them."""

from datetime import date
from functools import cached_property

from ssip.core.context import request_cache
from ssip.core.models import User
from ssip.tenancy import reference, workflow
from ssip.tenancy.models import ICS, PSC, Coverage, Footprint, Grant, LeadICS, Organisation, Role

SINCE = date(2022, 7, 1)
FACT = {"source": "invented for tests", "confidence": "high", "valid_from": SINCE}

PEOPLE = {
    "psc_lead": (Role.PSC_LEAD, PSC, "EAST"),
    "psc_administrator": (Role.PSC_ADMINISTRATOR, PSC, "EAST"),
    "specialist_member": (Role.SPECIALIST_MEMBER, PSC, "EAST"),
    "ics_lead": (Role.ICS_LEAD, ICS, "XAA"),
    "quality_lead": (Role.ICB_QUALITY_LEAD, ICS, "XAA"),
    "network_member": (Role.NETWORK_MEMBER, ICS, "XAA"),
    "partner": (Role.PATIENT_SAFETY_PARTNER, ICS, "XAA"),
    "sibling_lead": (Role.ICS_LEAD, ICS, "XBB"),
    "outsider": (Role.PSC_LEAD, PSC, "WEST"),
    "outside_lead": (Role.ICS_LEAD, ICS, "XCC"),
    "ward_team": (Role.WARD_TEAM, Organisation, "ZAA"),
    "specialist": (Role.PATIENT_SAFETY_SPECIALIST, Organisation, "ZAA"),
    "executive": (Role.EXECUTIVE_LEAD, Organisation, "ZAA"),
    "site_administrator": (Role.SYSTEM_ADMINISTRATOR, None, ""),
}


class World:
    """Scopes by name (`world.fenland`) and people by role (`world.ics_lead`), as the database has them."""

    @cached_property
    def eastern(self):
        return PSC.objects.get(code="EAST")

    @cached_property
    def western(self):
        return PSC.objects.get(code="WEST")

    @cached_property
    def fenland(self):
        return ICS.objects.get(code="XAA")

    @cached_property
    def broadland(self):
        return ICS.objects.get(code="XBB")

    @cached_property
    def moorland(self):
        return ICS.objects.get(code="XCC")

    @cached_property
    def broadmere(self):
        return Organisation.objects.get(code="ZAA")

    def __getattr__(self, name):
        if name in PEOPLE or name == "nobody":
            return User.objects.get(email=f"{name}@example.org")
        raise AttributeError(name)


def build_world():
    """As the owner of the tables, once for each worker."""
    psc = {
        code: PSC.objects.create(code=code, name=f"{name} PSC", host=name, region=name, **FACT)
        for code, name in (("EAST", "Eastern"), ("WEST", "Western"))
    }
    for code, name, serving in (("XAA", "Fenland", "EAST"), ("XBB", "Broadland", "EAST"), ("XCC", "Moorland", "WEST")):
        ics = ICS.objects.create(
            code=code, name=f"NHS {name} ICB", short_name=name, region="East", region_code="Y61", **FACT
        )
        Coverage.objects.create(psc=psc[serving], ics=ics, **FACT)
        trust = Organisation.objects.create(
            code=f"Z{code[1:]}", name=f"{name} Trust", kind="acute", is_invented=True, **FACT
        )
        Footprint.objects.create(organisation=trust, ics=ics, **FACT)
        LeadICS.objects.create(organisation=trust, ics=ics, **FACT)
    # The scopes of the world are its own; kinds of dates and templates are the real ones.
    reference.load(*((tables, folder) for tables, folder in reference.sources() if folder != reference.FOLDER))
    workflow.sync_roles()
    for name, (role, kind, code) in PEOPLE.items():
        User.objects.create_user(f"{name}@example.org", name.replace("_", " ").capitalize(), "correct horse battery")
        workflow.grant(
            f"{name}@example.org",
            role,
            kind.objects.get(code=code) if kind else None,
            by=None,
            reason="Set up for the tests",
        )
    User.objects.create_user("nobody@example.org", "Nobody in particular", "correct horse battery")
    Grant.objects.filter(from_date__gt=SINCE).update(from_date=SINCE)
    request_cache().clear()
