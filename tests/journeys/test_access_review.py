"""Reviewing who has access: from the work to do, role by role, to the page that says what was decided."""

import pytest
from django.db import connection
from playwright.sync_api import expect

from ssip.people import workflow
from tests.journeys.conftest import sign_in

pytestmark = pytest.mark.journey
WORK = "Review who has access in Fenland"


@pytest.fixture
def due(world):
    """The clock has ticked: reviews are due in four weeks."""
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE ssip_worker")
        workflow.plan_reviews()
    connection.close()


def test_a_psc_administrator_reviews_an_ics_and_ends_a_role(due, site, page, check_axe):
    sign_in(page, site, "psc_administrator@example.org")
    page.get_by_role("link", name=WORK, exact=True).click()
    page.get_by_role("heading", name="Review who has access").wait_for()
    check_axe(page)
    assert page.get_by_role("radio", checked=True).count() == 0

    for who in ("Ics lead", "Quality lead", "Network member"):
        page.get_by_role("group", name=f"{who}:").get_by_label("Keep").check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("link", name="Choose an answer for Partner, Patient safety partner").click()
    expect(page.get_by_role("radio", checked=True)).to_have_count(3)
    check_axe(page)

    page.get_by_role("group", name="Partner:").get_by_label("End").check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("heading", name="End 1 role?").wait_for()
    check_axe(page)
    page.get_by_role("button", name="Change an answer").click()
    expect(page.get_by_role("radio", checked=True)).to_have_count(4)

    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Why does it end?").fill("Moved away in spring")
    page.get_by_role("button", name="End this role and finish the review").click()
    page.get_by_text("The review is finished. Roles: 3 kept, 1 ended.").wait_for()
    check_axe(page)

    page.get_by_text("Joined, moved or left in the last 6 months (1)").click()
    page.get_by_role("cell", name="Psc administrator: Moved away in spring").wait_for()
    page.get_by_text("Reviews of access so far (1)").click()
    check_axe(page)
    page.get_by_role("link", name="review 1").click()
    page.get_by_role("cell", name="Ended: Moved away in spring").wait_for()
    check_axe(page)

    page.goto(f"{site}/work/")
    page.get_by_text("Reviewed, ").wait_for()
