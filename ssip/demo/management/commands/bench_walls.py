"""`manage.py bench_walls --thrown-away`: reads with row-level security and without, and by which index."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from ssip.demo.bench import walls
from ssip.demo.bench.explain import Reach
from ssip.demo.bench.walls import WITH, WITHOUT, Cost


class Command(BaseCommand):
    help = "Measure what the walls cost, in the crowd of load_crowd. As the web's role: SSIP_DATABASE_ROLE=app."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--thrown-away", action="store_true", required=True, help="Say that the database may be.")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO or settings.DATABASE_ROLE != "app":
            raise CommandError(
                "This is for a demonstration's database, as the web's role: set DEMO and SSIP_DATABASE_ROLE=app."
            )
        self.stdout.write(f"{'':44} {'':>7} {'with walls ms':>15} {'without ms':>15} {'p50':>6}")
        self.stdout.write(
            f"{'':44} {'queries':>7} {'p50':>7} {'p95':>7} {'p50':>7} {'p95':>7} {'ratio':>6} {'times':>5}"
        )
        costs = []
        for cost in walls.measure():
            self.stdout.write(_line(cost))
            costs.append(cost)
        for name, tables in walls.ways(costs).items():
            self.stdout.write(f"\n{name}: rows are reached by")
            for table, ways in sorted(tables.items()):
                self.stdout.write(f"  {table:24} {', '.join(_way(reach) for reach in sorted(ways))}")
        if faults := [fault for cost in costs for fault in cost.faults()]:
            raise CommandError(f"The walls do not hold what they promise: {'; '.join(faults)}.")
        self.stdout.write(
            f"\nEvery p50 is at most {walls.MOST} times; rows are found by the tenant's index or by the key of one row."
        )


def _way(reach: Reach) -> str:
    return f"{reach.by or 'no index'}{' (the key of one row)' if reach.is_key else ''}{' WRONG' if reach.fault else ''}"


def _line(cost: Cost) -> str:
    times = " ".join(f"{value:7.1f}" for side in (WITH, WITHOUT) for value in (cost.p50(side), cost.p95(side)))
    name = f"{cost.read.name}, {cost.read.reader}"
    return f"{name:44} {cost.queries:7} {times} {cost.ratio:6.2f} {len(cost.times[WITH]):5}"
