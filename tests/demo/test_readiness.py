"""The demonstration's organisations: one may enter responses, the other is told what is missing."""

import pytest
from django.core.management import call_command

from incidents import policies
from incidents.models import Assurance, Item
from incidents.queries import gate
from ssip.core import audit, clock
from ssip.core.context import acting_as
from ssip.demo.people import GETTING_READY, READY
from ssip.demo.plans import who
from ssip.reminders.models import Task
from ssip.tenancy import reference
from ssip.tenancy.models import Organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def demonstration(settings, as_owner):
    settings.DEMO, settings.ROOT_URLCONF = True, "ssip.demo.urls"
    reference.load(*reference.sources())
    call_command("load_demo", verbosity=0)


def test_one_organisation_may_enter_responses(demonstration, become):
    ward, ready = who("Wanda Bay"), Organisation.objects.get(code=READY.code)
    with become("ssip_app"), acting_as(ward):
        assert policies.can_enter_responses(ward, ready)


def test_the_other_is_told_what_is_missing_and_asked_for_it(demonstration, become):
    specialist, other = who("Tess Quay"), Organisation.objects.get(code=GETTING_READY.code)
    with become("ssip_app"), acting_as(specialist):
        assert gate(specialist, other).missing == [Item.IMPACT_ASSESSMENT, Item.CONTROLLER_AGREEMENT]
        assert [task.verb for task in Task.objects.mine(specialist)] == ["Complete"]


def test_what_was_recorded_lies_in_the_past_and_after_its_signature(demonstration):
    for record in Assurance.objects.all():
        assert record.dated <= clock.local_date(record.at) < clock.today()
        assert clock.local_date(audit.of(record).get().at) == clock.local_date(record.at)


def test_loading_it_twice_changes_nothing(demonstration):
    before = list(Assurance.objects.order_by("id").values())
    call_command("load_demo", verbosity=0)

    assert list(Assurance.objects.order_by("id").values()) == before
