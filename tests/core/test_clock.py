from datetime import date

import pytest

from ssip.core import clock

# (day, working days after it, the date that gives)
WORKING_DAYS = [
    ("2026-11-23", 1, "2026-11-24"),
    ("2026-11-27", 1, "2026-11-30"),  # over a weekend
    ("2026-11-28", 1, "2026-11-30"),  # from a Saturday
    ("2026-12-23", 2, "2026-12-29"),  # Christmas Day on a Friday, Boxing Day moved to Monday 28th
    ("2026-04-02", 1, "2026-04-07"),  # Good Friday and Easter Monday
    ("2026-05-01", 1, "2026-05-05"),  # early May bank holiday
    ("2026-11-23", 10, "2026-12-07"),
    ("2026-12-07", -10, "2026-11-23"),
    ("2026-11-28", 0, "2026-11-28"),
]


@pytest.mark.parametrize(("day", "count", "expected"), WORKING_DAYS)
def test_working_days_leave_out_weekends_and_englands_bank_holidays(day, count, expected):
    assert clock.add_working_days(date.fromisoformat(day), count) == date.fromisoformat(expected)


# A month on from the last of a longer month is the last of the shorter one.
MONTHS = [("2026-01-31", 1, "2026-02-28"), ("2028-02-29", 12, "2029-02-28"), ("2026-11-23", 12, "2027-11-23")]


@pytest.mark.parametrize(("day", "count", "expected"), MONTHS)
def test_months_are_calendar_months(day, count, expected):
    assert clock.add_months(date.fromisoformat(day), count) == date.fromisoformat(expected)


@pytest.mark.parametrize(("day", "back", "forward"), [("2026-11-28", "2026-11-27", "2026-11-30")])
def test_a_saturday_moves_back_for_a_duty_and_forward_for_a_goal(day, back, forward):
    saturday = date.fromisoformat(day)
    assert clock.working_day_on_or_before(saturday) == date.fromisoformat(back)
    assert clock.working_day_on_or_after(saturday) == date.fromisoformat(forward)


def test_today_is_the_date_in_england_also_in_the_first_hour_of_a_summer_day(time_machine):
    time_machine.move_to("2026-06-30T23:30:00Z", tick=False)
    assert clock.today() == date(2026, 7, 1)
