"""One of the demonstration's organisations may enter responses, the other has two things left to record."""

from datetime import timedelta
from typing import Any

from django.db.models import F

from incidents import workflow
from incidents.models import Arrangement, Assurance, Item
from ssip.core import clock
from ssip.core.context import acting_as
from ssip.demo.people import GETTING_READY, READY
from ssip.demo.plans import age_audit, who
from ssip.tenancy.models import Organisation


def load() -> None:
    """Once; recorded by the people of the demonstration, some weeks ago."""
    if Assurance.objects.exists():
        return
    today = clock.today()
    assessed = {"document": "DPIA 26-014", "review_by": clock.add_months(today, 10)}
    agreed = {"document": "IG-AGR 7", "arrangement": Arrangement.JOINT}
    _record(READY.code, "Sam Keel", 31, Item.IMPACT_ASSESSMENT, assessed)
    _record(READY.code, "Sam Keel", 30, Item.CONTROLLER_AGREEMENT, agreed)
    _record(READY.code, "Edith Board", 24, Item.CALDICOTT_GUARDIAN, {"title": "Medical Director"})
    _record(READY.code, "Sam Keel", 23, Item.ASSET_OWNER, {"title": "Head of Patient Safety"})
    _record(GETTING_READY.code, "Tess Quay", 6, Item.CALDICOTT_GUARDIAN, {"title": "Director of Nursing"})
    _record(GETTING_READY.code, "Tess Quay", 6, Item.ASSET_OWNER, {"title": "Quality and Safety Manager"})


def _record(code: str, name: str, days: int, item: Item, said: dict[str, Any]) -> None:
    by, organisation, begun = who(name), Organisation.objects.get(code=code), clock.now()
    with clock.days_ago(days), acting_as(by):
        signed = clock.working_day_on_or_before(clock.today() - timedelta(days=4))
        workflow.record(organisation, item, dated=signed, by=by, **said)
    # The database says when a record was made; the demonstration, as its owner, gives it a past.
    Assurance.objects.filter(at__gte=begun).update(at=F("at") - timedelta(days=days))
    age_audit(begun, days)
