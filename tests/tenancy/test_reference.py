"""The reference facts: what is in them, and that a contradiction changes nothing."""

import csv
import shutil
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Q

from ssip.tenancy import reference
from ssip.tenancy.models import ICS, PSC, Boundary, Coverage, Footprint, LeadICS, Organisation, RoleGroup, Successor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_owner")]

TABLES = (PSC, ICS, Organisation, Boundary, Coverage, Successor, Footprint, LeadICS, RoleGroup)


def everything():
    return [list(table.objects.order_by("pk").values()) for table in TABLES]


def of_the_files(model):
    return model.objects.exclude(source="invented for tests")


def open_on(day):
    return of_the_files(ICS).filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day).count()


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(reference.FOLDER, tmp_path / "reference")


def change(folder, name, edit):
    """Rewrite a file after `edit` has changed its list of rows."""
    path = folder / f"{name}.csv"
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    edit(rows)
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)


def refused(folder, capsys):
    """The lines of the conflicts; nothing may have changed."""
    before = everything()
    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command("load_reference", folder=folder)
    assert everything() == before
    return capsys.readouterr().err.splitlines()


@pytest.mark.parametrize(("model", "count"), [(PSC, 15), (ICS, 48), (Successor, 16), (Organisation, 27)])
def test_every_fact_of_the_files_is_loaded(model, count):
    call_command("load_reference")
    assert of_the_files(model).count() == count


def test_42_systems_are_open_until_the_end_of_march_2026_and_36_since():
    call_command("load_reference")
    assert open_on(date(2026, 3, 31)) == 42
    assert open_on(date(2026, 4, 1)) == 36


def test_hampshire_keeps_its_code_and_changes_its_area():
    call_command("load_reference")
    areas = Boundary.objects.filter(ics__code="QRL").order_by("valid_from").values_list("ons_code", "valid_to")
    assert list(areas) == [("E54000042", date(2026, 3, 31)), ("E54000067", None)]


def test_two_collaboratives_serve_west_and_north_london():
    call_command("load_reference")
    assert set(PSC.objects.filter(coverage__ics__code="Z9B2Z").values_list("code", flat=True)) == {"ICHP", "UCLP"}


def test_a_closed_system_is_still_served():
    call_command("load_reference")
    assert Coverage.objects.get(ics__code="QUE").valid_to is None


def test_an_ambiguous_lead_is_of_low_confidence_and_says_why():
    call_command("load_reference")
    lead = LeadICS.objects.get(organisation__code="RDE", valid_from=date(2026, 4, 1))
    assert (lead.ics.code, lead.confidence) == ("T6Y0W", "low")
    assert "D7T5G" in lead.note


def test_each_new_scope_gets_the_groups_of_its_roles():
    call_command("load_reference")
    assert RoleGroup.objects.filter(ics__code="S1Y5D", role="ics_lead").exists()


def test_loading_again_changes_nothing():
    call_command("load_reference")
    before = everything()
    call_command("load_reference")
    assert everything() == before


def test_a_known_code_with_another_name_is_a_conflict(folder, capsys):
    call_command("load_reference")
    change(folder, "organisation", lambda rows: rows[0].update(name="Another Trust"))
    assert refused(folder, capsys) == ["organisation.csv line 2: RC9 exists with another name."]


def test_an_unknown_code_in_a_relation_is_a_conflict(folder, capsys):
    change(folder, "coverage", lambda rows: rows[0].update(ics="QZZ"))
    assert refused(folder, capsys) == ["coverage.csv line 2: QZZ is not the code of a known ics."]


def test_a_row_that_is_there_twice_is_a_conflict(folder, capsys):
    change(folder, "lead_ics", lambda rows: rows.insert(1, dict(rows[0])))
    assert refused(folder, capsys) == ["lead_ics.csv line 3: RC9 2022-07-01 is there twice."]


def test_a_new_code_that_is_there_twice_is_a_conflict(folder, capsys):
    change(folder, "psc", lambda rows: rows.insert(1, dict(rows[0])))
    assert refused(folder, capsys) == ["psc.csv line 3: EASTERN is there twice."]


