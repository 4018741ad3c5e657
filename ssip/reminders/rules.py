"""How long a kind of date runs in a place, and who hears of it when: the kind, and what the place has chosen."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ssip.reminders.models import DeadlineKind, KindChoice
from ssip.tenancy.models import Scope


@dataclass(frozen=True)
class Rule:
    """What counts in one place for dates that are opened now; `choice`: the place has chosen something itself."""

    kind: DeadlineKind
    choice: KindChoice | None = None

    @property
    def length(self) -> int | None:
        return self.choice.length if self.choice and self.choice.length else self.kind.length

    @property
    def remind(self) -> list[int]:
        return list(self.choice.remind if self.choice else self.kind.remind)

    @property
    def told(self) -> dict[str, list[Any]]:
        """When people hear of it, and who next: what a date takes over when it is opened."""
        return {
            "remind": self.remind,
            "escalates_to": self.kind.escalates_to,
            "escalates_after": self.kind.escalates_after,
        }

    @property
    def is_on(self) -> bool:
        return self.choice.is_on if self.choice else self.kind.is_on

    @property
    def words(self) -> str:
        """How long, and whose rule that is: 10 working days (local)."""
        whose = "chosen here" if self.choice else self.kind.get_basis_display()
        return f"{self.long} ({whose})" if self.long else whose

    @property
    def long(self) -> str:
        """10 working days; nothing where somebody sets the date."""
        return self.kind.said(self.length)

    def after(self, day: date) -> date:
        """The day on which it is due if its clock starts on `day`; ValueError where somebody sets the date."""
        return self.kind.after(day, self.length)

    def at(self, moment: datetime) -> datetime:
        """The moment at which its hours run out; ValueError where it counts no hours."""
        return self.kind.at(moment, self.length)


def rule(kind: str, scope: Scope) -> Rule:
    """Of one kind in one place; DeadlineKind.DoesNotExist for a kind that is in no table."""
    found = DeadlineKind.objects.get(code=kind)
    newest = KindChoice.objects.filter(**{scope.scope_kind: scope}, kind=found).order_by("-id").first()
    return Rule(found, newest)
