"""The audit of a place on a page and in a file: who may read it, what it says, how one finds something in it."""

import csv
import re
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from networks import workflow as networks
from plans.models import Plan
from ssip.core import audit, clock
from ssip.core.context import acting_as
from ssip.core.models import AuditEvent, User
from ssip.tenancy import workflow as tenancy
from ssip.tenancy.models import Role
from ssip.views import audit as pages
from ssip.views.audit_words import ACTIONS
from tests.pages import text, told
from tests.stories import STATIONS, a_network, an_approved_plan

pytestmark = pytest.mark.django_db
FENLAND = "/manage/ics-XAA/audit/"


def seal():
    """What a commit does: before it, a row has no place and is on no page."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


@pytest.fixture
def record(world):
    def some(times=1, action="comment", scope=None, by=None, **data):
        by = by or world.ics_lead
        with acting_as(by):
            for _ in range(times):
                audit.record(action, scope or world.fenland, by=by, **data)
        seal()

    return some


def rows_of(answer):
    return list(answer.context["rows"])


def file_of(answer):
    return list(csv.reader(StringIO(answer.content.decode("utf-8-sig"))))


# Who may read it


@pytest.mark.parametrize(
    ("name", "address", "expected"),
    [
        ("ics_lead", "ics-XAA", 200),
        ("quality_lead", "ics-XAA", 200),
        ("psc_lead", "ics-XAA", 200),
        ("psc_administrator", "ics-XAA", 200),
        ("psc_lead", "psc-EAST", 200),
        ("psc_administrator", "psc-EAST", 200),
        ("specialist", "organisation-ZAA", 200),
        ("network_member", "ics-XAA", 403),
        ("partner", "ics-XAA", 403),
        ("specialist_member", "psc-EAST", 403),
        ("ward_team", "organisation-ZAA", 403),
        ("executive", "organisation-ZAA", 403),
        ("psc_lead", "organisation-ZAA", 404),
        ("sibling_lead", "ics-XAA", 404),
        ("outsider", "ics-XAA", 404),
        ("outsider", "psc-EAST", 404),
        ("site_administrator", "ics-XAA", 404),
        ("nobody", "ics-XAA", 404),
        ("ics_lead", "ics-NONE", 404),
        ("ics_lead", "site-XAA", 404),
    ],
)
@pytest.mark.parametrize("page", ["audit/", "audit/file/"])
def test_who_answers_for_a_place_reads_its_audit(world, as_, name, address, expected, page):
    assert as_(getattr(world, name)).get(f"/manage/{address}/{page}").status_code == expected


def test_who_may_not_is_told_who_may(world, as_):
    assert "Only those who lead, endorse or approve plans" in text(as_(world.partner).get(FENLAND))
    assert "Only a patient safety specialist" in text(as_(world.ward_team).get("/manage/organisation-ZAA/audit/"))


@pytest.mark.parametrize(
    ("name", "path", "expected"),
    [
        ("psc_lead", "/psc/EAST/", True),
        ("ics_lead", "/ics/XAA/", True),
        ("partner", "/ics/XAA/", False),
        ("specialist", "/organisations/ZAA/", True),
        ("ward_team", "/organisations/ZAA/", False),
    ],
)
def test_a_place_leads_to_its_audit_who_may_read_it(world, as_, name, path, expected):
    assert ("Audit: who did what here" in text(as_(getattr(world, name)).get(path))) == expected


def test_what_happened_in_a_sibling_or_in_the_psc_is_not_shown(world, as_, record):
    record(action="submit")
    record(action="withdraw", scope=world.broadland, by=world.sibling_lead)
    record(action="open round", scope=world.eastern, by=world.psc_administrator)
    shown = rows_of(as_(world.ics_lead).get(FENLAND))

    assert shown[0].what == "Submitted the plan for approval"
    assert not {row.what for row in shown} & {"Withdrew the plan", "Opened a planning round"}


# What it says


def test_the_way_of_a_plan_is_told_in_sentences_the_newest_first(world, as_):
    plan = an_approved_plan(world)
    seal()
    shown = rows_of(as_(world.psc_lead).get(FENLAND))
    told_of_plan = [row.what for row in shown if row.about == f"Plan {plan.reference}"]

    assert told_of_plan[:3] == [
        "Approved the plan",
        "Recorded the endorsement of the ICB",
        "Submitted the plan for approval",
    ]
    assert shown[0].detail.startswith("from Endorsed, to Approved, version 1, check code ")
    assert (shown[0].who, shown[0].roles) == ("Psc lead", "PSC improvement lead")
    assert [row.sequence for row in shown] == sorted((row.sequence for row in shown), reverse=True)


@pytest.mark.parametrize("station", ["published", "changes_asked", "withdrawn"])
def test_every_station_of_a_plan_is_told_in_words(world, station):
    STATIONS[station](world)
    with acting_as(world.psc_administrator):
        assert set(AuditEvent.objects.values_list("action", flat=True)) <= set(ACTIONS)


def test_every_action_that_the_code_records_by_name_has_words():
    """Else nobody finds it by what was done: the words stand in ssip/views/audit_words.py."""
    found = set()
    for package in ("ssip", "networks", "plans", "incidents"):
        for path in (Path(settings.BASE_DIR) / package).rglob("*.py"):
            found |= set(re.findall(r"\baudit\.record\(\s*\"([^\"]+)\"", path.read_text()))

    assert "save section" in found
    assert found <= set(ACTIONS)


def test_a_role_is_told_with_its_person_and_its_last_day(world, as_):
    until = clock.today() + timedelta(days=30)
    with acting_as(world.psc_administrator):
        tenancy.grant(
            world.nobody.email, Role.NETWORK_MEMBER, world.fenland,
            by=world.psc_administrator, reason="Joins us", until=until,
        )  # fmt: skip
    seal()
    row = rows_of(as_(world.ics_lead).get(FENLAND))[0]

    assert row.what == "Gave a role"
    assert row.detail == f"role Network member, for Nobody in particular, until {clock.spoken(until)}"
    assert "Joins us" not in str(row)


def test_an_action_that_nobody_gave_words_is_shown_by_its_name(world, as_, record):
    record(action="count_beds", person=987654, empty="", days=[1, 2])
    row = rows_of(as_(world.ics_lead).get(FENLAND))[0]

    assert (row.what, row.detail) == ("Count beds", "for person 987654, days 1, 2")


def test_the_end_of_the_chain_is_on_the_page(world, as_, record):
    record()
    with acting_as(world.ics_lead):
        head = audit.head(world.fenland)
    words = text(as_(world.ics_lead).get(FENLAND))

    assert f"The audit now ends with row {head.sequence}, check code {head.hash[:12]} ." in words


def test_a_decided_version_carries_the_end_of_the_chain_when_it_is_printed(world, as_):
    plan = an_approved_plan(world)
    seal()
    with acting_as(world.ics_lead):
        head = audit.head(world.fenland)
    words = text(as_(world.network_member).get(reverse("plans:version", args=[plan.pk, 1])))

    assert f"Audit of Fenland at this moment: row {head.sequence}, check code {head.hash[:12]}" in words


def test_who_opened_the_audit_stands_in_it_with_how_they_searched_and_not_for_what(world, as_):
    as_(world.quality_lead).get(f"{FENLAND}?who=Meadowsweet&action=submit")
    as_(world.quality_lead).get(f"{FENLAND}file/?thing=plans.plan")
    seal()
    answer = as_(world.ics_lead).get(f"{FENLAND}?action=reads")
    taken, opened = rows_of(answer)

    assert (opened.what, opened.detail) == ("Opened the audit", "searched by person, what was done")
    assert (taken.what, taken.detail) == ("Downloaded the audit", "searched by what it is about, rows: 0")
    assert (opened.who, opened.roles, opened.about) == ("Quality lead", "ICB quality lead", "ICS XAA")
    assert "Meadowsweet" not in text(answer)


def test_both_sides_of_a_change_are_told_and_of_words_that_they_changed(world, as_):
    network = a_network(world)
    with acting_as(world.ics_lead):
        networks.change(network, by=world.ics_lead, kind="medicines", purpose="Meadowsweet")
    seal()
    answer = as_(world.ics_lead).get(FENLAND)
    changed, set_up = rows_of(answer)[:2]

    assert changed.detail == "What it is about: from Patient safety, ICS-wide to Medicines; Purpose: added"
    assert set_up.detail == "of the kind Patient safety, ICS-wide"
    assert "Meadowsweet" not in text(answer)


def test_a_change_of_a_kind_of_record_that_says_nothing_of_itself_is_told_all_the_same(world, as_, record):
    record(action="comment", changed={"beds": [3, 4]}, reworded={"ward_name": ["a", "b"]}, of={"day": 1})

    assert rows_of(as_(world.ics_lead).get(FENLAND))[0].detail == (
        "Beds: from 3 to 4; Ward name: changed; of {'day': 1}"
    )


# Finding something


@pytest.mark.parametrize(("action", "found"), [("", {True, False}), ("changes", {False}), ("reads", {True})])
def test_one_chooses_between_what_was_changed_and_what_was_read(world, as_, record, action, found):
    client = as_(world.ics_lead)
    client.get(FENLAND)
    record(action="submit")

    assert {row.is_read for row in rows_of(client.get(f"{FENLAND}?action={action}"))} == found


def test_it_is_read_in_pages_of_50_without_a_row_twice_or_left_out(world, as_, record):
    record(120)
    client, seen, path = as_(world.ics_lead), [], FENLAND
    while path:
        answer = client.get(path)
        seen += [row.sequence for row in rows_of(answer)]
        path = answer.context["older"]

    assert len(seen) == len(set(seen)) == seen[0]
    assert seen == sorted(seen, reverse=True)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("who=QUALITY", {"Endorsed"}),
        ("who=ics_lead%40example", {"Counted"}),
        ("who=nobody+known", set()),
        ("action=submit", {"Counted"}),
        ("thing=tenancy.ics", {"Counted", "Endorsed"}),
        ("thing=tenancy.coverage", None),
        ("thing=plans.plan", set()),
        ("action=submit&who=quality", set()),
    ],
)
def test_one_finds_by_person_action_and_thing(world, as_, record, query, found):
    record(action="submit", as_row="Counted")
    record(action="approve", by=world.quality_lead, as_row="Endorsed")
    answer = as_(world.ics_lead).get(f"{FENLAND}?{query}")
    if found is None:
        assert answer.context["filter"].errors
    else:
        rows = " ".join(row.detail for row in rows_of(answer))
        assert {word for word in ("Counted", "Endorsed") if word in rows} == found


@pytest.mark.parametrize(
    ("begin", "end", "found"),
    [
        ("29 3 2026", "29 3 2026", 2),
        ("30 3 2026", "", 1),
        ("", "28 3 2026", 1),
        ("28 March 2026", "30 3 2026", 4),
    ],
)
def test_days_are_englands_and_both_are_included(world, as_, record, become, begin, end, found):
    """The night on which the clocks go forward: 29 March begins at midnight UTC and ends at 23:00."""
    moments = ("2026-03-28T23:59Z", "2026-03-29T00:00Z", "2026-03-29T22:59Z", "2026-03-29T23:00Z")
    record(len(moments), action="hold draft")
    with become("ssip_owner"):
        for event, moment in zip(AuditEvent.objects.filter(action="hold draft"), moments, strict=True):
            AuditEvent.objects.filter(pk=event.pk).update(at=moment)
    days = {
        f"{name}_{part}": value
        for name, day in (("begin", begin), ("end", end))
        for part, value in zip(("day", "month", "year"), day.split() or ("", "", ""), strict=True)
    }
    answer = as_(world.ics_lead).get(FENLAND, days | {"action": "hold draft"})

    assert len(rows_of(answer)) == found


@pytest.mark.parametrize(
    ("query", "field", "message"),
    [
        ("begin_day=31&begin_month=2&begin_year=2026", "begin", "From must be a real date"),
        ("begin_day=1", "begin", "From must include a month and a year"),
        (
            "begin_day=2&begin_month=3&begin_year=2026&end_day=1&end_month=3&end_year=2026",
            "end",
            "To must be the same day as From or a later one",
        ),
    ],
)
def test_what_is_wrong_with_a_day_is_said_beside_it(world, as_, record, query, field, message):
    record()
    answer = as_(world.ics_lead).get(f"{FENLAND}?{query}")

    assert answer.context["filter"].errors == {field: [message]}
    assert text(answer).count(message) == 2
    assert rows_of(answer) == []
    assert "Put right what is wrong above" in text(answer)


@pytest.mark.parametrize("query", ["before=x", "before=0", "before=99999999999999999999", "who=%00", "action=none"])
def test_a_query_made_up_by_hand_breaks_nothing(world, as_, record, query):
    record()
    for page in ("", "file/"):
        assert as_(world.ics_lead).get(f"{FENLAND}{page}?{query}").status_code in (200, 302)


def test_500_rows_take_as_many_queries_as_5(world, as_, record):
    client = as_(world.ics_lead)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(FENLAND).status_code == 200
        return len(captured)

    record(5, person=world.nobody.pk)
    client.get(FENLAND)
    few = queries()
    for name in ("quality_lead", "psc_lead"):
        record(100, by=getattr(world, name), person=getattr(world, name).pk)

    assert queries() == few


# The file


def test_the_file_holds_what_was_looked_for_and_each_rows_check_code(world, as_, record):
    record(action="submit")
    record(action="approve")
    answer = as_(world.ics_lead).get(f"{FENLAND}file/?action=submit")
    head, *rows = file_of(answer)

    assert answer["Content-Disposition"] == f'attachment; filename="audit-ics-XAA-{clock.today()}.csv"'
    assert head == pages.FILE_HEAD
    assert [row[4] for row in rows] == ["Submitted the plan for approval"]
    with acting_as(world.ics_lead):
        assert rows[0][7] == AuditEvent.objects.get(action="submit").hash


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+44", "-1", "@SUM(A1)", "\tx", 'Öl, "中"\nline'])
def test_no_cell_of_the_file_is_a_formula(world, as_, record, name):
    person = world.ics_lead
    User.objects.filter(pk=person.pk).update(name=name)
    record()
    cell = file_of(as_(person).get(f"{FENLAND}file/"))[1][2]

    assert cell == (f"'{name}" if name[0] in "=+-@\t" else name)


def test_a_file_that_would_hold_too_much_is_refused_with_a_way_on(world, as_, record, monkeypatch):
    monkeypatch.setattr(pages, "IN_A_FILE", 3)
    record(4, action="submit")
    client = as_(world.ics_lead)
    answer = client.get(f"{FENLAND}file/?action=submit", follow=True)

    assert answer.redirect_chain == [(f"{FENLAND}?action=submit", 302)]
    assert told(answer) == ["A file holds at most 3 rows. Choose fewer days, then download again."]
    assert client.get(f"{FENLAND}file/?action=approve").status_code == 200


def test_a_plan_of_the_place_is_not_named_by_what_its_sections_say(world, as_):
    STATIONS["draft"](world)
    seal()
    with acting_as(world.ics_lead):
        plan = Plan.objects.get(ics=world.fenland)
    file = as_(world.ics_lead).get(f"{FENLAND}file/").content.decode("utf-8-sig")

    assert plan.reference in file
    assert "fewer falls" not in file
