"""`manage.py load_reference`: write the reference facts of every app that are missing; on any conflict, nothing."""

from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from ssip.tenancy import reference, workflow


class Command(BaseCommand):
    help = "Load PSCs, ICSs, organisations and how they relate, and every other app's facts; may be run again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--folder", type=Path, default=reference.FOLDER, help="where the files of scopes are")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with transaction.atomic():
                counts = reference.load(*_sources(options["folder"]))
                groups = workflow.sync_roles()
        except reference.Conflicts as conflicts:
            for line in conflicts.lines:
                self.stderr.write(line)
            raise CommandError(f"Nothing was changed: {conflicts}") from conflicts
        for name, (new, rows) in counts.items():
            self.stdout.write(f"{name}: {new} new of {rows}")
        self.stdout.write(f"{groups} groups hold what their roles may do.")


def _sources(folder: Path) -> Iterator[tuple[Iterable[reference.Table], Path]]:
    for tables, its_folder in reference.sources():
        yield tables, folder if its_folder == reference.FOLDER else its_folder
