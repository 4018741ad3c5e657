"""“Not mine”: the page, and that it exists for nobody whose task it is not."""

import pytest

from ssip.core.context import acting_as
from ssip.reminders.models import HandBack, Task
from ssip.tenancy import workflow as tenancy
from ssip.tenancy.models import Role
from tests.reminders.given import open_task

pytestmark = pytest.mark.django_db


@pytest.fixture
def task(world):
    with acting_as(world.psc_administrator):
        tenancy.grant(
            world.nobody.email, Role.ICB_QUALITY_LEAD, world.fenland, by=world.psc_administrator, reason="Joins"
        )
    with acting_as(world.ics_lead):
        return open_task(world)


@pytest.fixture
def visit(client, world):
    """Ask for, or send, the page as somebody."""

    def _visit(who, task, **words):
        client.force_login(getattr(world, who))
        address = f"/work/{task.pk}/not-mine/"
        return client.post(address, words) if words else client.get(address)

    return _visit


def test_the_page_says_what_is_handed_back_and_asks_why(visit, task):
    page = visit("quality_lead", task).content.decode()
    assert "Endorse Patient Safety Network Plan 2026/27" in page
    assert 'name="word"' in page


@pytest.mark.parametrize("who", ["ics_lead", "network_member", "outsider", "site_administrator"])
def test_somebody_elses_task_does_not_exist(visit, task, who):
    assert visit(who, task).status_code == 404
    assert visit(who, task, word="Not me").status_code == 404


def test_handing_it_back_takes_it_off_the_list(visit, task, world):
    answer = visit("quality_lead", task, word="I am away until March")
    assert (answer.status_code, answer["Location"]) == (302, "/work/")
    with acting_as(world.quality_lead):
        assert HandBack.objects.get().word == "I am away until March"
        assert not Task.objects.mine(world.quality_lead).exists()


@pytest.mark.parametrize("word", [" ", "x" * 301])
def test_it_needs_a_few_words_and_not_many(visit, task, world, word):
    page = visit("quality_lead", task, word=word)
    assert page.status_code == 200
    assert "There is a problem" in page.content.decode()
    with acting_as(world.quality_lead):
        assert Task.objects.mine(world.quality_lead).exists()


def test_where_nobody_else_could_do_it_the_person_is_told(visit, task, world, client):
    visit("nobody", task, word="Not me")
    answer = visit("quality_lead", task, word="Nor me")
    assert answer["Location"] == "/work/"
    assert "Nobody else could do this" in client.get("/work/").content.decode()


def test_nothing_on_the_page_is_undefined(visit, task, settings):
    engine = settings.TEMPLATES[0]
    settings.TEMPLATES = [engine | {"OPTIONS": engine["OPTIONS"] | {"string_if_invalid": "NOT GIVEN: %s"}}]
    assert "NOT GIVEN" not in visit("quality_lead", task).content.decode()


def test_nobody_who_is_not_signed_in_comes_in(client, task):
    assert client.get(f"/work/{task.pk}/not-mine/").status_code == 302
