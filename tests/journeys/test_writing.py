"""Writing a plan: two at the same section, and a partner in one section."""

import re

import pytest

from plans import workflow
from plans.models import Section
from ssip.core.context import acting_as
from tests.journeys.conftest import sign_in
from tests.stories import a_draft

pytestmark = pytest.mark.journey


def invite(world, plan, key=None):
    with acting_as(world.ics_lead):
        section = Section.objects.get(plan=plan, key=key) if key else None
        workflow.add_co_author(plan, person=world.partner, section=section, by=world.ics_lead)


def test_two_write_the_same_section_and_neither_text_is_lost(site, new_context, world, check_axe):
    plan = a_draft(world)
    invite(world, plan)
    edit = f"{site}/plans/{plan.pk}/sections/aims/edit/"
    lead, partner = (new_context().new_page() for _ in range(2))
    for page, email in ((lead, "ics_lead@example.org"), (partner, "partner@example.org")):
        sign_in(page, site, email)
        page.goto(edit)
    partner.get_by_label("Text of “Aims”").fill("Fewer falls by May, on every ward.")
    partner.get_by_role("button", name="Save", exact=True).click()
    partner.get_by_text("“Aims” is saved.").wait_for()
    lead.get_by_label("Text of “Aims”").fill("Fewer falls by June, on every ward.")
    lead.get_by_role("button", name="Save", exact=True).click()

    lead.get_by_text("Partner saved this section while you were writing. Nothing is lost").wait_for()
    check_axe(lead)
    assert lead.get_by_role("deletion").text_content() == "[taken out: May,]"
    assert lead.get_by_role("insertion").text_content() == "[put in: June,]"
    assert lead.get_by_label("Your text").input_value() == "Fewer falls by June, on every ward."

    lead.goto(f"{site}/plans/{plan.pk}/")
    lead.get_by_role("link", name="Choose between two texts of “Aims”").click()
    lead.get_by_label("Your text").fill("Fewer falls by May, and none by June.")
    lead.get_by_role("button", name="Save this text in its place").click()
    lead.get_by_text("“Aims” is saved.").wait_for()
    lead.get_by_role("link", name="What was saved before").click()
    lead.get_by_role("heading", name="Version 2 of 2").wait_for()
    check_axe(lead)

    lead.get_by_role("link", name="Version 1", exact=True).click()
    lead.get_by_role("link", name="Begin from this text").click()
    assert lead.get_by_label("Text of “Aims”").input_value() == "Fewer falls by May, on every ward."
    check_axe(lead)


def test_a_partner_who_is_invited_to_one_section_writes_only_that(site, page, world, check_axe):
    plan = a_draft(world)
    invite(world, plan, "involvement")
    sign_in(page, site, "partner@example.org")
    page.get_by_role("link", name=re.compile("^Write Patient Safety Network Plan")).click()
    page.get_by_role("heading", name="Patients, partners and inequalities").wait_for()
    page.get_by_label("Text of “Patients, partners and inequalities”").fill("Partners chair the group.")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("“Patients, partners and inequalities” is saved.").wait_for()
    check_axe(page)

    page.get_by_role("link", name="Back to the plan").click()
    check_axe(page)
    assert page.get_by_role("button", name="Submit for approval").count() == 0
    page.get_by_role("link", name="Aims").click()
    page.get_by_text("Nothing is written here yet.").wait_for()
    check_axe(page)
    assert page.get_by_role("link", name="Write this section").count() == 0

    page.get_by_label("Your comment").fill("For whom does this aim hold?")
    page.get_by_role("button", name="Send the comment").click()
    page.get_by_text("Your comment is there for everybody who can see this plan.").wait_for()
    assert page.goto(f"{site}/plans/{plan.pk}/sections/aims/edit/").status == 403
    check_axe(page)


def test_a_lead_names_the_meeting_invites_a_member_and_asks_for_an_early_read(site, page, world, check_axe):
    plan = a_draft(world)
    sign_in(page, site, "ics_lead@example.org")
    page.get_by_role("link", name="Our plan").click()
    check_axe(page)
    page.get_by_role("link", name=re.compile("^Patient Safety Network Plan")).click()

    page.get_by_role("link", name="Name the meeting that will look at the plan").click()
    check_axe(page)
    page.get_by_role("button", name="Save").click()
    page.get_by_text("There is a problem").wait_for()
    check_axe(page)
    due = plan.round.plans_due_on
    page.get_by_label("Which meeting will look at the plan?").fill("System Quality Group")
    for part, value in (("Day", due.day), ("Month", due.month), ("Year", due.year)):
        page.get_by_role("group", name="Date of the meeting").get_by_label(part).fill(str(value))
    page.get_by_role("button", name="Save").click()
    page.get_by_text("The plan goes to the System Quality Group on").wait_for()

    page.get_by_role("link", name="Invite co-authors").click()
    check_axe(page)
    page.get_by_label("Who", exact=True).select_option("Network member, Network member")
    page.get_by_label("What they may write").select_option("Only “Aims”")
    page.get_by_role("button", name="Invite").click()
    page.get_by_text("Network member can write “Aims” now").wait_for()
    page.get_by_role("link", name="End the invitation of Network member").click()
    check_axe(page)
    page.get_by_role("link", name="Cancel").click()
    page.get_by_role("link", name="Back to the plan").click()

    page.get_by_role("link", name="Ask for an early read").click()
    check_axe(page)
    page.get_by_role("button", name="Ask for comments").click()
    page.get_by_text("are asked for comments by").wait_for()
    check_axe(page)
    page.get_by_role("link", name="The whole plan on one page, to print").click()
    page.get_by_role("heading", name="8. Review and sign-off").wait_for()
    check_axe(page)
