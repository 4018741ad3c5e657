"""An organisation gets ready for responses: a specialist records, an executive lead withdraws, a ward team reads."""

import pytest

from tests.journeys.conftest import sign_in

pytestmark = pytest.mark.journey
GOING_LIVE = "/organisations/zaa/going-live/"
ITEMS = {
    "Data protection impact assessment": ("Its reference", "DPIA 26-014"),
    "Controller agreement": ("Its reference", "IG-AGR 7"),
    "Caldicott Guardian": ("Role in the organisation", "Medical Director"),
    "Information asset owner": ("Role in the organisation", "Head of Patient Safety"),
}


def enter_day(page, year, of=0):
    for name, value in (("Day", 2), ("Month", 3), ("Year", year)):
        page.get_by_label(name, exact=True).nth(of).fill(str(value))


def record(page, item, check):
    label, words = ITEMS[item]
    page.get_by_role("link", name=item).click()
    page.get_by_label(label).fill(words)
    enter_day(page, 2026)
    if item == "Controller agreement":
        page.get_by_label("Joint controllers").check()
    if item == "Data protection impact assessment":
        enter_day(page, 2099, of=1)
    check(page)
    page.get_by_role("button", name="Record").click()
    page.get_by_text(f"{item}: recorded.").wait_for()


def get_ready(page, check):
    for item in ITEMS:
        record(page, item, check)
    page.get_by_text("Fenland Trust can enter responses: nothing is missing.").wait_for()


def test_a_specialist_records_what_is_missing(site, page, check_axe):
    sign_in(page, site, "specialist@example.org")
    page.goto(f"{site}/organisations/zaa/")
    page.get_by_text("4 of 4 things that must be in place first are missing").wait_for()
    check_axe(page)
    page.get_by_role("link", name="What must be in place before responses begin").click()
    page.get_by_text("Nothing has been recorded yet.").wait_for()
    check_axe(page)

    page.get_by_role("link", name="Caldicott Guardian").click()
    page.get_by_label("Role in the organisation").fill("Dr Doe, j.doe@trust.example")
    enter_day(page, 2026)
    page.get_by_role("button", name="Record").click()
    page.get_by_text("There is a problem").wait_for()
    check_axe(page)
    page.get_by_role("link", name="Before responses begin").click()

    get_ready(page, check_axe)
    check_axe(page)
    page.goto(f"{site}/organisations/zaa/")
    page.get_by_text("Fenland Trust can enter responses").wait_for()
    check_axe(page)


def test_an_executive_lead_withdraws_and_a_ward_team_reads_why(site, page, check_axe):
    sign_in(page, site, "executive@example.org")
    page.goto(f"{site}{GOING_LIVE}")
    get_ready(page, check_axe)
    page.get_by_role("link", name="Information asset owner").click()
    check_axe(page)
    page.get_by_role("link", name="Withdraw this record").click()
    page.get_by_label("Why does it no longer hold?").fill("The post is empty.")
    check_axe(page)
    page.get_by_role("button", name="Withdraw this record").click()
    page.get_by_text("1 of 4 things is missing").wait_for()
    page.get_by_role("link", name="Information asset owner").click()
    page.get_by_role("heading", name="Withdrawn").wait_for()
    check_axe(page)

    page.context.clear_cookies()
    sign_in(page, site, "ward_team@example.org")
    page.goto(f"{site}{GOING_LIVE}")
    page.get_by_text("The post is empty.").wait_for()
    page.wait_for_load_state()
    assert not page.get_by_role("link", name="Information asset owner").is_visible()
    check_axe(page)
