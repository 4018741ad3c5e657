"""The cast of the demo: one person a role, each in a scope of today. Everybody here is invented."""

from typing import NamedTuple

from ssip.tenancy.models import ICS, PSC, Organisation, Role, Scope

PASSWORD = "demonstration only"  # noqa: S105  printed on the cards of a demo, which runs on this machine alone


class Person(NamedTuple):
    """`day` and `cannot` stand on the card: my day in a sentence; what I cannot see or do, and why."""

    name: str
    role: Role
    kind: type[Scope] | None
    code: str
    day: str
    cannot: str = ""

    @property
    def email(self) -> str:
        return f"{self.name.lower().replace(' ', '.')}@demo.example"


class Trust(NamedTuple):
    """`ics` is the code of the ICS that it serves and that leads for it."""

    code: str
    name: str
    ics: str
    kind: str


READY = Trust("DEMO1", "Saltmarsh Invented Hospitals", "T6Y0W", "acute")
GETTING_READY = Trust("DEMO2", "Fen Edge Invented Community Services", "T6Y0W", "community")
TRUSTS = (READY, GETTING_READY)

PEOPLE = (
    Person(
        "Priya Senior",
        Role.PSC_LEAD,
        PSC,
        "EASTERN",
        day="I read the plans of our ICSs and approve them.",
        cannot="I cannot write in a plan, because I decide on it. I see no incident: those belong to the trusts.",
    ),
    Person(
        "Alan Rounds",
        Role.PSC_ADMINISTRATOR,
        PSC,
        "EASTERN",
        day="I open planning rounds and look after who is in.",
        cannot="I cannot approve a plan: whoever gives the roles does not decide as well.",
    ),
    Person(
        "Nora Broads",
        Role.ICS_LEAD,
        ICS,
        "T6Y0W",
        day="I lead the network plan of Norfolk and Suffolk.",
        cannot="I cannot see what Essex is writing, because a plan is its network's own until it is published.",
    ),
    Person(
        "Esther Wick",
        Role.ICS_LEAD,
        ICS,
        "D7T5G",
        day="I lead the network plan of Essex.",
        cannot="I cannot approve the plan that I submit, because somebody who did not write it decides.",
    ),
    Person(
        "Quentin Ward",
        Role.ICB_QUALITY_LEAD,
        ICS,
        "T6Y0W",
        day="I bring plans to our System Quality Group.",
        cannot="I cannot change the words of the plan, because our board endorses what the network wrote.",
    ),
    Person(
        "Mina Fields",
        Role.NETWORK_MEMBER,
        ICS,
        "T6Y0W",
        day="I bring what my service knows to the network.",
        cannot="I cannot submit the plan or decide on it: I read it and comment.",
    ),
    Person(
        "Pat Hale",
        Role.PATIENT_SAFETY_PARTNER,
        ICS,
        "T6Y0W",
        day="I read the plan as somebody who uses services.",
        cannot="I cannot see any single incident, because that is between the people affected and their trust.",
    ),
    Person(
        "Wanda Bay",
        Role.WARD_TEAM,
        Organisation,
        READY.code,
        day="I start a response when something has happened.",
        cannot="I cannot see the network's plan before it is published, because my place is in my trust.",
    ),
    Person(
        "Sam Keel",
        Role.PATIENT_SAFETY_SPECIALIST,
        Organisation,
        READY.code,
        day="I look after our responses and the people of our trust.",
        cannot="I cannot see another trust's people or work, because each looks after its own.",
    ),
    Person(
        "Edith Board",
        Role.EXECUTIVE_LEAD,
        Organisation,
        READY.code,
        day="I sign off our investigations.",
        cannot="I cannot give anybody a role: our patient safety specialist does.",
    ),
    Person(
        "Tess Quay",
        Role.PATIENT_SAFETY_SPECIALIST,
        Organisation,
        GETTING_READY.code,
        day="I get our organisation ready: two things are missing before we can enter responses.",
        cannot="I cannot see what another organisation has recorded, because each answers for its own.",
    ),
    Person(
        "Wes Moor",
        Role.PSC_LEAD,
        PSC,
        "WOE",
        day="I read the plans of another PSC's ICSs.",
        cannot="I cannot see a plan, a person or a number of the Eastern PSC, because I have no role there.",
    ),
    Person(
        "Ada Keys",
        Role.SYSTEM_ADMINISTRATOR,
        None,
        "",
        day="I look after the administrators of the PSCs.",
        cannot="I cannot see a single plan: keeping the accounts is no reason to read what people write.",
    ),
)

# People behind the scenes, so that plans have somebody to write and endorse them: they have no card.
OTHERS = (
    Person("Lena Marsh", Role.ICS_LEAD, ICS, "S1Y5D", "I lead the network plan of Central East."),
    Person("Oscar Reed", Role.ICB_QUALITY_LEAD, ICS, "S1Y5D", "I bring plans to our System Quality Group."),
    Person("Ivy Shore", Role.ICB_QUALITY_LEAD, ICS, "D7T5G", "I bring plans to our quality committee."),
)
