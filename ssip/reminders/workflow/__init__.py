"""What the upper apps call, and what the clock does.

Tasks, deadlines and notices are written by the workflows of the upper apps, in the transaction
of what brings them about; the clock plans reminders from them, gathers and sends.
"""

from ssip.reminders.rules import rule
from ssip.reminders.workflow.deadlines import is_open, meet, move_deadline, open_deadline, withdraw
from ssip.reminders.workflow.notices import notify, tell
from ssip.reminders.workflow.outbox import MOST_TRIES, claim, send
from ssip.reminders.workflow.pauses import pause, resume
from ssip.reminders.workflow.planning import gather_digests, plan_reminders
from ssip.reminders.workflow.refusals import NobodyElse, WrongState
from ssip.reminders.workflow.rules import choose
from ssip.reminders.workflow.tasks import close_tasks, done_by, hand_back, open_task, set_due

__all__ = [
    "MOST_TRIES",
    "NobodyElse",
    "WrongState",
    "choose",
    "claim",
    "close_tasks",
    "done_by",
    "gather_digests",
    "hand_back",
    "is_open",
    "meet",
    "move_deadline",
    "notify",
    "open_deadline",
    "open_task",
    "pause",
    "plan_reminders",
    "resume",
    "rule",
    "send",
    "set_due",
    "tell",
    "withdraw",
]
