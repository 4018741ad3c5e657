"""`manage.py load_reference`: write the reference facts that are missing; on any conflict, nothing."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from ssip.tenancy import reference, workflow


class Command(BaseCommand):
    help = "Load PSCs, ICSs, organisations and how they relate; may be run again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--folder", type=Path, default=reference.FOLDER, help="where the files are")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with transaction.atomic():
                counts = reference.load(options["folder"])
                groups = workflow.sync_roles()
        except reference.Conflicts as conflicts:
            for line in conflicts.lines:
                self.stderr.write(line)
            raise CommandError(f"Nothing was changed: {len(conflicts.lines)} conflicts.") from conflicts
        for name, (new, rows) in counts.items():
            self.stdout.write(f"{name}: {new} new of {rows}")
        self.stdout.write(f"{groups} groups hold what their roles may do.")
