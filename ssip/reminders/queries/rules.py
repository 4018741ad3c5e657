"""How long each kind of date runs in a place, who hears of it when, and what says so."""

from typing import NamedTuple

from ssip.core.models import User
from ssip.reminders.models import DeadlineKind, KindChoice
from ssip.reminders.rules import Rule
from ssip.tenancy.history import Told
from ssip.tenancy.models import Role, Scope

TOLD = Told(
    KindChoice,
    {"choose dates": "Chose how long dates run"},
    {"length": "How long", "remind": "Days of reminders", "is_on": "Runs here"},
)


class Line(NamedTuple):
    """One kind of date, as a page says it."""

    rule: Rule
    hears: str
    then: list[str]


def lines(reader: User, scope: Scope) -> list[Line]:
    """Every kind that concerns such a place, in two queries."""
    kinds = DeadlineKind.objects.filter(places__contains=[scope.scope_kind]).order_by("name")
    newest = _newest(reader, scope)
    return [_line(Rule(kind, newest.get(kind.pk))) for kind in kinds]


def one(reader: User, scope: Scope, code: str) -> Line | None:
    """The kind with this code, if it concerns such a place."""
    kind = DeadlineKind.objects.filter(places__contains=[scope.scope_kind], code=code).first()
    return _line(Rule(kind, _newest(reader, scope).get(kind.pk))) if kind else None


def choices(reader: User, scope: Scope, kind: DeadlineKind) -> list[KindChoice]:
    """What the place has chosen so far, the newest first."""
    here = KindChoice.objects.visible_to(reader).filter(**{scope.scope_kind: scope}, kind=kind)
    return list(here.select_related("by", "kind").order_by("-id"))


def _newest(reader: User, scope: Scope) -> dict[int, KindChoice]:
    here = KindChoice.objects.visible_to(reader).filter(**{scope.scope_kind: scope})
    return {choice.kind_id: choice for choice in here.order_by("kind_id", "-id").distinct("kind_id")}


def _line(rule: Rule) -> Line:
    roles = dict(Role.choices)
    levels = zip(rule.kind.escalates_to, rule.kind.escalates_after, strict=True)
    return Line(
        rule,
        days_in_words(rule.remind),
        [f"{roles[role]}, {after} day{'s' if after > 1 else ''} after" for role, after in levels],
    )


def days_in_words(remind: list[int]) -> str:
    """14, 3 days before, on the day, 1, 7 days after."""
    before = [str(days) for days in sorted(remind, reverse=True) if days > 0]
    after = [str(-days) for days in sorted(remind, reverse=True) if days < 0]
    said = [f"{_and(before)} day{'s' if before != ['1'] else ''} before"] if before else []
    said += ["on the day"] if 0 in remind else []
    said += [f"{_and(after)} day{'s' if after != ['1'] else ''} after"] if after else []
    return ", ".join(said) or "never"


def _and(words: list[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else words[0]
