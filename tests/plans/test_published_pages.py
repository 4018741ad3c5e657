"""The library of published plans: open to everybody, and all that everybody may see."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from plans.models import PublishedPlan
from plans.queries.published import ON_A_PAGE
from ssip.core import clock
from ssip.core.context import acting_as
from tests.pages import text
from tests.stories import a_published_plan, an_approved_plan

pytestmark = pytest.mark.django_db
LIBRARY = "/published/"


@pytest.fixture
def published(world):
    plan = a_published_plan(world)
    with acting_as(None):
        return PublishedPlan.objects.get(plan_id=plan.pk)


def copies(published, count, become, **other):
    """More publications, each a minute older than the one before; of another network each."""
    from datetime import timedelta

    from plans.models import Plan

    with become("ssip_owner"):
        plan = Plan.objects.get(pk=published.plan_id)
        values = {field.attname: getattr(published, field.attname) for field in PublishedPlan._meta.fields}
        for number in range(1, count + 1):
            twin = Plan.objects.get(pk=plan.pk)
            twin.pk, twin._state.adding = None, True
            twin.reference, twin.round_id = f"{plan.reference}-{PublishedPlan.objects.count()}", _round_like(plan)
            twin.save(force_insert=True)
            new = values | {
                "id": None,
                "plan_id": twin.pk,
                "network_id": 100_000 + twin.pk,
                "network_name": f"Network {number}",
                "published_at": published.published_at - timedelta(minutes=number),
            }
            PublishedPlan.objects.create(**(new | other))


def _round_like(plan):
    """One plan a network and round: each copy needs a round of its own."""
    from plans.models import Round

    twin = Round.objects.get(pk=plan.round_id)
    twin.pk, twin._state.adding, twin.reference = None, True, f"{twin.reference}-{Round.objects.count()}"
    twin.save(force_insert=True)
    return twin.pk


def names(answer):
    return [plan.network_name for plan in answer.context["plans"]]


def test_an_empty_library_says_what_will_be_there(client, db):
    assert "No plan is published yet" in text(client.get(LIBRARY))


def test_everybody_reads_a_published_plan_without_signing_in(client, published):
    assert "Fenland Patient Safety Improvement Network" in text(client.get(LIBRARY))
    shown = text(client.get(reverse("plans:published_plan", args=[published.pk])))

    assert "Aims. We want fewer falls on our wards by next summer." in shown
    assert "Endorsed by System Quality Group on 3 November 2026" in shown
    assert f"approved by Eastern PSC on {clock.today():%-d %B %Y}" in shown
    assert "version 1" in shown
    assert published.check_code in shown


def test_no_name_of_a_person_is_published(client, published):
    for where in ("published_plan", "published_text"):
        page = client.get(reverse(f"plans:{where}", args=[published.pk])).content.decode()
        assert not re.search(r"ics lead|quality lead|psc lead|@example", page, re.IGNORECASE)


def test_an_approved_plan_is_not_in_the_library_before_it_is_published(client, world):
    an_approved_plan(world)

    assert "No plan is published yet" in text(client.get(LIBRARY))


@pytest.mark.parametrize("name", ["", "published_plan", "published_text"])
def test_a_reader_without_an_account_asks_the_database_for_published_plans_alone(client, published, name):
    where = reverse(f"plans:{name}", args=[published.pk]) if name else LIBRARY
    with CaptureQueriesContext(connection) as asked:
        assert client.get(where).status_code == 200
    tables = {table for query in asked for table in re.findall(r'(?:FROM|JOIN) "(\w+)"', query["sql"])}

    assert tables == {"plans_publishedplan"}


def test_the_plain_text_holds_the_whole_plan_and_has_a_simple_name(client, published):
    answer = client.get(reverse("plans:published_text", args=[published.pk]))
    words = answer.content.decode()

    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert re.fullmatch(r'attachment; filename="[a-z0-9-]+\.txt"', answer.headers["Content-Disposition"])
    for section in published.sections:
        assert f"\n{section['title']}\n\n{section['content']['text']}\n" in words
    assert published.check_code in words


def test_the_plain_text_is_text_and_not_markup(client, published, become):
    copies(published, 1, become, network_name="Falls & fractures", sections=[
        {"key": "aims", "title": "Aims", "kind": "text", "content": {"text": "A < B & “C”"}, "digest": "0"},
    ])  # fmt: skip
    twin = PublishedPlan.objects.get(network_name="Falls & fractures")
    words = client.get(reverse("plans:published_text", args=[twin.pk])).content.decode()

    assert "Falls & fractures" in words
    assert "A < B & “C”" in words


def test_the_demonstration_says_so_in_the_file_too(client, published, settings):
    settings.DEMO = True
    words = client.get(reverse("plans:published_text", args=[published.pk])).content.decode()

    assert words.startswith("Demonstration: everything here is invented.")


def test_an_example_is_marked_wherever_it_is_shown(client, published, become):
    copies(published, 1, become, is_example=True)
    example = PublishedPlan.objects.get(is_example=True)
    pages = [
        LIBRARY,
        reverse("plans:published_plan", args=[example.pk]),
        reverse("plans:published_text", args=[example.pk]),
    ]

    for where in pages:
        assert client.get(where).content.decode().replace("&#x27;", "'").count("Example text, not this ICS's plan") == 1
    assert "Example" not in text(client.get(reverse("plans:published_plan", args=[published.pk])))


def test_an_older_edition_is_marked_and_leads_to_the_newest(client, published, become):
    from datetime import timedelta

    newer = published.published_at + timedelta(days=365)
    copies(published, 1, become, network_id=published.network_id, title="The newer plan", published_at=newer)
    newest = PublishedPlan.objects.get(title="The newer plan")
    listed = client.get(LIBRARY)
    assert [(plan.pk, plan.is_replaced) for plan in listed.context["plans"]] == [
        (newest.pk, False),
        (published.pk, True),
    ]
    assert text(listed).count("Replaced by a newer edition") == 1

    old = client.get(reverse("plans:published_plan", args=[published.pk]))
    assert "Replaced by a newer edition" in text(old)
    assert reverse("plans:published_plan", args=[newest.pk]) in old.content.decode()
    assert "Replaced" not in text(client.get(reverse("plans:published_plan", args=[newest.pk])))


def test_the_search_finds_ics_and_network_by_part_of_the_name(client, published, become):
    copies(published, 1, become, network_name="Coastal network", ics_name="Broadland")

    assert names(client.get(LIBRARY, {"q": "coast"})) == ["Coastal network"]
    assert names(client.get(LIBRARY, {"q": "broadl"})) == ["Coastal network"]
    assert "No plan found for “moon”" in text(client.get(LIBRARY, {"q": "moon"}))


@pytest.mark.parametrize("at_once", [False, True])
def test_the_pages_lead_through_all_plans_and_back(client, published, become, at_once):
    copies(published, 2 * ON_A_PAGE, become, **({"published_at": published.published_at} if at_once else {}))
    first = client.get(LIBRARY)
    second = client.get(first.context["older"])
    third = client.get(second.context["older"])

    assert first.context["newer"] == ""
    assert third.context["older"] == ""
    assert [len(names(page)) for page in (first, second, third)] == [ON_A_PAGE, ON_A_PAGE, 1]
    assert len({*names(first), *names(second), *names(third)}) == 2 * ON_A_PAGE + 1
    back = client.get(third.context["newer"])
    assert names(back) == names(second)
    assert names(client.get(back.context["newer"])) == names(first)
    assert client.get(back.context["newer"]).context["newer"] == ""


def test_the_search_stays_from_page_to_page(client, published, become):
    copies(published, ON_A_PAGE + 5, become, ics_name="Broadland")
    first = client.get(LIBRARY, {"q": "broad"})

    assert "q=broad" in first.context["older"]
    assert len(names(client.get(first.context["older"]))) == 5


@pytest.mark.parametrize("older", ["x", "-1", "9" * 5000, "0", "²", "999999"])
def test_an_address_with_nonsense_shows_the_library(client, published, older):
    assert names(client.get(LIBRARY, {"older": older})) == [published.network_name]


def test_the_library_takes_as_many_queries_for_3_plans_as_for_30(client, published, become, django_assert_num_queries):
    copies(published, 2, become)
    with CaptureQueriesContext(connection) as few:
        client.get(LIBRARY)
    copies(published, 15, become)
    with django_assert_num_queries(len(few)):
        assert len(names(client.get(LIBRARY))) == 18


def test_a_plan_that_is_not_there_is_not_found(client, db):
    assert client.get("/published/1/").status_code == 404
    assert client.get("/published/1/text/").status_code == 404
