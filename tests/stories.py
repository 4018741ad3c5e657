"""Plans at each station of their way, brought there by the people whose turn it is."""

from datetime import date, timedelta

from networks import workflow as networks
from networks.models import Network
from plans import workflow
from plans.models import Plan, Section, Template
from ssip.core import clock
from ssip.core.context import acting_as

WORDS = "We want fewer falls on our wards by next summer."


def a_network(world, ics=None, by=None, name="Fenland Patient Safety Improvement Network"):
    by = by or world.ics_lead
    with acting_as(by):
        return networks.set_up(
            scope=ics or world.fenland, name=name, kind=Network.Kind.ICS_WIDE, begun_on=date(2023, 1, 9), by=by
        )


def a_round(world, networks, name="2026 to 2027", by=None, psc=None):
    by = by or world.psc_administrator
    today = clock.today()
    with acting_as(by):
        return workflow.open_round(
            psc=psc or world.eastern,
            name=name,
            begins_on=today,
            plans_due_on=today + timedelta(days=42),
            ends_on=today + timedelta(days=120),
            template=Template.objects.get(code="eight"),
            endorsing_body="System Quality Group",
            endorse_within=10,
            approve_within=10,
            networks=networks,
            by=by,
        )


def a_draft(world):
    """The plan of the Fenland network, nothing written yet."""
    a_round(world, [a_network(world)])
    with acting_as(world.ics_lead):
        return Plan.objects.with_names().get(ics=world.fenland)


def written(world, plan, by=None, words=WORDS):
    """Every section holds some words of the ICS lead."""
    by = by or world.ics_lead
    with acting_as(by):
        for section in Section.objects.filter(plan=plan):
            workflow.save_section(
                section, content={"text": f"{section.title}. {words}"}, base_version=section.version, by=by
            )
    return plan


def moved(world, plan, name, who, **said):
    with acting_as(who):
        return workflow.make_move(Plan.objects.with_names().get(pk=plan.pk), name, by=who, **said)


def a_submitted_plan(world):
    return moved(world, written(world, a_draft(world)), "submit", world.ics_lead)


def an_endorsed_plan(world):
    plan = a_submitted_plan(world)
    return moved(world, plan, "endorse", world.quality_lead, **ENDORSEMENT)


def an_approved_plan(world):
    return moved(world, an_endorsed_plan(world), "approve", world.psc_lead)


def a_published_plan(world):
    return moved(world, an_approved_plan(world), "publish", world.psc_lead)


def a_returned_plan(world, note="Say for whom the aim holds."):
    return moved(world, an_endorsed_plan(world), "ask_for_changes", world.psc_lead, note=note)


ENDORSEMENT = {"body": "System Quality Group", "met_on": date(2026, 11, 3), "minute_reference": "SQG 7.2"}
STATIONS = {
    "draft": a_draft,
    "submitted": a_submitted_plan,
    "endorsed": an_endorsed_plan,
    "approved": an_approved_plan,
    "published": a_published_plan,
    "changes_asked": a_returned_plan,
    "withdrawn": lambda world: moved(world, a_draft(world), "withdraw", world.ics_lead),
}
