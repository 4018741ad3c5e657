"""The product in a story: the way of a network plan in six steps, each to be seen as the person whose turn it is."""

from collections.abc import Callable
from typing import NamedTuple

from django.urls import reverse

from plans.models import Plan, Round
from ssip.core.context import acting_as
from ssip.core.models import User
from ssip.demo.people import PEOPLE, Person


class Step(NamedTuple):
    """`who` sees it, at `href`; nobody: without signing in."""

    title: str
    text: str
    who: Person | None
    href: str


class Told(NamedTuple):
    """A step as it is written here: by name, and with where to look it up."""

    title: str
    text: str
    name: str
    where: Callable[[User], str]


def _round_of(person: User) -> str:
    newest = Round.objects.visible_to(person).opened().first()
    return reverse("plans:round", args=[newest.pk]) if newest else reverse("plans:rounds")


def _plan_of(code: str, page: str = "detail") -> Callable[[User], str]:
    def where(person: User) -> str:
        newest = Plan.objects.visible_to(person).filter(ics__code=code).first()
        return reverse(f"plans:{page}", args=[newest.pk]) if newest else reverse("plans:list")

    return where


STORY = (
    Told(
        "A planning round begins",
        "The Patient Safety Collaborative (PSC) says what a plan consists of and by when it is wanted. Each network in "
        "the round gets a plan to draft, with guidance beside every section.",
        "Alan Rounds",
        _round_of,
    ),
    Told(
        "The plan is drafted, and read early",
        "In Essex half of the plan is written. The contents say what is missing before the papers date. Readers were "
        "asked early, since a comment now saves a month later.",
        "Esther Wick",
        _plan_of("D7T5G"),
    ),
    Told(
        "A reader comments",
        "A comment is no decision and makes nobody an author: who comments may decide later.",
        "Mina Fields",
        _plan_of("T6Y0W"),
    ),
    Told(
        "The ICB endorses",
        "Norfolk and Suffolk has submitted. The quality lead records what the System Quality Group decided, with the "
        "date of its meeting and its minutes. Whoever wrote the plan could not do this.",
        "Quentin Ward",
        _plan_of("T6Y0W"),
    ),
    Told(
        "The PSC asks for a change",
        "The plan of Central East was endorsed, and came back with a reason and two comments. Only what changes is "
        "read again. When it meets what the programme asks, the improvement lead approves and publishes it.",
        "Priya Senior",
        _plan_of("S1Y5D"),
    ),
    Told(
        "Everybody reads it",
        "Published plans are open to all, with the bodies that endorsed and approved them and a code to check the text "
        "by. These six are examples for ICSs that closed in March 2026.",
        "",
        lambda nobody: reverse("plans:published"),
    ),
)


def steps() -> list[Step]:
    """With the addresses of today; a person who was not made has no step to be seen as."""
    return [_step(told) for told in STORY]


def _step(told: Told) -> Step:
    who = next((each for each in PEOPLE if each.name == told.name), None)
    account = User.objects.filter(email=who.email, is_active=True).first() if who else None
    if account is None:
        return Step(told.title, told.text, None, told.where(User()) if not told.name else "")
    with acting_as(account):
        return Step(told.title, told.text, who, told.where(account))
