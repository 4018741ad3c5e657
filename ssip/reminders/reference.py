"""The kinds of deadlines: how long each is, what says so, and when people are reminded."""

from pathlib import Path

from ssip.reminders.models import DeadlineKind
from ssip.tenancy.reference import Table

FOLDER = Path(__file__).parent / "fixtures" / "reference"
TABLES = (Table("deadline_kind", DeadlineKind, ("code",)),)
