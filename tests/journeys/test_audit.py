"""Reading the audit of a place: from the place to it, looking for something, and a day that does not exist."""

from pathlib import Path

import pytest

from tests.journeys.conftest import sign_in
from tests.stories import a_submitted_plan

pytestmark = pytest.mark.journey


def test_an_ics_lead_finds_who_submitted_and_takes_it_along(site, page, world, check_axe, django_db_blocker):
    with django_db_blocker.unblock():
        plan = a_submitted_plan(world)
    sign_in(page, site, "ics_lead@example.org")
    page.goto(f"{site}/ics/XAA/")
    page.get_by_role("link", name="Audit: who did what here").click()
    page.get_by_role("heading", name="Fenland Audit").wait_for()
    check_axe(page)

    page.get_by_label("What was done").select_option("Submitted the plan for approval")
    page.get_by_role("button", name="Search").click()
    page.get_by_text("Shown is what you last looked for.").wait_for()
    page.wait_for_load_state()
    (row,) = page.get_by_role("row").filter(has_text=plan.reference).all()
    assert "Ics lead" in row.inner_text()
    with page.expect_download() as file:
        page.get_by_role("link", name="Download these rows").click()
    assert "Submitted the plan for approval" in Path(file.value.path()).read_text("utf-8-sig")

    page.get_by_role("group", name="From").get_by_label("Day").fill("31")
    page.get_by_role("group", name="From").get_by_label("Month").fill("2")
    page.get_by_role("group", name="From").get_by_label("Year").fill("2026")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="From must be a real date").click()
    check_axe(page)

    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"{site}/manage/ics-XAA/audit/")
    check_axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
