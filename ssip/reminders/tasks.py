"""The ticks of the clock that concern mail."""

from ssip.core.tasks import clock_task
from ssip.reminders.workflow import claim, send

AT_ONCE = 10  # with a slow mail server they fit into one lease; the rest of a batch is left when they do not


@clock_task
def send_mail() -> None:
    """Send what is due until nothing is."""
    while claimed := claim(AT_ONCE):
        for message in claimed:
            send(message)
