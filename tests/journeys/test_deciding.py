"""A plan from the round to the library, by role and from the sign-in page; and what an outsider finds."""

from datetime import timedelta

import pytest

from plans import workflow
from plans.models import Plan, Section
from ssip.core import clock
from ssip.core.context import acting_as
from tests.journeys.conftest import sign_in
from tests.stories import a_network, a_returned_plan, a_submitted_plan, written

pytestmark = pytest.mark.journey


@pytest.fixture
def person(browser, site):
    """Somebody in a browser of their own, signed in from the sign-in page; without an address, a stranger."""
    contexts = []

    def arrive(email=""):
        contexts.append(browser.new_context())
        page = contexts[-1].new_page()
        if email:
            sign_in(page, site, email)
        return page

    yield arrive
    for context in contexts:
        context.close()


def fill_date(page, legend, day):
    group = page.get_by_role("group", name=legend)
    for label, value in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        group.get_by_label(label).fill(str(value))


def press(page, name):
    page.get_by_role("button", name=name).click()


def heading(page, name):
    page.get_by_role("heading", name=name).wait_for()


def test_a_plan_goes_from_its_round_to_a_reader_without_an_account(site, world, person, check_axe):
    network = a_network(world)
    opens_a_round(person("psc_administrator@example.org"), check_axe)
    with acting_as(world.ics_lead):
        plan = Plan.objects.with_names().get(network=network)
    written(world, plan)

    submits(person("ics_lead@example.org"), f"{site}/plans/{plan.pk}", check_axe)
    endorses(person("quality_lead@example.org"), f"{site}/plans/{plan.pk}", check_axe)
    approves_and_publishes(person("psc_lead@example.org"), f"{site}/plans/{plan.pk}", check_axe)
    reads_the_published_plan(person(), site, check_axe)


def opens_a_round(page, check_axe):
    today = clock.today()
    page.get_by_role("link", name="Rounds").click()
    check_axe(page)
    press(page, "Open a round")
    check_axe(page)
    press(page, "Open the round")
    page.get_by_text("There is a problem").wait_for()
    check_axe(page)

    page.get_by_label("Name of the round").fill("2027 to 2028")
    fill_date(page, "First day of the round", today)
    fill_date(page, "Day on which drafts are due", today + timedelta(days=42))
    fill_date(page, "Last day of the round", today + timedelta(days=120))
    press(page, "Open the round")
    page.get_by_text("The round 2027 to 2028 is open. 1 network has a plan to draft").wait_for()
    check_axe(page)
    assert page.get_by_role("link", name="Fenland Patient Safety Improvement Network").is_visible()


def submits(page, plan, check_axe):
    page.goto(f"{plan}/submit/")
    page.get_by_text("Nothing is missing. Check what you submit.").wait_for()
    assert page.get_by_role("listitem").filter(has_text="Quality lead").is_visible()
    check_axe(page)
    press(page, "Submit for approval")
    page.get_by_text("Version 1 is submitted.").wait_for()


def endorses(page, plan, check_axe):
    page.goto(f"{plan}/decide/")
    heading(page, "Version 1: Endorsement by the ICB")
    check_axe(page)
    page.get_by_label("Record the endorsement").check()
    assert page.get_by_label("Which body endorsed the plan?").input_value() == "System Quality Group"
    assert not page.get_by_label("What needs to change?").is_visible()
    fill_date(page, "Date of the meeting", clock.today())
    press(page, "Record the decision")
    page.get_by_text("There is a problem").wait_for()
    check_axe(page)

    page.get_by_label("Reference of the minute").fill("SQG 7.2")
    press(page, "Record the decision")
    page.get_by_text("The endorsement of version 1 is recorded.").wait_for()


def approves_and_publishes(page, plan, check_axe):
    page.goto(f"{plan}/decide/")
    page.get_by_role("link", name="Read the version you decide about").click()
    heading(page, "Version 1")
    check_axe(page)
    page.goto(f"{plan}/decide/")
    page.get_by_label("Approve version 1").check()
    check_axe(page)
    press(page, "Send your decision")
    page.get_by_text("Version 1 is approved.").wait_for()

    page.goto(f"{plan}/publish/")
    check_axe(page)
    press(page, "Publish")
    page.get_by_text("The plan is published.").wait_for()
    page.goto(f"{plan}/timeline/")
    heading(page, "What has happened so far")
    check_axe(page)


