"""The pages on which an organisation says what is in place before responses: who reads, who records, what is said."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from incidents import policies, queries
from incidents.forms import FORMS
from incidents.models import Assurance, Item, Withdrawal
from ssip.core import clock
from ssip.core.context import acting_as
from tests.incidents.ready import recorded, withdrawn
from tests.pages import text, told

pytestmark = pytest.mark.django_db
HERE = "/organisations/zaa/going-live/"
READERS = ["ward_team", "specialist", "executive"]
TOKEN = re.compile(rb'value="[A-Za-z0-9]{64}"')
OUTSIDE = ["partner", "ics_lead", "quality_lead", "psc_lead", "psc_administrator", "site_administrator", "nobody"]


def address(item, what=""):
    return f"{HERE}{item.value}/{what}"


def on(name, day):
    return {f"{name}_day": day.day, f"{name}_month": day.month, f"{name}_year": day.year}


def typed(item, **other):
    said = on("dated", clock.today())
    said |= {"document": "DPIA 26-014", "arrangement": "separate", "title": "Medical Director"}
    return {name: value for name, value in said.items() if name.split("_")[0] in FORMS[item].base_fields} | other


def records(world):
    with acting_as(world.specialist):
        return list(Assurance.objects.order_by("id"))


# Reading


@pytest.mark.parametrize("who", READERS)
def test_everybody_in_the_organisation_reads_where_it_stands(world, as_, who):
    recorded(world, Item.IMPACT_ASSESSMENT, Item.CALDICOTT_GUARDIAN)
    shown = text(as_(getattr(world, who)).get(HERE))

    assert "Fenland Trust cannot enter responses yet: 2 of 4 things are missing." in shown
    assert "Medical Director, confirmed on 2 March 2026" in shown
    assert "Signed on 2 March 2026, reference DPIA 26-014" in shown
    assert "Patient safety specialist" in shown


def test_one_thing_missing_is_said_in_the_singular(world, as_):
    recorded(world)
    withdrawn(world, Item.ASSET_OWNER)
    shown = text(as_(world.ward_team).get(HERE))

    assert "1 of 4 things is missing" in shown
    assert "It was written for another site." in shown


def test_when_nothing_is_missing_the_page_says_so(world, as_):
    recorded(world)

    assert "Fenland Trust can enter responses" in text(as_(world.ward_team).get(HERE))


def statuses(answer):
    return [task["status"] for task in answer.context["tasks"]]


def test_each_item_says_where_it_stands(world, as_):
    with clock.days_ago(30):
        recorded(world, Item.IMPACT_ASSESSMENT, review_by=clock.today() + timedelta(days=20))
    recorded(world, Item.CONTROLLER_AGREEMENT, Item.CALDICOTT_GUARDIAN)
    withdrawn(world, Item.CALDICOTT_GUARDIAN)

    found = statuses(as_(world.ward_team).get(HERE))
    assert found == ["Review date has passed", "Recorded", "Withdrawn", "Missing"]


def test_only_who_may_record_is_led_to_the_forms(world, as_):
    for who, leads in (("ward_team", False), ("specialist", True), ("executive", True)):
        page = as_(getattr(world, who)).get(HERE).content.decode()
        assert (address(Item.ASSET_OWNER).replace("zaa", "ZAA") in page) == leads, who


@pytest.mark.parametrize("what", ["", "asset-owner/", "asset-owner/withdraw/"])
@pytest.mark.parametrize("who", OUTSIDE)
def test_for_others_the_organisations_pages_do_not_exist(world, as_, who, what):
    recorded(world, Item.ASSET_OWNER)
    client = as_(getattr(world, who))
    there, nowhere = client.get(HERE + what), client.get(f"/organisations/nowhere/going-live/{what}")

    assert (there.status_code, TOKEN.sub(b"", there.content)) == (404, TOKEN.sub(b"", nowhere.content))


def test_the_page_takes_as_many_queries_for_a_long_history_as_for_a_short(world, as_, django_assert_num_queries):
    client = as_(world.specialist)
    recorded(world)
    client.get(HERE)
    with CaptureQueriesContext(connection) as few:
        client.get(HERE)
    for _ in range(5):
        recorded(world)
        withdrawn(world, Item.ASSET_OWNER)
    with django_assert_num_queries(len(few)):
        client.get(HERE)


def test_the_gate_is_asked_in_two_queries(world, django_assert_num_queries):
    recorded(world)
    person, organisation = world.ward_team, world.broadmere
    with acting_as(person):
        policies.can_record(person, organisation)  # what is held is found once a request
        with django_assert_num_queries(2):
            assert policies.can_enter_responses(person, organisation)


def test_the_organisations_own_page_leads_there(world, as_):
    recorded(world, Item.IMPACT_ASSESSMENT)
    answer = as_(world.ward_team).get("/organisations/zaa/")
    assert "cannot enter responses yet: 3 of 4 things that must be in place first are missing" in text(answer)
    assert 'href="/organisations/ZAA/going-live/"' in answer.content.decode()

    recorded(world)
    assert "Fenland Trust can enter responses: everything" in text(as_(world.ward_team).get("/organisations/zaa/"))


# Recording


@pytest.mark.parametrize("item", Item)
def test_each_item_is_recorded_on_a_page_of_its_own(world, as_, item):
    client = as_(world.executive)
    assert client.get(address(item)).status_code == 200

    answer = client.post(address(item), typed(item), follow=True)
    assert told(answer) == [f"{item.label}: recorded. 3 of 4 still missing."]
    assert [(made.item, made.dated, made.by) for made in records(world)] == [(item, clock.today(), world.executive)]


def test_what_is_recorded_again_is_changed_in_part(world, as_):
    recorded(world, AGREEMENT)
    form = as_(world.specialist).get(address(AGREEMENT)).context["form"]

    assert (form["document"].value(), form["arrangement"].value()) == ("IG-AGR 7", "joint")
    assert not form["dated"].value()


def test_the_last_item_says_that_responses_can_begin(world, as_):
    recorded(world, Item.IMPACT_ASSESSMENT, Item.CONTROLLER_AGREEMENT, Item.CALDICOTT_GUARDIAN)
    answer = as_(world.specialist).post(address(Item.ASSET_OWNER), typed(Item.ASSET_OWNER), follow=True)

    assert told(answer) == ["Information asset owner: recorded. Nothing is missing: Fenland Trust can enter responses."]


# Not tomorrow: midnight may pass before they are entered.
SOON, LONG_AGO = clock.today() + timedelta(days=2), date(2018, 5, 24)
ASSESSMENT, AGREEMENT, GUARDIAN = Item.IMPACT_ASSESSMENT, Item.CONTROLLER_AGREEMENT, Item.CALDICOTT_GUARDIAN
WRONG = [
    (ASSESSMENT, on("dated", SOON), "dated", "The date must be today or earlier"),
    (GUARDIAN, on("dated", SOON), "dated", "The date must be today or earlier"),
    (AGREEMENT, on("dated", LONG_AGO), "dated", "The date must be 25 May 2018 or later"),
    (ASSESSMENT, {"dated_day": "31", "dated_month": "2"}, "dated", "The day of the signature must be a real date"),
    (ASSESSMENT, {"dated_year": "9" * 40}, "dated", "must have a year of 4 figures"),
    (ASSESSMENT, {"dated_day": ""}, "dated", "must include a day"),
    (ASSESSMENT, {"document": ""}, "document", "Enter the reference that it has"),
    (ASSESSMENT, {"document": "x" * 61}, "document", "60 characters or fewer"),
    (ASSESSMENT, {"document": "jane@trust.example"}, "document", "Take out the email address"),
    (ASSESSMENT, on("review_by", clock.today()), "review_by", "Review by must be a day in the future"),
    (ASSESSMENT, {"review_by_year": "2030"}, "review_by", "must include a day and a month"),
    (AGREEMENT, {"arrangement": ""}, "arrangement", "Select what the agreement says"),
    (AGREEMENT, {"arrangement": "none"}, "arrangement", "Select one of the options"),
    (GUARDIAN, {"title": "   "}, "title", "Enter the role in the organisation"),
    (GUARDIAN, {"title": "x" * 101}, "title", "100 characters or fewer"),
    (GUARDIAN, {"title": "Medical Director (j.doe@trust.example)"}, "title", "Take out the email address"),
    (GUARDIAN, {"title": "Medical Director @ Fenland"}, "title", "Take out the email address"),
    (ASSESSMENT, {"document": "DPIA 14 @ IG"}, "document", "Take out the email address"),
    (GUARDIAN, {"title": "Medical Director, 01603 496 000"}, "title", "Take out the telephone number"),
    (GUARDIAN, {"title": "Medical Director +44 (0)1603-496000"}, "title", "Take out the telephone number"),
    (GUARDIAN, {"title": "Medical\x00 Director"}, "title", "character"),
]


@pytest.mark.parametrize(("item", "change", "field", "sentence"), WRONG)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_recorded(world, as_, item, change, field, sentence):
    answer = as_(world.specialist).post(address(item), typed(item) | change)

    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [field]
    assert sentence in text(answer)
    assert records(world) == []


@pytest.mark.parametrize(
    "fine", ["Medical Director", "Director of Nursing, site 2", "Head of Patient Safety (band 8c)", "Guardian 2026/27"]
)
def test_a_role_with_figures_is_no_telephone_number(world, as_, fine):
    as_(world.specialist).post(address(GUARDIAN), typed(GUARDIAN, title=fine))

    assert [made.title for made in records(world)] == [fine]


@pytest.mark.parametrize("fine", ["DPIA 2026 0000123456", "IG/2026/0014-02", "02026-11-23-0000001"])
def test_a_reference_may_be_a_long_number(world, as_, fine):
    as_(world.specialist).post(address(ASSESSMENT), typed(ASSESSMENT, document=fine))

    assert [made.document for made in records(world)] == [fine]


@pytest.mark.parametrize("item", ["goodwill", "IMPACT-ASSESSMENT", "asset_owner"])
def test_there_are_four_items_and_no_fifth(world, as_, item):
    for what in ("", "withdraw/"):
        assert as_(world.specialist).get(f"{HERE}{item}/{what}").status_code == 404


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("what", ["", "withdraw/"])
def test_a_ward_team_reads_but_does_not_record(world, as_, method, what):
    recorded(world, Item.ASSET_OWNER)
    answer = getattr(as_(world.ward_team), method)(address(Item.ASSET_OWNER, what), typed(Item.ASSET_OWNER))

    assert answer.status_code == 403
    assert "recorded by the patient safety specialist or the executive lead of Fenland Trust" in text(answer)
    assert len(records(world)) == 1


# Withdrawing


def withdrawing(client, of, reason="It was written for another site."):
    return client.post(address(Item(of.item), "withdraw/"), {"of": of.pk, "reason": reason}, follow=True)


def test_a_record_is_withdrawn_with_a_reason(world, as_):
    made, client = recorded(world), as_(world.executive)
    assert "Nobody in Fenland Trust can enter a new response" in text(
        client.get(address(Item.ASSET_OWNER, "withdraw/"))
    )

    answer = withdrawing(client, made)
    assert told(answer) == ["Information asset owner: withdrawn. Nobody can enter a new response now."]
    assert "It was written for another site." in text(answer)
    with acting_as(world.executive):
        assert queries.gate(world.executive, world.broadmere).missing == [Item.ASSET_OWNER]


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        ("", "Enter why it no longer holds"),
        ("x" * 301, "300 characters or fewer"),
        ("Ask jane@trust.example", "Take out the email address"),
        ("Ring 07700 900 123", "Take out the telephone number"),
    ],
)
def test_a_reason_that_does_not_do_is_said(world, as_, reason, sentence):
    answer = withdrawing(as_(world.specialist), recorded(world), reason)

    assert sentence in text(answer)
    with acting_as(world.specialist):
        assert not Withdrawal.objects.exists()


def test_what_is_not_recorded_or_withdrawn_already_cannot_be_withdrawn(world, as_):
    client = as_(world.specialist)
    for _ in range(2):
        answer = client.get(address(Item.ASSET_OWNER, "withdraw/"), follow=True)
        assert told(answer) == ["Information asset owner: there is no record to withdraw."]
        recorded(world, Item.ASSET_OWNER)
        withdrawn(world, Item.ASSET_OWNER)


def test_what_somebody_recorded_anew_meanwhile_is_not_withdrawn(world, as_):
    seen = recorded(world, Item.ASSET_OWNER)
    recorded(world, Item.ASSET_OWNER, title="Chief Nurse")

    assert told(withdrawing(as_(world.executive), seen)) == [
        "Somebody has recorded this again. Look at what stands there now."
    ]


@pytest.mark.parametrize("of", ["987654321", "9" * 30, "x", ""])
def test_a_form_about_nothing_withdraws_nothing(world, as_, of):
    recorded(world, Item.ASSET_OWNER)
    answer = as_(world.specialist).post(address(Item.ASSET_OWNER, "withdraw/"), {"of": of, "reason": "Gone."})

    assert answer.status_code in (200, 404)
    with acting_as(world.specialist):
        assert not Withdrawal.objects.exists()
