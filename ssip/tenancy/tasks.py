"""The tick of the clock that concerns the audit."""

from ssip.core.tasks import clock_task
from ssip.tenancy import anchoring


@clock_task
def anchor_audit() -> None:
    """Once a day, however often it ticks."""
    anchoring.anchor_day()
