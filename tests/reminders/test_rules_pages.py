"""The pages that say how long dates run in a place, and let it choose: who opens them, what they refuse."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ssip.core.context import acting_as
from ssip.core.models import AuditEvent
from ssip.reminders import workflow
from ssip.reminders.models import DeadlineKind, KindChoice
from ssip.reminders.queries.rules import days_in_words
from ssip.views.audit_words import lines
from tests.pages import text

pytestmark = pytest.mark.django_db
DATES = "/manage/ics-XAA/dates/"
CHANGES = f"{DATES}plan_changes/"
GIVEN = {"is_on": "yes", "length": "5", "remind": "3, 0, -1", "reason": "The group meets every week."}

WORDS = [
    ([14, 3, 0, -1, -7], "14 and 3 days before, on the day, 1 and 7 days after"),
    ([1, 0], "1 day before, on the day"),
    ([-1], "1 day after"),
    ([28, 7, 0], "28 and 7 days before, on the day"),
    ([], "never"),
]


@pytest.mark.parametrize(("remind", "words"), WORDS)
def test_days_are_said_in_words(remind, words):
    assert days_in_words(remind) == words


def test_the_page_says_how_long_who_hears_and_what_says_so(world, as_):
    page = text(as_(world.network_member).get(DATES))

    assert "Changed plan to be submitted again" in page
    assert "15 working days from: changes requested; on a day without work, to the working day after" in page
    assert "ICS lead: 7 and 1 days before, on the day, 1 and 7 days after PSC improvement lead, 3 days after" in page
    assert "Local default: no national standard sets it To be confirmed" in page
    assert "Change" not in page.split("What says so")[0]


def test_a_place_sees_the_kinds_that_concern_it(world, as_):
    ics, trust = (
        text(as_(world.ics_lead).get(DATES)),
        text(as_(world.specialist).get("/manage/organisation-ZAA/dates/")),
    )
    psc = text(as_(world.psc_lead).get("/manage/psc-EAST/dates/"))

    assert "Decision on a submitted plan" in ics
    assert "Duty of Candour" not in ics
    assert "Duty of Candour" in trust
    assert "Decision on a submitted plan" not in trust + psc
    assert "PSC report to NHS England" in psc


def test_what_a_place_chooses_stands_on_the_page_with_its_reason(world, as_):
    client = as_(world.ics_lead)
    answer = client.post(CHANGES, GIVEN, follow=True)

    assert answer.redirect_chain == [(DATES, 302)]
    page = text(answer)
    assert "what you chose counts for dates that are opened from now on" in page
    assert "5 working days from: changes requested" in page
    assert "Chosen here on" in page
    earlier = text(client.get(CHANGES))
    assert "Ics lead: 5 working days, reminded at 3, 0, -1. “The group meets every week.”" in earlier
    assert "Now: 5 working days (chosen here)." in earlier
    with acting_as(world.ics_lead):
        row = AuditEvent.objects.get(action="choose dates")
    assert row.data == {
        "kind": "Changed plan to be submitted again",
        "changed": {"length": ["15 working days", "5 working days"], "remind": ["7, 1, 0, -1, -7", "3, 0, -1"]},
    }
    said = lines([row])[0]
    assert "How long: from 15 working days to 5 working days" in said.detail
    assert said.what == "Chose how long dates run"


BAD = [
    ({"is_on": ""}, "Choose whether this date runs here"),
    ({"length": ""}, "Enter how long it runs"),
    ({"length": "0"}, "must be 1 or more"),
    ({"length": "1001"}, "must be 1000 or less"),
    ({"length": "five"}, "How long it runs must be a whole number"),
    ({"length": "9" * 400}, "must be 1000 or less"),
    ({"remind": ""}, "Enter at least one day"),
    ({"remind": " , "}, "Enter at least one day"),
    ({"remind": "soon"}, "Days must be whole numbers"),
    ({"remind": "400"}, "each at most 365"),
    ({"remind": "1,2,3,4,5,6,7,8,9"}, "at most 8 days"),
    ({"reason": ""}, "Say why"),
    ({"reason": "x" * 301}, "300"),
]


@pytest.mark.parametrize(("wrong", "says"), BAD)
def test_bad_input_is_said_beside_the_field_and_loses_nothing(world, as_, wrong, says):
    answer = as_(world.ics_lead).post(CHANGES, GIVEN | wrong)

    assert answer.status_code == 200
    assert says in text(answer)
    if "reason" not in wrong:
        assert "The group meets every week." in answer.content.decode()
    with acting_as(world.ics_lead):
        assert not KindChoice.objects.exists()


def test_a_duty_cannot_be_made_laxer_on_the_page(world, as_):
    trust = "/manage/organisation-ZAA/dates/"
    client = as_(world.specialist)

    longer = client.post(f"{trust}psii_limit/", GIVEN | {"length": "7"})
    assert "This is a duty (standard): at most 6 months." in text(longer)
    off = client.post(f"{trust}psii_limit/", GIVEN | {"is_on": "no"})
    assert "it cannot be switched off here" in text(off)
    assert client.post(f"{trust}psii_limit/", GIVEN | {"length": "4"}).status_code == 302


def test_a_date_that_is_set_each_time_asks_for_no_length(world, as_):
    client = as_(world.ics_lead)
    assert "How many" not in text(client.get(f"{DATES}plan_due/"))
    assert client.post(f"{DATES}plan_due/", GIVEN).status_code == 302


# (who, sees the page, may choose)
DOORS = [
    ("ics_lead", 200, 200),
    ("quality_lead", 200, 200),
    ("network_member", 200, 403),
    ("psc_lead", 200, 403),
    ("psc_administrator", 200, 403),
    ("sibling_lead", 404, 404),
    ("outsider", 404, 404),
    ("specialist", 404, 404),
    ("nobody", 404, 404),
]


@pytest.mark.parametrize(("name", "sees", "chooses"), DOORS)
def test_who_opens_which_page(world, as_, name, sees, chooses):
    client = as_(getattr(world, name))
    assert (client.get(DATES).status_code, client.get(CHANGES).status_code) == (sees, chooses)
    assert client.post(CHANGES, GIVEN).status_code == (302 if chooses == 200 else chooses)


@pytest.mark.parametrize("path", [f"{DATES}no_such_kind/", f"{DATES}doc_verbal/", "/manage/ward-XAA/dates/"])
def test_what_does_not_concern_the_place_is_missing(world, as_, path):
    assert as_(world.ics_lead).get(path).status_code == 404


def test_the_page_asks_as_often_for_thirty_choices_as_for_none(world, as_):
    client = as_(world.ics_lead)

    def asked():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(DATES).status_code == 200
        return len(queries)

    asked()
    before = asked()
    with acting_as(world.ics_lead):
        kinds = list(DeadlineKind.objects.filter(places__contains=["ics"], length__isnull=False, basis="local"))
        for number in range(30):
            workflow.choose(
                kinds[number % len(kinds)], world.fenland, length=number + 1, remind=[1], is_on=True, reason="Try",
                by=world.ics_lead,
            )  # fmt: skip
    assert asked() == before
