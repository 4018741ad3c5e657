"""The cast of the demo: one person a role, each in a scope of today. Everybody here is invented."""

from typing import NamedTuple

from ssip.tenancy.models import ICS, PSC, Organisation, Role, Scope

PASSWORD = "demonstration only"  # noqa: S105  printed on the sign-in page of a demo, which runs on this machine alone


class Person(NamedTuple):
    name: str
    role: Role
    kind: type[Scope] | None
    code: str
    day: str

    @property
    def email(self) -> str:
        return f"{self.name.lower().replace(' ', '.')}@demo.example"


TRUST = ("DEMO1", "Saltmarsh Invented Hospitals", "T6Y0W")

PEOPLE = (
    Person("Priya Senior", Role.PSC_LEAD, PSC, "EASTERN", "I read the plans of our ICSs and approve them."),
    Person("Alan Rounds", Role.PSC_ADMINISTRATOR, PSC, "EASTERN", "I open planning rounds and look after who is in."),
    Person("Nora Broads", Role.ICS_LEAD, ICS, "T6Y0W", "I lead the network plan of Norfolk and Suffolk."),
    Person("Esther Wick", Role.ICS_LEAD, ICS, "D7T5G", "I lead the network plan of Essex."),
    Person("Quentin Ward", Role.ICB_QUALITY_LEAD, ICS, "T6Y0W", "I bring plans to our System Quality Group."),
    Person("Mina Fields", Role.NETWORK_MEMBER, ICS, "T6Y0W", "I bring what my service knows to the network."),
    Person("Pat Hale", Role.PATIENT_SAFETY_PARTNER, ICS, "T6Y0W", "I read the plan as somebody who uses services."),
    Person("Wanda Bay", Role.WARD_TEAM, Organisation, TRUST[0], "I start a response when something has happened."),
    Person("Sam Keel", Role.PATIENT_SAFETY_SPECIALIST, Organisation, TRUST[0], "I look after our responses."),
    Person("Edith Board", Role.EXECUTIVE_LEAD, Organisation, TRUST[0], "I sign off our investigations."),
    Person("Wes Moor", Role.PSC_LEAD, PSC, "WOE", "I work in another PSC and see nothing of this one's work."),
    Person("Ada Keys", Role.SYSTEM_ADMINISTRATOR, None, "", "I open and close accounts; I see no plan."),
)
