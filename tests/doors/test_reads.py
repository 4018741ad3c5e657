"""That somebody opened a sensitive record stands in the audit: once for each answer, and for nothing else.

Generated from the doors that are `recorded`: a page that is marked so is held to it without a word here.
"""

import pytest
from django.db import transaction
from django.test import Client

from ssip.core import audit
from ssip.core.doors import walk
from ssip.core.models import AuditEvent
from ssip.views.audit_words import READS
from tests.doors.places import OF_RECORDS, PERSONS, missing, places
from tests.world import PEOPLE

pytestmark = pytest.mark.django_db
RECORDED = [(route, door) for route, door in OF_RECORDS if door.recorded]
NAMES = {name for _, name, view in walk() if view.door.recorded}


@pytest.fixture
def ask(world, targets, become):
    """The answer that this person gets, and what was put into the audit by it; both are rolled back."""

    def as_person(name, method, path):
        client = Client(raise_request_exception=False)
        if name in PEOPLE or name == "nobody":
            client.force_login(getattr(world, name))
        with transaction.atomic():
            last = AuditEvent.objects.order_by("id").values_list("pk", flat=True).last() or 0
            with become("ssip_app"):
                answer = getattr(client, method)(path)
            rows = list(AuditEvent.objects.filter(pk__gt=last))
            transaction.set_rollback(True)
        return answer, rows

    return as_person


def test_what_is_marked_is_a_record_and_has_words_in_the_audit():
    assert len(RECORDED) == len(NAMES) > 1
    assert set(READS) == NAMES


@pytest.mark.parametrize("name", [person for person in PERSONS if person != "superuser"])
def test_each_answer_is_one_row_and_a_refusal_none(name, targets, ask):
    for route, door in RECORDED:
        for place in (place for target in targets.values() for place in places(route, target)):
            for method in {"get", "head", "post"} & {each.lower() for each in door.methods} | {"delete"}:
                answer, rows = ask(name, method, place.path)
                where, shown = f"{method} {place.path} as {name}", answer.status_code == 200
                assert [row.action for row in rows] == [audit.READ] * shown, where
                assert not shown or "no-store" in answer["Cache-Control"], where
            assert ask(name, "get", missing(place).path)[1] == [], place.path


def test_each_marked_page_is_opened_by_somebody(targets, ask):
    """Else the test above would be content with pages that answer nobody."""
    for route, _ in RECORDED:
        found = [
            row for name in PEOPLE for place in places(route, targets["XAA"]) for row in ask(name, "get", place.path)[1]
        ]
        assert found, route


def test_a_row_names_the_reader_their_roles_and_the_record_and_nothing_that_was_typed(world, targets, ask):
    _, (row,) = ask("psc_lead", "get", "/manage/ics-XAA/audit/?who=Meadowsweet&action=reads&begin_day=x")

    assert (row.actor, row.actor_roles) == (world.psc_lead, ["psc_lead"])
    assert (row.scope_kind, row.scope_id) == ("ics", world.fenland.pk)
    assert (row.thing_kind, row.thing_id, row.reference) == ("tenancy.ics", world.fenland.pk, "XAA")
    assert row.data == {"page": "audit", "searched": ["who", "action"]}


def test_a_file_says_how_many_rows_were_taken(world, targets, ask):
    answer, (row,) = ask("ics_lead", "get", "/manage/ics-XAA/audit/file/?action=hold+draft")

    assert row.data == {"page": "audit_file", "searched": ["action"], "rows": 0}
    assert answer["Content-Type"].startswith("text/csv")


def test_a_file_that_is_refused_and_an_error_are_no_reads(world, targets, ask, monkeypatch):
    assert ask("ics_lead", "get", "/manage/ics-XAA/audit/file/?begin_day=x")[1] == []
    monkeypatch.setattr("ssip.views.audit.lines", lambda found: 1 / 0)
    answer, rows = ask("ics_lead", "get", "/manage/ics-XAA/audit/")

    assert (answer.status_code, rows) == (500, [])


def test_nothing_is_shown_that_cannot_be_recorded(world, targets, ask, monkeypatch):
    """A view that forgot to say which record it shows, or an audit that takes no row."""
    monkeypatch.setattr("ssip.views.audit.opens", lambda *request, **particulars: None)
    answer, rows = ask("ics_lead", "get", "/manage/ics-XAA/audit/")

    assert (answer.status_code, rows) == (500, [])
    assert b"What was done, the newest first" not in answer.content
