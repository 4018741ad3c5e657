"""The demonstration's own data, and the tour that leads through them."""

import pytest
from django.core.management import call_command

from plans.models import Decision, Plan, PublishedPlan, Section
from ssip.core import audit, clock
from ssip.core.context import acting_as
from ssip.core.models import User
from ssip.demo import texts, tour
from ssip.demo.people import PEOPLE
from ssip.reminders.models import Notice, Task
from ssip.tenancy import reference

pytestmark = pytest.mark.django_db


@pytest.fixture
def demonstration(settings, as_owner):
    settings.DEMO, settings.ROOT_URLCONF = True, "ssip.demo.urls"
    reference.load(*reference.sources())
    call_command("load_demo", verbosity=0)


@pytest.fixture
def as_app(demonstration, become):
    with become("ssip_app"):
        yield


def who(name):
    return User.objects.get(email=next(each.email for each in PEOPLE if each.name == name))


def test_three_plans_are_on_their_way_and_six_examples_are_published(demonstration):
    status = dict(Plan.objects.values_list("ics__code", "status"))

    assert {code: status[code] for code in ("D7T5G", "T6Y0W", "S1Y5D")} == {
        "D7T5G": "draft",
        "T6Y0W": "submitted",
        "S1Y5D": "changes_asked",
    }
    assert PublishedPlan.objects.filter(is_example=True).count() == 6 == PublishedPlan.objects.count()


def test_loading_it_twice_changes_nothing(demonstration):
    before = Plan.objects.count(), User.objects.count(), Section.objects.count()
    call_command("load_demo", verbosity=0)

    assert (Plan.objects.count(), User.objects.count(), Section.objects.count()) == before


def test_no_decision_is_of_somebody_who_wrote_the_plan(demonstration):
    for decision in Decision.objects.select_related("version"):
        assert decision.by_id not in decision.version.authors


def test_the_past_of_a_plan_lies_in_the_past(demonstration):
    plan = Plan.objects.get(ics__code="S1Y5D")
    days = [(clock.today() - clock.local_date(event.at)).days for event in audit.of(plan)]

    assert days[0] >= 49
    assert days == sorted(days, reverse=True)
    assert days[-1] >= 5


def test_no_mail_of_the_past_goes_out(demonstration):
    assert not Notice.objects.filter(told_at=None).exists()


def test_those_whose_turn_it_is_have_work_to_do(as_app):
    for name, verb in (("Esther Wick", "Draft"), ("Quentin Ward", "Endorse"), ("Priya Senior", "Read")):
        with acting_as(who(name)):
            assert verb in {task.verb for task in Task.objects.mine(who(name))}


def test_somebody_of_another_psc_sees_none_of_it(as_app):
    with acting_as(who("Wes Moor")):
        assert not Plan.objects.exists()


def test_each_step_of_the_tour_opens_for_the_person_it_is_told_of(as_app, client):
    for step in tour.steps():
        if step.who:
            client.post("/demo/sign-in/", {"email": step.who.email, "next": step.href})
        else:
            client.logout()
        answer = client.get(step.href)
        assert answer.status_code == 200, step


def test_the_page_of_the_tour_offers_each_step(as_app, client):
    page = client.get("/tour/").content.decode()

    assert page.count("See this as") == 5
    assert 'href="/published/"' in page


@pytest.mark.parametrize("topic", ["falls", "deterioration", "medicines", "handover", "skin", "maternity"])
def test_a_text_leaves_no_gap_open(topic):
    assert all("{" not in text and len(text) > 80 for text in texts.sections(topic).values())


def test_the_texts_fit_the_template(demonstration):
    assert set(Section.objects.values_list("key", flat=True)) == set(texts.sections("falls"))
