"""The cards of a demonstration: each person, their place, and what waits for them now."""

from dataclasses import dataclass

from ssip.core.context import acting_as
from ssip.core.models import User
from ssip.demo.people import PEOPLE, Person
from ssip.reminders.models import Task
from ssip.reminders.queries.work import open_work_count
from ssip.tenancy.models import SCOPES, Scope


@dataclass(frozen=True)
class Card:
    """`place` is None for the site; `first` is the first of the `waiting` things."""

    who: Person
    place: Scope | None
    waiting: int
    first: Task | None


def all_cards() -> list[Card]:
    """In the order of the cast; who has not been made, or is switched off, has no card."""
    codes = {who.code for who in PEOPLE}
    places = {(kind, place.code): place for kind in SCOPES.values() for place in kind.objects.filter(code__in=codes)}
    accounts = {each.email: each for each in User.objects.filter(is_active=True, email__in=emails())}
    return [_card(who, accounts[who.email], places) for who in PEOPLE if who.email in accounts]


def emails() -> set[str]:
    return {who.email for who in PEOPLE}


def _card(who: Person, account: User, places: dict[tuple[type[Scope], str], Scope]) -> Card:
    with acting_as(account):
        waiting = open_work_count(account)
        first = Task.objects.mine(account).by_date().first() if waiting else None
    return Card(who, places.get((who.kind, who.code)) if who.kind else None, waiting, first)
