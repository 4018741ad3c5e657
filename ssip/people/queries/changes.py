"""Who joined a place, who moved from role to role in it and who left, told from the roles themselves."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from django.db.models import Q
from django.utils.text import get_text_list

from ssip.core import clock
from ssip.core.models import User
from ssip.people.queries.people import in_sight
from ssip.tenancy.models import Grant, Scope

MONTHS = 6


class Said(NamedTuple):
    """By whom, and why; `by` is empty where a role ended by itself."""

    by: str
    reason: str


class Change(NamedTuple):
    """What became of one person here on one day."""

    on: date
    person: User
    kind: str
    roles: str
    said: list[Said]


def changes(reader: User, scope: Scope) -> list[Change]:
    """Of the last six months, newest first; two changes of a person on one day are one."""
    since = clock.add_months(clock.today(), -MONTHS)
    here = in_sight(reader, scope).filter(**{scope.scope_kind: scope})
    lately = Q(from_date__gte=since) | Q(ended_at__date__gte=since) | Q(until__gte=since, until__lt=clock.today())
    whose = here.filter(person__in=here.filter(lately).values("person"))
    by_person: dict[int, list[Grant]] = defaultdict(list)
    for grant in whose.select_related("person", "by", "ended_by").order_by("from_date", "id"):
        by_person[grant.person_id].append(grant)
    found = [change for grants in by_person.values() for change in _of_one(grants) if change.on >= since]
    return sorted(found, key=lambda change: (-change.on.toordinal(), str(change.person).casefold()))


def _of_one(grants: list[Grant]) -> Iterable[Change]:
    """What each day on which a role of this person began or ended made of their roles here."""
    ends = {grant.pk: _end(grant) for grant in grants}
    days = sorted({grant.from_date for grant in grants} | {end for end in ends.values() if end})
    was_here = False
    for day in (day for day in days if day <= clock.today()):
        began = [grant for grant in grants if grant.from_date == day]
        ended = [grant for grant in grants if ends[grant.pk] == day]
        after = {g.role for g in grants if g.from_date <= day and ((end := ends[g.pk]) is None or end > day)}
        gone = {grant.role for grant in ended}
        before = {g.role for g in grants if g.from_date < day and ((end := ends[g.pk]) is None or end >= day)}
        if after != before or (began and not after):
            kind = _kind(before, after, was_here=was_here)
            yield Change(day, grants[0].person, kind, _roles(kind, began, ended), _said(began, ended))
        was_here = was_here or bool(before | after | gone)


def _kind(before: set[str], after: set[str], *, was_here: bool) -> str:
    if before and after:
        return "Moved"
    if after:
        return "Joined again" if was_here else "Joined"
    return "Left" if before else "Joined and left"


def _roles(kind: str, began: list[Grant], ended: list[Grant]) -> str:
    """Such as “from Network member to ICS lead”, or the one role that was added or ended."""
    new, old = ([str(grant.get_role_display()) for grant in some] for some in (began, ended))
    if kind != "Moved":
        return get_text_list(list(dict.fromkeys([*old, *new])), "and")
    if new and old:
        return f"from {get_text_list(old, 'and')} to {get_text_list(new, 'and')}"
    return f"also {get_text_list(new, 'and')}" if new else f"no longer {get_text_list(old, 'and')}"


def _said(began: list[Grant], ended: list[Grant]) -> list[Said]:
    given = [Said(str(grant.by or "The operator of the site"), grant.reason) for grant in began]
    return [*(_said_of_end(grant) for grant in ended), *given]


def _said_of_end(grant: Grant) -> Said:
    if grant.ended_at and not _ended_by_itself(grant):
        return Said(str(grant.ended_by or "The operator of the site"), grant.ended_reason)
    return Said("", f"The last day was {clock.spoken(grant.until or clock.today())}")


def _end(grant: Grant) -> date | None:
    """The first day without the role: the day it was ended, or the one after its last day."""
    if grant.ended_at and not _ended_by_itself(grant):
        return clock.local_date(grant.ended_at)
    return grant.until + clock.ONE_DAY if grant.until and grant.until < clock.today() else None


def _ended_by_itself(grant: Grant) -> bool:
    """Its last day had passed already when it was written down as ended, to make room for a new one."""
    return bool(grant.until and grant.ended_at and grant.until < clock.local_date(grant.ended_at))
