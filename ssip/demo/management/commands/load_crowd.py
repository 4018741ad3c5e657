"""`manage.py load_crowd --thrown-away`: 250,000 rows of work to do, for the bench."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from ssip.demo.bench import crowd


class Command(BaseCommand):
    help = "Fill a demonstration's database for the bench. It is of no other use afterwards."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--thrown-away", action="store_true", required=True, help="Say that the database may be.")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("This is not a demo: DEMO is not set.")
        for table, count in crowd.load(crowd.Size()).items():
            self.stdout.write(f"{count:9,} {table}")
        connection.cursor().execute("VACUUM ANALYZE")
