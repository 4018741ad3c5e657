"""Today, and the days people work, in England.

Dates are wall-clock dates of Europe/London. A working day is Monday to Friday and not a bank
holiday in England; bank holidays come from the `holidays` package, offline.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta
from functools import cache

import holidays
from dateutil.relativedelta import relativedelta
from django.utils import timezone

ONE_DAY = timedelta(days=1)
_ago: ContextVar[timedelta] = ContextVar("ssip_ago", default=timedelta())


def now() -> datetime:
    return timezone.now() - _ago.get()


def today() -> date:
    return timezone.localdate(now())


@contextmanager
def days_ago(count: int) -> Iterator[None]:
    """What happens inside happened so many days ago: how a demonstration gets a past. The database's clock goes on."""
    was = _ago.set(timedelta(days=count))
    try:
        yield
    finally:
        _ago.reset(was)


def local_date(moment: datetime) -> date:
    """The date in England at that moment."""
    return timezone.localdate(moment)


def spoken(day: date) -> str:
    """As it stands in a sentence: 4 June 2027."""
    return f"{day.day} {day:%B %Y}"


@cache
def bank_holidays() -> holidays.HolidayBase:
    """England's bank holidays; years are worked out as they are asked for."""
    return holidays.country_holidays("GB", subdiv="ENG")


def is_working_day(day: date) -> bool:
    return day.weekday() < 5 and day not in bank_holidays()


def add_working_days(day: date, count: int) -> date:
    """The date `count` working days after `day` (before it, if negative). The day itself is day 0."""
    step = ONE_DAY if count >= 0 else -ONE_DAY
    for _ in range(abs(count)):
        day += step
        while not is_working_day(day):
            day += step
    return day


def working_days_between(first: date, last: date) -> int:
    """How many working days there are from `first` on and before `last`."""
    return sum(is_working_day(first + number * ONE_DAY) for number in range((last - first).days))


def add_months(day: date, count: int) -> date:
    """The same day `count` calendar months on; the last of the month where that day does not exist."""
    return day + relativedelta(months=count)


def working_day_on_or_before(day: date) -> date:
    while not is_working_day(day):
        day -= ONE_DAY
    return day


def working_day_on_or_after(day: date) -> date:
    while not is_working_day(day):
        day += ONE_DAY
    return day