def test_a_day_that_is_not_in_the_calendar_is_a_conflict(folder, capsys):
    change(folder, "psc", lambda rows: rows[-1].update(valid_from="2022-02-30"))
    assert any(line.startswith("psc.csv line 16:") for line in refused(folder, capsys))


def test_every_conflict_is_reported_on_a_line_of_its_own(folder, capsys):
    change(folder, "coverage", lambda rows: (rows[0].update(ics="QZZ"), rows[1].update(psc="NOWHERE")))
    assert len(refused(folder, capsys)) == 2


def test_a_missing_file_is_one_line(folder, capsys):
    (folder / "lead_ics.csv").unlink()
    assert refused(folder, capsys) == ["lead_ics.csv is missing."]


def test_a_missing_column_is_one_line(folder, capsys):
    change(folder, "lead_ics", lambda rows: [row.pop("valid_from") for row in rows])
    assert refused(folder, capsys) == ["lead_ics.csv has no column valid_from."]


def test_a_column_that_nothing_knows_is_one_line(folder, capsys):
    change(folder, "lead_ics", lambda rows: [row.update(colour="blue") for row in rows])
    assert refused(folder, capsys) == ["lead_ics.csv has a column colour that nothing knows."]


def test_a_row_with_a_value_too_many_is_one_line(folder, capsys):
    path = folder / "lead_ics.csv"
    lines = path.read_text().splitlines()
    lines[2] += ",one more"
    path.write_text("\n".join(lines))
    assert refused(folder, capsys) == ["lead_ics.csv has more values than columns in line 3."]


def test_a_row_that_is_cut_short_is_a_conflict(folder, capsys):
    path = folder / "lead_ics.csv"
    path.write_text(path.read_text().rstrip("\n") + "\nRC9,QHL")
    lines = refused(folder, capsys)
    assert all(line.startswith("lead_ics.csv line 56:") for line in lines)
    assert any("valid_from" in line for line in lines)


# Facts of other apps


@pytest.fixture
def kinds(tmp_path):
    """The tables of the app that keeps dates, with its file in a folder of the test's own."""
    from ssip.reminders.reference import FOLDER, TABLES

    return TABLES, shutil.copytree(FOLDER, tmp_path / "kinds")


def test_every_app_with_facts_is_loaded_lower_apps_first(capsys):
    call_command("load_reference")
    said = capsys.readouterr().out
    assert 0 <= said.index("psc: ") < said.index("deadline_kind: ")


def test_a_list_is_written_with_semicolons(kinds):
    from ssip.reminders.models import DeadlineKind

    tables, folder = kinds
    change(folder, "deadline_kind", lambda rows: rows.append(rows[0] | {"code": "another", "remind": "14;3;-1"}))
    assert reference.load((tables, folder)) == {"deadline_kind": (1, DeadlineKind.objects.count())}
    assert DeadlineKind.objects.get(code="another").remind == [14, 3, -1]


def test_a_number_that_is_none_is_a_conflict(kinds):
    tables, folder = kinds
    change(folder, "deadline_kind", lambda rows: rows[0].update(remind="14;soon"))
    with pytest.raises(reference.Conflicts) as refused:
        reference.load((tables, folder))
    assert [line.split(":")[0] for line in refused.value.lines] == ["deadline_kind.csv line 2"]


def test_conflicts_of_all_apps_are_listed_together(folder, kinds):
    change(folder, "coverage", lambda rows: rows[0].update(ics="QZZ"))
    change(kinds[1], "deadline_kind", lambda rows: rows[0].update(name="Another name"))
    with pytest.raises(reference.Conflicts) as refused:
        reference.load((reference.TABLES, folder), kinds)
    assert refused.value.lines == [
        "coverage.csv line 2: QZZ is not the code of a known ics.",
        "deadline_kind.csv line 2: doc_verbal exists with another name.",
    ]
