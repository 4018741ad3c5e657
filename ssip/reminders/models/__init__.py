"""What there is to do (tasks), by when (deadlines), who was told (the ledger), and the mail (outbox)."""

from ssip.reminders.models.deadlines import Deadline, DeadlineMove, DeadlinePause
from ssip.reminders.models.kinds import DeadlineKind, KindChoice
from ssip.reminders.models.ledger import Digest, Notice, Reminder
from ssip.reminders.models.outbox import Message
from ssip.reminders.models.tasks import HandBack, Task

__all__ = [
    "Deadline",
    "DeadlineKind",
    "DeadlineMove",
    "DeadlinePause",
    "Digest",
    "HandBack",
    "KindChoice",
    "Message",
    "Notice",
    "Reminder",
    "Task",
]
