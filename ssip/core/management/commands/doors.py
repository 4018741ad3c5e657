"""`manage.py doors`: every address of the site and who may come in, as docs/doors.md holds it."""

from typing import Any

from django.core.management.base import BaseCommand

from ssip.core.doors import Door, walk

HEAD = ["| address | who | methods | kind |", "|---|---|---|---|"]


class Command(BaseCommand):
    help = "Print every address of the site with its door."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(table())


def table() -> str:
    rows = sorted(((route, view.door) for route, _, view in walk()), key=lambda row: row[0])
    return "\n".join(
        [*HEAD, *(f"| `/{route}` | {who(door)} | {', '.join(door.methods)} | {kind(door)} |" for route, door in rows)]
    )


def kind(door: Door) -> str:
    return f"{door.kind}, each read recorded" if door.recorded else door.kind


def who(door: Door) -> str:
    """In words: everybody, anybody signed in, or holders of any of these permissions in these kinds of scope."""
    if door.who != "holders":
        return {"public": "everybody", "signed in": "anybody signed in"}[door.who]
    return f"{', '.join(door.permissions)} ({', '.join(door.scopes)})"
