"""The matrix: every address, method and target, and what its door says about who comes in there."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from tests.doors import cast
from tests.doors.places import (
    NAMING,
    OF_NOTHING,
    SECRET,
    Place,
    holds,
    nowhere,
    own_place,
    places,
    sees,
    wider,
)

READING = ("get", "head")
METHODS = (*READING, "post", "delete")  # no door declares the last
OPENS = {200, 302}
OPEN_WITHOUT_SECOND_STEP = ("sign-in", "second step")


@dataclass(frozen=True)
class Cell:
    """One try: this method at this address of this tenant."""

    method: str
    place: Place
    door: Any

    def __str__(self):
        return f"{self.method} {self.place.path}"

    @property
    def is_undeclared(self):
        return self.method.upper() not in self.door.methods


def cells(targets, everywhere=METHODS):
    """Each tenant's records, those that do not exist, and the addresses that name none.

    Methods that are not to be tried everywhere are tried at one tenant in turn, address by address.
    """
    at = (*targets.values(), nowhere(next(iter(targets.values()))))
    for method in METHODS:
        yield from (Cell(method, own_place(route), door) for route, door in OF_NOTHING)
        for number, (route, door) in enumerate(NAMING):
            chosen = at if method in everywhere else (at[number % len(at)],)
            yield from (Cell(method, place, door) for target in chosen for place in places(route, target))


@dataclass
class Visitor:
    """Somebody at the doors, with what the grants give them."""

    name: str
    own: dict
    ask: Any
    lacks_second_step: bool = False

    def __post_init__(self):
        self._of_nothing = {}

    @cached_property
    def is_signed_out(self):
        return self.name in cast.SIGNED_OUT

    def may_enter(self, cell):
        """As the door declares it: holding one of its permissions in the scope that owns the record."""
        if cell.door.who != "holders":
            return True
        if cell.place.target is None:
            return any(set(cell.door.permissions) & held for held in self.own.values())
        if cell.place.is_missing:
            return False
        return holds(self.own, cell.place, cell.door.permissions) or wider(self.own, cell.place, cell.door)

    def sees(self, cell):
        return not cell.place.is_missing and sees(self.own, cell.place)

    def of_nothing(self, cell):
        """What somebody gets who asks the same of something that does not exist; asked once."""
        key = (cell.method, cell.place.route, cell.place.kind)
        if key not in self._of_nothing:
            place = next(
                each for each in places(cell.place.route, nowhere(cell.place.target)) if each.kind == cell.place.kind
            )
            self._of_nothing[key] = same(self.ask(cell.method, place.path))
        return self._of_nothing[key]


def expected(visitor, cell):
    """The statuses that the door allows for this visitor; none: the answer is a missing record's, byte for byte."""
    reading = cell.method in READING
    if not cell.door.is_public and visitor.is_signed_out:
        return {302} if reading else {403}
    if cell.is_undeclared:
        return {405}
    if cell.door.is_public:
        return OPENS | {404}
    if visitor.lacks_second_step and cell.door.kind not in OPEN_WITHOUT_SECOND_STEP:
        return {302} if reading else {403}
    if cell.door.who == "signed in":
        return OPENS | {403, 404}  # what stands behind is each one's own
    if visitor.may_enter(cell):
        return OPENS | {403, 404}  # a policy may be narrower than the door
    if cell.place.target is None:
        return {403}
    return {403, 404} if visitor.sees(cell) else set()


def same(answer):
    """What of an answer must not tell a foreign record from a missing one: all but the form's own secret."""
    headers = sorted((name, words) for name, words in answer.items())
    return answer.status_code, SECRET.sub(b"", answer.content), headers, sorted(answer.cookies)
