"""`manage.py anchor_audit`: write down outside of the database where each chain of the audit ends now."""

from typing import Any

from django.core.management.base import BaseCommand

from ssip.core import anchors, chain, clock


class Command(BaseCommand):
    help = "Append the end of each scope's audit to a file below PRIVATE_ROOT/audit-anchors. The clock does it daily."

    def handle(self, *args: Any, **options: Any) -> None:
        at = clock.now()
        lines = [anchors.line(scope, head, at) for scope, head in chain.heads()]
        self.stdout.write(f"{len(lines)} anchors written to {anchors.append(lines, at)}.")
