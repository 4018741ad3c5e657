"""Once a day the ends of the audit's chains are written down outside of the database, and mailed."""

from datetime import datetime

from django.core.mail import send_mail
from django.db import transaction

from ssip.core import anchors, chain, clock
from ssip.core.models import AuditAnchor
from ssip.tenancy.models import Grant, Role

LETTER = """\
These lines say where the audit of each place ended: how many rows it had, and the hash of the last one, which covers
all rows before it. They hold no more than that.

Keep this mail. Saved as a text file it shows whether the audit was changed since:

    manage.py verify_audit --anchors FILE

{lines}
"""


@transaction.atomic
def anchor_day() -> bool:
    """To a file and to each system administrator; whether it was done now. The day and the mails are kept together.

    Killed between file and commit, the next tick appends the same lines to the file again, which is no harm.
    """
    at = clock.now()
    _, first = AuditAnchor.objects.get_or_create(day=clock.today(), defaults={"at": at})
    if first:
        lines = [anchors.line(scope, head, at) for scope, head in chain.heads()]
        anchors.append(lines, at)
        _tell(lines, at)
    return first


def _tell(lines: list[str], at: datetime) -> None:
    subject = f"SSIP: where the audit ended on {clock.spoken(clock.local_date(at))}"
    live = Grant.objects.live().filter(role=Role.SYSTEM_ADMINISTRATOR).order_by("person_id")
    for address in live.values_list("person__email", flat=True):
        send_mail(subject, LETTER.format(lines="\n".join(lines)), None, [address])
