import pytest

pytestmark = pytest.mark.journey
WORDS = "correct horse battery"


def test_an_ics_lead_signs_in_sees_where_they_work_and_signs_out(site, page, check_axe):
    page.goto(f"{site}/work/")
    assert "/account/login/" in page.url
    check_axe(page)

    page.get_by_label("Email address").fill("ics_lead@example.org")
    page.get_by_label("Password", exact=True).fill(WORDS)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{site}/work/")
    page.get_by_role("heading", name="My work").wait_for()
    page.wait_for_load_state()
    assert "Fenland" in page.get_by_role("main").inner_text()
    assert "Broadland" not in page.content()
    check_axe(page)

    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(f"{site}/")
    page.goto(f"{site}/work/")
    assert "/account/login/" in page.url


def test_the_same_by_keyboard_alone(site, page):
    page.goto(f"{site}/account/login/")
    page.get_by_label("Email address").focus()
    page.keyboard.type("ics_lead@example.org")
    page.keyboard.press("Tab")
    page.keyboard.type(WORDS)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{site}/work/")


def test_a_wrong_password_says_so_and_keeps_the_address(site, page, check_axe):
    page.goto(f"{site}/account/login/")
    page.get_by_label("Email address").fill("ics_lead@example.org")
    page.get_by_label("Password", exact=True).fill("not this one")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_text("There is a problem").wait_for()
    assert page.get_by_label("Email address").input_value() == "ics_lead@example.org"
    check_axe(page)
