"""Looking back: from a record to what was done to it, by mouse, on a phone and on paper."""

import pytest

from networks import workflow as networks
from plans import workflow as plans
from plans.models import Round
from ssip.core.context import acting_as
from tests.journeys.conftest import sign_in
from tests.stories import a_returned_plan, written

pytestmark = pytest.mark.journey


@pytest.fixture
def plan(world, django_db_blocker):
    """A plan that came back and was written again, in a round that is closed, of a network that was changed."""
    with django_db_blocker.unblock():
        plan = written(world, a_returned_plan(world), words="In other words.")
        with acting_as(world.ics_lead):
            networks.change(plan.network, by=world.ics_lead, kind="medicines", purpose="Fewer falls.")
        with acting_as(world.psc_administrator):
            plans.close_round(Round.objects.get(pk=plan.round_id), by=world.psc_administrator)
    return plan


def looks_back(page, check_axe, address, sentence):
    page.goto(address)
    page.get_by_role("link", name="What has happened so far").click()
    page.get_by_role("heading", name="What has happened so far").wait_for()
    page.get_by_text(sentence).first.wait_for()
    check_axe(page)
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.set_viewport_size({"width": 1280, "height": 800})
    page.emulate_media(media="print")
    assert page.get_by_text(sentence).first.is_visible()
    page.emulate_media(media="screen")


def test_each_record_leads_to_what_was_done_to_it(site, page, plan, check_axe):
    sign_in(page, site, "psc_administrator@example.org")
    looks_back(page, check_axe, f"{site}/rounds/{plan.round_id}/", "Plans in the round: from 0 to 1")
    looks_back(page, check_axe, f"{site}/networks/{plan.network_id}/", "from Patient safety, ICS-wide to Medicines")
    looks_back(page, check_axe, f"{site}/plans/{plan.pk}/", "Where it stands: from Endorsed to Changes asked for")
    page.get_by_role("listitem").filter(has_text="from version 1 to version 2").get_by_role("link").first.click()
    page.get_by_role("heading", name="Version 2 of 2").wait_for()


def test_who_opened_the_audit_stands_in_it_for_the_next(site, page, world, check_axe):
    sign_in(page, site, "ics_lead@example.org")
    page.goto(f"{site}/manage/ics-XAA/audit/")
    page.get_by_role("heading", name="Fenland Audit").wait_for()
    page.get_by_label("What was done").select_option("Reads only")
    page.get_by_role("button", name="Search").click()
    page.get_by_text("Shown is what you last looked for.").wait_for()
    page.wait_for_load_state()
    (row,) = page.get_by_role("row").filter(has_text="Opened the audit").all()
    assert "Ics lead" in row.inner_text()
    check_axe(page)
