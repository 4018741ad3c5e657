"""`manage.py verify_audit`: walk the audit's chains, and name the first row of each that does not fit."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ssip.core import anchors, chain


class Command(BaseCommand):
    help = "Check that no row of the audit was changed, exchanged, removed or cut off. Exit code 1 if one was."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--anchors", type=Path, help="a file or folder of anchors, or a daily mail saved as text")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["anchors"] or anchors.folder()
        if options["anchors"] and not path.exists():
            raise CommandError(f"There is no file or folder {path}.")
        kept = anchors.read(path) if path.exists() else {}
        if not kept:
            self.stderr.write(f"No anchor found in {path}: a chain that was written anew as a whole would not show.")
        found = chain.verify(kept)
        self.stdout.write(f"{found.rows} rows fit. {found.not_anchored} of them not yet anchored.")
        for trouble in found.troubles:
            self.stderr.write(str(trouble))
        if found.troubles:
            raise CommandError(f"{len(found.troubles)} of the audit's chains do not fit.", returncode=1)
