"""Organisations at each station before their responses begin, brought there by those who record."""

from datetime import date

from incidents import queries, workflow
from incidents.models import Item
from ssip.core.context import acting_as

SIGNED = date(2026, 3, 2)
SAID = {
    Item.IMPACT_ASSESSMENT: {"dated": SIGNED, "document": "DPIA 26-014"},
    Item.CONTROLLER_AGREEMENT: {"dated": SIGNED, "document": "IG-AGR 7", "arrangement": "joint"},
    Item.CALDICOTT_GUARDIAN: {"dated": SIGNED, "title": "Medical Director"},
    Item.ASSET_OWNER: {"dated": SIGNED, "title": "Head of Patient Safety"},
}


def recorded(world, *items, by=None, **other):
    """These are recorded for the trust of Fenland; all four where none is named. The last record."""
    by, made = by or world.specialist, None
    with acting_as(by):
        for item in items or Item:
            made = workflow.record(world.broadmere, item, by=by, **SAID[item] | other)
    return made


def withdrawn(world, item, by=None, reason="It was written for another site."):
    by = by or world.specialist
    with acting_as(by):
        record = queries.gate(by, world.broadmere).of(item).record
        return workflow.withdraw(record, reason=reason, by=by)
