"""The tick of the clock that concerns people."""

from ssip.core.tasks import clock_task
from ssip.people import workflow


@clock_task
def plan_access_reviews() -> None:
    """Set the dates of access reviews and open the work where one is near, however often it ticks."""
    workflow.plan_reviews()
