"""Ends of the audit's chains, written outside of the database: what a chain is held against that was worked out anew.

A file a month below PRIVATE_ROOT, a JSON document a line, only ever appended to. It proves more the less the
operator of the database can reach it, so the same lines are mailed, and belong into a backup elsewhere.
"""

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

from ssip.core.audit import Head
from ssip.core.chain import Anchors, Scope


def folder() -> Path:
    return Path(settings.PRIVATE_ROOT) / "audit-anchors"


def line(scope: Scope, head: Head, at: datetime) -> str:
    written = f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    return json.dumps({"time": written, "scope": str(scope), "sequence": head.sequence, "hash": head.hash})


def append(lines: list[str], at: datetime) -> Path:
    """In one write that is on the disk when this returns. A line that was cut off by a crash stays as it is."""
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder() / f"{at.astimezone(UTC):%Y-%m}.jsonl"
    with path.open("a+b") as file:
        begun = file.tell() > 0 and _last_byte(file.fileno()) != b"\n"
        file.write("".join(f"{each}\n" for each in (*([""] if begun else []), *lines)).encode())
        file.flush()
        os.fsync(file.fileno())
    return path


def read(path: Path) -> Anchors:
    """Every anchor in a file, or in the files of a folder; what else stands there, as in a mail, is passed over."""
    anchors: Anchors = {}
    for file in sorted(path.iterdir()) if path.is_dir() else [path]:
        for scope, head in _in_file(file):
            anchors.setdefault(scope, {}).setdefault(head.sequence, set()).add(head.hash)
    return anchors


def _in_file(path: Path) -> Iterator[tuple[Scope, Head]]:
    with path.open(encoding="utf-8", errors="replace") as lines:
        for text in lines:
            try:
                said = json.loads(text)
                kind, _, pk = said["scope"].partition(":")
                yield Scope(kind, int(pk)), Head(int(said["sequence"]), str(said["hash"]))
            except (ValueError, TypeError, KeyError, AttributeError):
                continue


def _last_byte(descriptor: int) -> bytes:
    return os.pread(descriptor, 1, os.fstat(descriptor).st_size - 1)
