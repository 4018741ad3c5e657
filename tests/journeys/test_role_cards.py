"""A visitor to the demonstration is one person after the other."""

import os
import subprocess
import sys
from urllib.parse import urlsplit, urlunsplit

import pytest

pytestmark = pytest.mark.journey


@pytest.fixture
def demonstration(committed_db, monkeypatch):
    """The demonstration's own people and plans; asked for before the site, which then is one."""
    monkeypatch.setenv("DEMO", "true")
    address = {
        name: urlunsplit(urlsplit(os.environ[name])._replace(path=f"/{committed_db}"))
        for name in ("DATABASE_URL", "OWNER_DATABASE_URL", "WORKER_DATABASE_URL")
    }
    for command in ("load_reference", "load_demo"):
        environment = os.environ | address | {"SSIP_DATABASE_ROLE": "owner"}
        subprocess.run([sys.executable, "manage.py", command], env=environment, check=True, capture_output=True)


def test_a_visitor_is_a_lead_and_then_an_administrator(demonstration, site, page, check_axe):
    page.goto(f"{site}/manage/ics-T6Y0W/people/")
    page.get_by_role("heading", name="Choose who you want to be").wait_for()
    check_axe(page)

    page.get_by_role("button", name="Sign in as Nora Broads").click()
    page.wait_for_url(f"{site}/manage/ics-T6Y0W/people/")
    page.get_by_text("You are Nora Broads, ICS lead of Norfolk and Suffolk.").wait_for()
    assert "Esther Wick" not in page.content()
    check_axe(page)

    page.get_by_role("link", name="Be somebody else").click()
    page.get_by_text("You are Nora Broads now.").wait_for()
    check_axe(page)
    page.get_by_role("button", name="Sign in as Ada Keys").click()
    page.get_by_text("You are Ada Keys, System administrator.").wait_for()


def test_who_has_javascript_switched_off_can_choose_too(demonstration, site, browser):
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{site}/demo/")
    page.get_by_role("button", name="Sign in as Pat Hale").click()
    page.wait_for_url(f"{site}/work/")
