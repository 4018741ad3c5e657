"""Signing in in two steps: with an app, with a code on paper, with a security key."""

import re
import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

from tests.journeys.conftest import PASSWORD

pytestmark = pytest.mark.journey
LEAD = "psc_lead@example.org"


@pytest.fixture
def site_settings():
    return {"SECOND_FACTOR": "true"}


@pytest.fixture(autouse=True)
def quiet_console(page):
    """The policy of the site blocks nothing that the pages need."""
    said = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    yield
    assert [text for text in said if "Content Security Policy" in text] == []


def password(page, site, email=LEAD):
    page.goto(f"{site}/work/")
    page.get_by_label("Email address").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def sign_out(page, site):
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(f"{site}/")


def code_of(secret, steps=0):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def enter(page, code, button="Continue"):
    page.get_by_label("Code", exact=True).fill(code)
    page.get_by_role("button", name=button).click()


def enter_code_of_app(page, secret, until, button="Continue"):
    """A code lives for half a minute: one that ran out on its way is answered, and the next one is entered."""
    enter(page, code_of(secret), button)
    page.wait_for_load_state()
    if page.url != until:
        enter(page, code_of(secret), button)
    page.wait_for_url(until)


def set_up_app(page, site):
    """From the password to the page with the recovery codes."""
    page.get_by_role("button", name="Set up an app").click()
    page.get_by_role("img", name="QR code for your authenticator app").wait_for()
    secret = page.locator("#app-key").inner_text()
    enter_code_of_app(page, secret, f"{site}/account/2fa/codes/", "Set up the app")
    codes = re.findall(r"^\d{4} \d{4}$", page.get_by_role("main").inner_text(), re.MULTILINE)
    assert len(codes) == 10
    return secret, codes


def test_a_psc_lead_sets_up_an_app_and_keeps_the_codes_on_paper_or_as_a_file(site, page, check_axe):
    password(page, site)
    page.wait_for_url(f"{site}/account/2fa/")
    page.get_by_role("heading", name="Set up a second step for signing in").wait_for()
    check_axe(page)
    page.goto(f"{site}/account/2fa/app/")
    check_axe(page)
    page.go_back()
    _, codes = set_up_app(page, site)
    check_axe(page)

    with page.expect_download() as kept:
        page.get_by_role("link", name="keep them as a file").click()
    assert codes[0] in kept.value.path().read_text()

    page.emulate_media(media="print")
    assert page.get_by_text("Keep this paper safe").is_visible()
    assert page.get_by_text(codes[9]).is_visible()
    assert not page.get_by_text("You see these codes only now").is_visible()
    assert not page.get_by_role("button", name="Sign out").is_visible()
    page.emulate_media(media="screen")
    page.get_by_role("button", name="I have kept my codes").click()
    page.wait_for_url(f"{site}/work/")


def test_a_psc_lead_signs_in_with_the_app_and_with_a_code_on_paper(site, page, check_axe):
    password(page, site)
    secret, codes = set_up_app(page, site)
    sign_out(page, site)

    # The password alone leads to the second step, a wrong code no further, and a right one to the page wanted
    password(page, site)
    page.wait_for_url(f"{site}/account/2fa/sign-in/")
    check_axe(page)
    page.goto(f"{site}/work/")
    page.wait_for_url(f"{site}/account/2fa/sign-in/")
    enter(page, "000000")
    page.get_by_role("alert").get_by_text("That code did not match").wait_for()
    check_axe(page)
    enter_code_of_app(page, secret, f"{site}/work/")
    sign_out(page, site)

    password(page, site)
    enter(page, codes[0])
    page.wait_for_url(f"{site}/work/")
    page.get_by_role("link", name="Your second step when you sign in").click()
    page.get_by_text("You have 9 left").wait_for()
    check_axe(page)


def test_a_psc_lead_gets_new_codes_and_removes_the_app(site, page, check_axe):
    password(page, site)
    _, codes = set_up_app(page, site)
    page.goto(f"{site}/account/2fa/codes/new/")
    check_axe(page)
    page.get_by_role("button", name="Get new codes").click()
    page.wait_for_url(f"{site}/account/2fa/codes/")
    assert codes[0] not in page.get_by_role("main").inner_text()

    page.goto(f"{site}/account/2fa/app/remove/")
    check_axe(page)
    page.get_by_role("button", name="Remove the app").click()
    page.get_by_text("The app is removed.").wait_for()
    page.get_by_role("heading", name="Set up a second step for signing in").wait_for()


@pytest.fixture
def key(page):
    """A security key in the browser's own hands."""
    browser = page.context.new_cdp_session(page)
    browser.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "usb", "automaticPresenceSimulation": True}
    return browser, browser.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]


def test_a_security_key_is_added_used_and_removed(site, page, key, check_axe):
    # A key belongs to a name, not to a number: the same site by its name
    site = site.replace("127.0.0.1", "localhost")
    password(page, site)
    page.get_by_role("link", name="Add a security key").click()
    check_axe(page)
    page.get_by_label("Name of the key").fill("Blue key")
    page.get_by_role("button", name="Add my security key").click()
    page.wait_for_url(f"{site}/account/2fa/codes/")
    page.get_by_role("button", name="I have kept my codes").click()
    page.wait_for_url(f"{site}/work/")
    sign_out(page, site)

    password(page, site)
    page.get_by_role("button", name="Use my security key").wait_for()
    check_axe(page)
    page.get_by_role("button", name="Use my security key").click()
    page.wait_for_url(f"{site}/work/")

    page.goto(f"{site}/account/2fa/")
    page.get_by_role("link", name="Remove Blue key").click()
    check_axe(page)
    page.get_by_role("button", name="Remove the key").click()
    page.get_by_text("The security key is removed.").wait_for()
    page.get_by_role("heading", name="Set up a second step for signing in").wait_for()


def test_a_key_that_does_not_answer_is_told_and_the_form_stays(site, page, key, check_axe):
    browser, which = key
    site = site.replace("127.0.0.1", "localhost")
    password(page, site)
    page.wait_for_url(f"{site}/account/2fa/")
    page.goto(f"{site}/account/2fa/keys/add/")
    browser.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": which})
    page.evaluate("navigator.credentials.create = async () => { throw new Error('no key') }; 0")
    page.get_by_label("Name of the key").fill("Blue key")
    page.get_by_role("button", name="Add my security key").click()

    page.get_by_text("The security key did not answer").wait_for()
    assert page.get_by_label("Name of the key").input_value() == "Blue key"
    check_axe(page)


def test_without_javascript_the_page_of_a_key_says_so_and_the_app_works(site, browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    password(page, site)
    page.wait_for_url(f"{site}/account/2fa/")
    page.goto(f"{site}/account/2fa/keys/add/")
    page.get_by_text("Security keys need JavaScript").wait_for()
    page.get_by_role("button", name="Add my security key").click()
    page.get_by_text("No security key answered").first.wait_for()
    page.goto(f"{site}/account/2fa/app/")
    enter_code_of_app(page, page.locator("#app-key").inner_text(), f"{site}/account/2fa/codes/", "Set up the app")
    context.close()
