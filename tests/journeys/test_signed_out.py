"""Half an hour away from the desk, in the middle of a form."""

import pytest

from tests.journeys.test_people import WORDS, sign_in

pytestmark = pytest.mark.journey
REASON = "An hour's work about why this person joins the network"


def test_a_text_that_was_sent_too_late_is_carried_over_to_the_next_session(site, page, check_axe):
    sign_in(page, site, "ics_lead")
    page.goto(f"{site}/manage/ics-XAA/people/give/")
    page.get_by_label("Reason").fill(REASON)
    page.context.clear_cookies(name="ssip_session")

    page.get_by_role("button", name="Give this role").click()
    page.get_by_role("heading", name="You were signed out").wait_for()
    assert page.get_by_label("Text 1").input_value() == REASON
    check_axe(page)

    page.get_by_role("link", name="Sign in again").click()
    page.get_by_label("Email address").fill("ics_lead@example.org")
    page.get_by_label("Password", exact=True).fill(WORDS)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{site}/manage/ics-XAA/people/give/")
