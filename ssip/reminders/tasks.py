"""The ticks of the clock that concern dates and mail. Each writes what is missing; a lost one loses nothing."""

from ssip.core.tasks import clock_task
from ssip.reminders import workflow

AT_ONCE = 10  # with a slow mail server they fit into one lease; the rest of a batch is left when they do not


@clock_task
def plan_reminders() -> None:
    """Write every reminder whose day has come."""
    workflow.plan_reminders()


@clock_task
def gather_digests() -> None:
    """From eight in the morning, one mail a day for everybody who is to be reminded."""
    workflow.gather_digests()


@clock_task
def tell_notices() -> None:
    """A message for each of those whom a change concerns."""
    workflow.tell()


@clock_task
def send_mail() -> None:
    """Send what is due until nothing is."""
    while claimed := workflow.claim(AT_ONCE):
        for message in claimed:
            workflow.send(message)
