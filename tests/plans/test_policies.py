"""Four eyes, and who may write: rules as truth tables."""

import pytest
from django.core.exceptions import PermissionDenied

from plans import policies, workflow
from plans.models import Plan, Section
from ssip.core.context import acting_as
from ssip.tenancy import workflow as tenancy
from ssip.tenancy.models import Role
from tests.stories import ENDORSEMENT, a_draft, a_submitted_plan, moved, written

pytestmark = pytest.mark.django_db


def also(world, name, role, scope, become):
    """The person gets a second role, as happens where two jobs are one person's."""
    with become("ssip_owner"):
        tenancy.grant(f"{name}@example.org", role, scope, by=None, reason="Two jobs, one person")


def answer(policy, person, plan):
    with acting_as(person):
        return bool(policy(person, Plan.objects.with_names().get(pk=plan.pk)))


@pytest.mark.parametrize(
    ("did", "may_endorse"),
    [("nothing", True), ("comment", True), ("write", False), ("submit", False)],
)
def test_who_wrote_or_submitted_does_not_endorse_and_who_commented_may(world, become, did, may_endorse):
    also(world, "quality_lead", Role.ICS_LEAD, world.fenland, become)
    plan = written(world, a_draft(world))
    quality_lead = world.quality_lead
    if did == "write":
        written(world, plan, by=quality_lead, words="In other words.")
    if did == "comment":
        with acting_as(quality_lead):
            workflow.add_comment(plan, text="Good.", token="5f0c4bd4-4a4c-4b0e-8d4f-0e2c6bb7a001", by=quality_lead)
    moved(world, plan, "submit", quality_lead if did == "submit" else world.ics_lead)

    assert answer(policies.can_endorse, quality_lead, plan) is may_endorse
    assert answer(policies.can_ask_for_changes, quality_lead, plan) is may_endorse


def test_an_author_of_the_first_version_does_not_decide_about_the_second(world, become):
    also(world, "quality_lead", Role.ICS_LEAD, world.fenland, become)
    plan = moved(world, written(world, a_draft(world), by=world.quality_lead), "submit", world.quality_lead)
    moved(world, plan, "withdraw", world.ics_lead)
    moved(world, plan, "reopen", world.ics_lead)
    moved(world, written(world, plan, words="All new."), "submit", world.ics_lead)
    with pytest.raises(PermissionDenied, match="wrote or submitted"):
        moved(world, plan, "endorse", world.quality_lead, **ENDORSEMENT)


@pytest.mark.parametrize(
    ("name", "invited_to", "writes"),
    [
        ("ics_lead", None, {"aims", "measures"}),
        ("partner", None, set()),
        ("partner", "aims", {"aims"}),
        ("partner", "", {"aims", "measures"}),
        ("quality_lead", None, set()),
        ("psc_lead", None, set()),
        ("psc_administrator", None, set()),
    ],
)
def test_sections_are_written_by_the_lead_and_those_invited(world, name, invited_to, writes):
    plan, person = a_draft(world), getattr(world, name)
    if invited_to is not None:
        invite(world, plan, person, invited_to)
    with acting_as(person):
        sections = Section.objects.filter(plan=plan, key__in=["aims", "measures"]).select_related("plan__ics")
        assert {section.key for section in sections if policies.can_write(person, section)} == writes


def invite(world, plan, person, key):
    with acting_as(world.ics_lead):
        section = Section.objects.get(plan=plan, key=key) if key else None
        return workflow.add_co_author(plan, person=person, section=section, by=world.ics_lead)


def test_an_invitation_that_has_ended_opens_nothing(world):
    plan = a_draft(world)
    co_author = invite(world, plan, world.partner, "aims")
    with acting_as(world.ics_lead):
        workflow.end_co_author(co_author, by=world.ics_lead)
    with acting_as(world.partner):
        aims = Section.objects.select_related("plan__ics").get(plan=plan, key="aims")
        assert not policies.can_write(world.partner, aims)


@pytest.mark.parametrize(
    "name", ["psc_lead", "psc_administrator", "quality_lead", "outsider", "sibling_lead", "nobody"]
)
def test_only_members_and_partners_of_the_ics_are_invited_to_write(world, name):
    with pytest.raises(PermissionDenied, match="members and partners"):
        invite(world, a_draft(world), getattr(world, name), "")


@pytest.mark.parametrize(
    ("name", "may"),
    [("ics_lead", True), ("quality_lead", True), ("network_member", True), ("partner", True), ("psc_lead", True),
     ("psc_administrator", False)],
)  # fmt: skip
def test_who_may_comment(world, name, may):
    assert answer(policies.can_comment, getattr(world, name), a_submitted_plan(world)) is may