def reads_the_published_plan(page, site, check_axe):
    page.goto(site)
    page.get_by_role("link", name="Read the published network plans").click()
    check_axe(page)
    page.get_by_role("link", name="Fenland Patient Safety Improvement Network").click()
    heading(page, "Patient Safety Network Plan 2027 to 2028")
    check_axe(page)
    assert "We want fewer falls on our wards by next summer." in page.get_by_role("main").inner_text()

    with page.expect_download() as download:
        page.get_by_role("link", name="Download as plain text").click()
    assert download.value.suggested_filename.endswith(".txt")
    assert "fewer falls" in download.value.path().read_text()


def asks_for_changes(page, where, check_axe):
    page.goto(f"{where}/decide/")
    page.get_by_label("Ask for changes").check()
    page.get_by_label("What needs to change?").fill("Say for whom the aim holds.")
    page.get_by_text("Say something about single sections").click()
    page.get_by_label("Aims").fill("Which wards?")
    check_axe(page)
    press(page, "Record the decision")
    page.get_by_text("You asked for changes to version 1.").wait_for()


def test_changes_are_asked_for_made_and_decided_about_again(site, world, person, check_axe):
    plan = a_submitted_plan(world)
    where = f"{site}/plans/{plan.pk}"
    quality_lead, ics_lead, psc_lead = (
        person(f"{who}@example.org") for who in ("quality_lead", "ics_lead", "psc_lead")
    )

    asks_for_changes(quality_lead, where, check_axe)
    with acting_as(world.ics_lead):
        aims = Section.objects.get(plan=plan, key="aims")
        workflow.save_section(
            aims, content={"text": "Half as many falls on six wards."}, base_version=1, by=world.ics_lead
        )
    ics_lead.goto(f"{where}/submit/")
    main = ics_lead.get_by_role("main").inner_text()
    assert "Say for whom the aim holds." in main
    assert "Which wards?" in main
    check_axe(ics_lead)
    press(ics_lead, "Submit for approval")
    ics_lead.get_by_text("Version 2 is submitted.").wait_for()

    quality_lead.goto(f"{where}/decide/")
    quality_lead.get_by_role("link", name="See the words that changed").click()
    heading(quality_lead, "What differs between version 1 and version 2")
    check_axe(quality_lead)
    quality_lead.goto(f"{where}/decide/")
    quality_lead.get_by_label("Record the endorsement").check()
    fill_date(quality_lead, "Date of the meeting", clock.today())
    quality_lead.get_by_label("Reference of the minute").fill("SQG 8.1")
    press(quality_lead, "Record the decision")
    quality_lead.get_by_text("The endorsement of version 2 is recorded.").wait_for()

    psc_lead.goto(f"{where}/decide/")
    psc_lead.get_by_label("Approve version 2").check()
    press(psc_lead, "Send your decision")
    psc_lead.get_by_text("Version 2 is approved.").wait_for()


def test_of_two_windows_the_second_learns_what_the_first_has_decided(site, world, person, check_axe):
    where = f"{site}/plans/{a_submitted_plan(world).pk}"
    page = person("quality_lead@example.org")
    second = page.context.new_page()
    for window in (page, second):
        window.goto(f"{where}/decide/")
        window.get_by_label("Record the endorsement").check()
        fill_date(window, "Date of the meeting", clock.today())
        window.get_by_label("Reference of the minute").fill("SQG 7.2")
    press(page, "Record the decision")
    page.get_by_text("The endorsement of version 1 is recorded.").wait_for()
    press(second, "Record the decision")
    second.get_by_text("The plan is now “endorsed”").wait_for()
    check_axe(second)


def test_the_decision_is_possible_without_javascript(site, world, browser):
    where = f"{site}/plans/{a_submitted_plan(world).pk}"
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, site, "quality_lead@example.org")
    page.goto(f"{where}/decide/")
    page.get_by_label("Ask for changes").check()
    page.get_by_label("What needs to change?").fill("Say for whom the aim holds.")
    press(page, "Record the decision")
    page.get_by_text("You asked for changes to version 1.").wait_for()
    context.close()


def test_an_outsider_finds_nothing_at_any_address_of_the_plan(site, world, person, check_axe):
    plan = a_returned_plan(world)
    page = person("outsider@example.org")
    parts = ["", "submit/", "decide/", "publish/", "withdraw/", "reopen/", "timeline/"]
    parts += ["versions/1/", "versions/2/changes/", "print/", "sections/aims/", "sections/aims/edit/"]
    for part in parts:
        assert page.goto(f"{site}/plans/{plan.pk}/{part}").status == 404, part
        assert "Fenland" not in page.content()
    check_axe(page)
    assert page.goto(f"{site}/rounds/{plan.round_id}/").status == 404
    assert page.goto(f"{site}/networks/{plan.network_id}/").status == 404
