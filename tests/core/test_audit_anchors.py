"""Anchors outside of the database, and the command that holds the audit against them."""

from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from ssip.core import anchors, audit, chain
from ssip.core.audit import Head
from ssip.core.chain import Scope
from ssip.core.context import acting_as

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 30, 23, 59, tzinfo=UTC)
ICS = Scope("ics", 4)


@pytest.fixture(autouse=True)
def private(settings, tmp_path):
    settings.PRIVATE_ROOT = tmp_path / "private"
    return settings.PRIVATE_ROOT


@pytest.fixture
def record(world, as_owner):
    def one(times=1):
        for number in range(times):
            with acting_as(world.ics_lead):
                audit.record("did", world.fenland, by=world.ics_lead, number=number)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")

    return one


def verify(**options):
    """Exit code, what it says, what it complains of."""
    out, err = StringIO(), StringIO()
    try:
        call_command("verify_audit", stdout=out, stderr=err, **options)
    except CommandError as trouble:
        return trouble.returncode, out.getvalue(), err.getvalue() + str(trouble)
    return 0, out.getvalue(), err.getvalue()


# The file


def test_anchors_are_appended_and_never_written_over(private):
    first = anchors.append([anchors.line(ICS, Head(3, "abc"), AT)], AT)
    second = anchors.append([anchors.line(ICS, Head(5, "def"), AT)], AT)

    assert first == second == private / "audit-anchors" / "2026-11.jsonl"
    assert first.read_text().splitlines() == [
        '{"time": "2026-11-30T23:59:00Z", "scope": "ics:4", "sequence": 3, "hash": "abc"}',
        '{"time": "2026-11-30T23:59:00Z", "scope": "ics:4", "sequence": 5, "hash": "def"}',
    ]
    assert anchors.read(private / "audit-anchors") == {ICS: {3: {"abc"}, 5: {"def"}}}


def test_only_the_sites_own_user_reads_the_folder(private):
    anchors.append([], AT)
    assert (private / "audit-anchors").stat().st_mode & 0o077 == 0


def test_a_line_that_a_crash_cut_off_costs_no_other_line(private):
    path = anchors.append([anchors.line(ICS, Head(3, "abc"), AT)], AT)
    path.write_text(path.read_text() + '{"time": "2026-11-30T23:59:00Z", "sco')
    anchors.append([anchors.line(ICS, Head(5, "def"), AT)], AT)

    assert anchors.read(path) == {ICS: {3: {"abc"}, 5: {"def"}}}


@pytest.mark.parametrize(
    "text", ["", "words", "[]", "7", '{"scope": 1}', '{"scope": "ics:x", "sequence": 1, "hash": ""}']
)
def test_what_is_no_anchor_is_passed_over(tmp_path, text):
    path = tmp_path / "mail.txt"
    path.write_text(f"{text}\n{anchors.line(ICS, Head(3, 'abc'), AT)}\n")

    assert anchors.read(path) == {ICS: {3: {"abc"}}}


# The commands


def test_what_was_anchored_and_what_came_after_is_said(record):
    record(3)
    out = StringIO()
    call_command("anchor_audit", stdout=out)
    assert "anchors written to" in out.getvalue()
    assert "0 of them not yet anchored" in verify()[1]
    record(2)
    code, said, complained = verify()

    assert (code, complained) == (0, "")
    assert "2 of them not yet anchored" in said


def test_without_an_anchor_that_is_said(record):
    record()
    code, _, complained = verify()

    assert code == 0
    assert "No anchor found" in complained


def test_a_file_of_anchors_that_is_not_there_is_an_error(tmp_path):
    assert verify(anchors=tmp_path / "none")[0] == 1


def test_a_changed_row_ends_with_code_1_and_its_name(record, world):
    record(3)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE core_auditevent SET action = 'undone' WHERE action = 'did' RETURNING sequence")
        first = min(sequence for (sequence,) in cursor.fetchall())
    code, _, complained = verify()

    assert code == 1
    assert f"ics:{world.fenland.pk}, row {first}: content changed" in complained


def test_two_anchors_that_contradict_each_other_do_not_both_fit(record, world):
    record()
    scope, head = next((scope, head) for scope, head in chain.heads() if scope.id == world.fenland.pk)
    anchors.append([anchors.line(scope, each, AT) for each in (head, head._replace(hash="f" * 64))], AT)

    assert verify()[0] == 1


def test_more_rows_than_a_batch_are_read_in_batches(record, monkeypatch):
    monkeypatch.setattr(chain, "BATCH", 2)
    record(7)
    assert verify()[0] == 0
