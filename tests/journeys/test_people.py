"""Looking after people: reading the list, giving a role, ending it."""

import pytest

pytestmark = pytest.mark.journey
WORDS = "correct horse battery"


def sign_in(page, site, who):
    page.goto(f"{site}/account/login/")
    page.get_by_label("Email address").fill(f"{who}@example.org")
    page.get_by_label("Password", exact=True).fill(WORDS)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{site}/work/")


def test_a_psc_administrator_frees_a_plan_from_hanging_on_one_person(site, page, check_axe):
    sign_in(page, site, "psc_administrator")
    page.get_by_role("link", name="People").click()
    page.get_by_role("heading", name="Eastern PSC People").wait_for()
    page.get_by_text("Organisations without a patient safety specialist (1)").click()
    # Fenland's trust has a specialist, whom only the database sees: the site is not the owner here.
    check_axe(page)
    assert page.get_by_role("link", name="Broadland Trust").is_visible()
    assert not page.get_by_role("link", name="Fenland Trust").is_visible()

    page.get_by_role("link", name="Fenland", exact=True).click()
    alone = page.get_by_text("If Quality lead is away, nobody can endorse a plan of Fenland.")
    alone.wait_for()
    check_axe(page)

    page.get_by_role("button", name="Give a role").click()
    check_axe(page)
    page.get_by_label("Email address").fill("second.lead@icb.example")
    page.get_by_label("Full name").fill("Second Lead")
    page.get_by_role("button", name="Give this role").click()
    page.get_by_text("There is a problem").wait_for()
    assert page.get_by_label("Full name").input_value() == "Second Lead"
    check_axe(page)

    page.get_by_label("ICB quality lead").check()
    page.get_by_label("Reason").fill("Covers holidays")
    page.get_by_role("button", name="Give this role").click()
    page.get_by_text("Second Lead is now ICB quality lead in Fenland.").wait_for()
    check_axe(page)
    assert not alone.is_visible()

    page.get_by_role("link", name="End this role of Second Lead").click()
    page.get_by_text("If Quality lead is away").wait_for()
    check_axe(page)
    page.get_by_label("Reason").fill("Holidays are over")
    page.get_by_role("button", name="End this role now").click()
    page.get_by_text("Second Lead is no longer ICB quality lead.").wait_for()
    page.get_by_text("Ended in the last 12 months (1)").click()
    page.get_by_text("by Psc administrator: Holidays are over").wait_for()
    check_axe(page)


def test_a_system_administrator_finds_the_administrators(site, page, check_axe):
    sign_in(page, site, "site_administrator")
    page.get_by_role("link", name="People").click()
    page.get_by_role("heading", name="Administrators", exact=True).wait_for()
    check_axe(page)

    page.get_by_role("link", name="Western PSC").click()
    page.get_by_role("heading", name="Give a role").wait_for()
    assert page.get_by_label("PSC administrator").is_checked()
    check_axe(page)
