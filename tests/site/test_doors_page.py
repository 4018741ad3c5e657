"""docs/doors.md is what the code declares."""

from pathlib import Path

from ssip.core.management.commands import doors


def test_the_page_of_doors_is_the_code():
    page = Path("docs/doors.md").read_text()

    assert doors.table() in page


def test_each_address_stands_there_once():
    rows = doors.table().splitlines()[2:]

    assert len(rows) == len({row.split("|")[1] + row.split("|")[3] for row in rows}) > 40
