"""The demonstration's plans: six of 2023, published and marked as examples; three of today on their way.

Those of today go through the workflow, by the people of the demonstration, as so many days ago.
"""

import uuid
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from networks import workflow as networks
from networks.models import Network
from plans import workflow
from plans.models import Plan, Round, Section, Template
from ssip.core import clock
from ssip.core.context import acting_as
from ssip.core.models import User
from ssip.demo import examples, texts
from ssip.demo.people import OTHERS, PEOPLE
from ssip.reminders.models import Notice
from ssip.tenancy.models import ICS, PSC, Grant

NETWORKS = {
    "T6Y0W": ("Norfolk and Suffolk Patient Safety Improvement Network", "deterioration"),
    "D7T5G": ("Essex Patient Safety Improvement Network", "falls"),
    "S1Y5D": ("Central East Patient Safety Improvement Network", "medicines"),
}
BODY = "System Quality Group"


def load() -> int:
    """How many plans were made; none when there are any already."""
    if Plan.objects.exists():
        return 0
    since = clock.today() - timedelta(days=90)
    Grant.objects.filter(from_date__gt=since).update(from_date=since)
    made = examples.load()
    begun = clock.now()
    with clock.days_ago(49):
        planning_round = _open_round()
    age_audit(begun, 49)
    for days, story in ((40, _essex), (36, _norfolk_and_suffolk), (35, _central_east)):
        story(planning_round, days)
    # The mails of that time were sent at that time.
    Notice.objects.filter(told_at=None).update(told_at=clock.now())
    return made + len(NETWORKS)


def _essex(planning_round: Round, days: int) -> None:
    """In draft: half of it is written, the meeting is named, an early read is asked for."""
    plan, lead = _plan("D7T5G"), who("Esther Wick")
    _write(plan, lead, days, only=("why", "aims", "drivers", "network"))
    papers = clock.add_working_days(clock.today(), 7)
    with acting_as(lead):
        workflow.set_meeting(
            plan,
            meeting_of="Essex " + BODY,
            meeting_on=clock.add_working_days(papers, 8),
            papers_due_on=papers,
            by=lead,
        )
        workflow.ask_for_early_read(plan, wanted_by=clock.add_working_days(clock.today(), 5), by=lead)
        aims = Section.objects.get(plan=plan, key="aims")
    reader = who("Ivy Shore")
    with acting_as(reader):
        workflow.add_comment(
            plan, section=aims, token=uuid.uuid4(), by=reader,
            text="The first aim is clear. For the second: how will you know that learning was *used*?",
        )  # fmt: skip


def _norfolk_and_suffolk(planning_round: Round, days: int) -> None:
    """Submitted, waiting for the ICB quality lead."""
    plan, lead, partner = _plan("T6Y0W"), who("Nora Broads"), who("Pat Hale")
    begun = clock.now()
    with clock.days_ago(days), acting_as(lead):
        section = Section.objects.get(plan=plan, key="involvement")
        workflow.add_co_author(plan, person=partner, section=section, by=lead)
    age_audit(begun, days)
    _write(plan, partner, days - 6, only=("involvement",))
    _write(plan, lead, days - 9)
    _say(plan, who("Mina Fields"), 12, "Could the huddle be held at the end of a night shift too?")
    _move(plan, "submit", lead, 4)


def _central_east(planning_round: Round, days: int) -> None:
    """Endorsed, then sent back by the PSC with a reason and two comments."""
    plan, lead, quality, psc = _plan("S1Y5D"), who("Lena Marsh"), who("Oscar Reed"), who("Priya Senior")
    _write(plan, lead, days)
    _move(plan, "submit", lead, 24)
    met_on = clock.working_day_on_or_before(clock.today() - timedelta(days=13))
    _move(plan, "endorse", quality, 12, body=BODY, met_on=met_on, minute_reference=f"SQG {met_on:%Y-%m} item 6")
    with acting_as(psc):
        sections = {section.key: section.pk for section in Section.objects.filter(plan=plan)}
    asked = {
        sections["measures"]: "Please add where the figures for readmissions come from.",
        sections["involvement"]: "Which groups will you look at first? One sentence is enough.",
    }
    note = "A strong plan. Two small additions, then we can approve it: see the comments on two sections."
    _move(plan, "ask_for_changes", psc, 5, note=note, on_sections=asked)


def _open_round() -> Round:
    administrator, psc = who("Alan Rounds"), PSC.objects.get(code="EASTERN")
    today = clock.today()
    with acting_as(administrator):
        made = [
            networks.set_up(
                scope=ICS.objects.get(code=code),
                name=name,
                kind=Network.Kind.ICS_WIDE,
                begun_on=date(2026, 4, 1),
                purpose="Brings together everybody who works on patient safety in this ICS, to learn and improve.",
                chair="Chief nurse of the ICB",
                meets="every six weeks",
                by=administrator,
            )
            for code, (name, _) in NETWORKS.items()
        ]
        return workflow.open_round(
            psc=psc,
            name=f"{today.year} to {today.year + 1}",
            begins_on=today,
            plans_due_on=clock.working_day_on_or_after(today + timedelta(days=63)),
            ends_on=clock.working_day_on_or_after(today + timedelta(days=126)),
            template=Template.objects.get(code="eight"),
            endorsing_body=BODY,
            endorse_within=10,
            approve_within=10,
            networks=made,
            by=administrator,
        )


def _plan(code: str) -> Plan:
    return Plan.objects.with_names().get(ics__code=code)


def _write(plan: Plan, by: User, days: int, only: tuple[str, ...] = ()) -> None:
    """Write the sections that are empty (of `only`, if given), a day apart."""
    words = texts.sections(NETWORKS[plan.ics.code][1])
    empty = [section for section in Section.objects.filter(plan=plan) if section.is_empty]
    for number, section in enumerate(each for each in empty if not only or each.key in only):
        begun = clock.now()
        with clock.days_ago(days - number), acting_as(by):
            content = {"text": words[section.key]}
            workflow.save_section(section, content=content, base_version=section.version, by=by)
        age_audit(begun, days - number)


def _say(plan: Plan, by: User, days: int, text: str) -> None:
    begun = clock.now()
    with clock.days_ago(days), acting_as(by):
        workflow.add_comment(plan, text=text, token=uuid.uuid4(), by=by)
    age_audit(begun, days)


def _move(plan: Plan, name: str, by: User, days: int, **said: Any) -> None:
    begun = clock.now()
    with clock.days_ago(days), acting_as(by):
        workflow.make_move(_plan(plan.ics.code), name, by=by, **said)
    age_audit(begun, days)


def age_audit(begun: datetime, days: int) -> None:
    """The audit takes the database's time; the demonstration, as owner of the tables, gives it a past."""
    connection.cursor().execute(
        "UPDATE core_auditevent SET at = at - make_interval(days => %s) WHERE at >= %s", [days, begun]
    )


def who(name: str) -> User:
    person = next(each for each in (*PEOPLE, *OTHERS) if each.name == name)
    return User.objects.get(email=person.email)
