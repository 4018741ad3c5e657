"""From the draft to the published plan without a mouse, by each whose turn it is, from the sign-in page."""

import re

import pytest

from ssip.core import clock
from tests.journeys.conftest import PASSWORD
from tests.stories import a_draft

pytestmark = pytest.mark.journey
FARTHEST = 80  # presses of Tab
TITLES = [
    "Why we need this plan", "Aims", "Drivers and ideas for change", "How we will know", "Who we are and how we run",
    "Delivery", "Patients, partners and inequalities", "Review and sign-off",
]  # fmt: skip
FOCUSED = """() => {
    const here = document.activeElement;
    const label = here.labels && here.labels.length ? here.labels[0].innerText : here.innerText;
    return (label || here.value || "").trim();
}"""


def tab_to(page, name):
    """Press Tab until what is in focus has this name; it can be seen that it is in focus."""
    for _ in range(FARTHEST):
        page.keyboard.press("Tab")
        if re.fullmatch(name, page.evaluate(FOCUSED)):
            return
    raise AssertionError(f"{name!r} cannot be reached by keyboard on {page.url}.")


def press(page, name):
    tab_to(page, name)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def choose(page, name):
    tab_to(page, name)
    page.keyboard.press("Space")


def write(page, name, words):
    tab_to(page, name)
    page.keyboard.type(str(words))


@pytest.fixture
def arrive(browser, site, check_axe):
    """Somebody in a browser of their own, signed in by keyboard."""
    contexts = []

    def sign_in(name):
        contexts.append(browser.new_context())
        page = contexts[-1].new_page()
        page.goto(f"{site}/account/login/")
        write(page, "Email address", f"{name}@example.org")
        write(page, "Password", PASSWORD)
        press(page, "Sign in")
        page.get_by_role("heading", name="My work").wait_for()
        check_axe(page)
        return page

    yield sign_in
    for context in contexts:
        context.close()


def test_a_plan_is_drafted_endorsed_approved_and_published_by_keyboard_alone(site, world, arrive, check_axe):
    a_draft(world)
    lead = arrive("ics_lead")
    drafts(lead, check_axe)
    submits(lead)
    endorses(arrive("quality_lead"), check_axe)
    approves_and_publishes(arrive("psc_lead"), check_axe)

    lead.goto(f"{site}/published/")
    press(lead, ".*Fenland Patient Safety Improvement Network.*")
    lead.get_by_text("What we want of Aims.").wait_for()


def drafts(page, check_axe):
    press(page, "Draft Patient Safety Network Plan 2026 to 2027")
    check_axe(page)
    press(page, f"Write “{TITLES[0]}”")
    check_axe(page)
    for title in TITLES:
        page.get_by_role("heading", name=title, level=1).wait_for()
        write(page, f"Text of “{title}”", f"What we want of {title}.")
        press(page, "Save" if title == TITLES[-1] else "Save and go to the next section")

    page.get_by_text("“Review and sign-off” is saved. Nothing is missing now: the plan can be submitted.").wait_for()
    check_axe(page)
    press(page, "Back to the plan")
    page.get_by_text("8 of 8 sections are written.", exact=True).wait_for()
    check_axe(page)
    assert page.get_by_text("Completed", exact=True).count() == len(TITLES)


def submits(page):
    press(page, "Submit for approval")
    press(page, "Submit for approval")
    page.get_by_text("Version 1 is submitted.").wait_for()


def endorses(page, check_axe):
    press(page, "Endorse Patient Safety Network Plan 2026 to 2027")
    choose(page, "Record the endorsement")
    today = clock.today()
    for part, value in (("Day", today.day), ("Month", today.month), ("Year", today.year)):
        write(page, part, value)
    write(page, "Reference of the minute", "SQG 7.2")
    check_axe(page)
    press(page, "Record the decision")
    page.get_by_text("The endorsement of version 1 is recorded.").wait_for()


def approves_and_publishes(page, check_axe):
    press(page, "Approve Patient Safety Network Plan 2026 to 2027")
    choose(page, "Approve version 1")
    check_axe(page)
    press(page, "Send your decision")
    page.get_by_text("Version 1 is approved.").wait_for()
    press(page, "Publish")
    press(page, "Publish")
    page.get_by_text("The plan is published.").wait_for()
    check_axe(page)
