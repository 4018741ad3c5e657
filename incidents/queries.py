"""Where an organisation stands before its responses begin: what is recorded, what is missing, what came before."""

from datetime import datetime
from typing import NamedTuple

from incidents.models import Assurance, Item, Withdrawal
from ssip.core import clock
from ssip.core.models import User
from ssip.tenancy.models import Organisation


class Standing(NamedTuple):
    """One of the four items: the record that counts, or that was the last to count."""

    item: Item
    record: Assurance | None
    withdrawal: Withdrawal | None

    @property
    def holds(self) -> bool:
        return bool(self.record and not self.withdrawal)

    @property
    def review_has_passed(self) -> bool:
        """It warns and shuts nobody out: see docs/adr/0006-gate-before-responses.md."""
        return bool(self.holds and self.record and self.record.review_by and self.record.review_by < clock.today())


class Entry(NamedTuple):
    """One line of the history: a record, or that it was withdrawn and why."""

    record: Assurance
    withdrawal: Withdrawal | None
    at: datetime
    by: User
    role: str


class Gate(NamedTuple):
    """Whether an organisation may enter responses, and how that came about; the newest of the history first."""

    standings: list[Standing]
    history: list[Entry]

    @property
    def missing(self) -> list[Item]:
        return [standing.item for standing in self.standings if not standing.holds]

    @property
    def review_has_passed(self) -> bool:
        return any(standing.review_has_passed for standing in self.standings)

    def of(self, item: Item) -> Standing:
        return next(standing for standing in self.standings if standing.item == item)


def gate(reader: User, organisation: Organisation) -> Gate:
    """In two queries, however long the history. To be asked for readers who see the organisation."""
    here = {"organisation": organisation}
    records = list(Assurance.objects.visible_to(reader).filter(**here).select_related("by").order_by("id"))
    ended = {
        each.assurance_id: each
        for each in Withdrawal.objects.visible_to(reader).filter(**here).select_related("by").order_by("id")
    }
    newest = {record.item: record for record in records}
    entries = [Entry(record, None, record.at, record.by, record.role) for record in records]
    entries += [
        Entry(record, end, end.at, end.by, end.role) for record in records if (end := ended.get(record.pk)) is not None
    ]
    return Gate(
        [_standing(item, newest.get(item), ended) for item in Item],
        sorted(entries, key=lambda entry: (entry.at, entry.record.pk, bool(entry.withdrawal)), reverse=True),
    )


def _standing(item: Item, record: Assurance | None, ended: dict[int, Withdrawal]) -> Standing:
    return Standing(item, record, ended.get(record.pk) if record else None)
