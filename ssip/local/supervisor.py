"""Keeps a handful of processes running, and leaves none behind when it ends."""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from ssip.local.state import ROOT, CannotStart, last_lines, wait_until

STEADY = 20.0  # seconds after which a process counts as running well
TRIES = 5
FIRST_WAIT = 0.5  # seconds before the second try; each further one doubles it
PATIENCE = 10.0  # seconds that a process gets to end by itself
LOG_SIZE = 5_000_000


def end_with_parent() -> None:
    """Linux ends the process when the supervisor is killed outright, so that even then nothing is left."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)


@dataclass
class Process:
    """One program with its log, in a group of its own: Ctrl-C reaches the supervisor alone, which then stops all."""

    name: str
    words: list[str]
    environment: dict[str, str]
    log: Path
    child: subprocess.Popen[bytes] | None = None
    begun: float = 0.0
    next_try: float = 0.0
    failures: int = 0

    def start(self) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        small = self.log.exists() and self.log.stat().st_size < LOG_SIZE
        with self.log.open("ab" if small else "wb") as log:
            self.child = subprocess.Popen(
                [sys.executable, *self.words], cwd=ROOT, env=self.environment, stdin=subprocess.DEVNULL,
                stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
                preexec_fn=end_with_parent if sys.platform == "linux" else None,
            )  # fmt: skip
        self.begun = time.monotonic()

    def has_ended(self) -> bool:
        return self.child is None or self.child.poll() is not None

    def tell(self, how: signal.Signals) -> None:
        """To the whole group: the children that it started as well."""
        if self.child is not None:
            try:
                os.killpg(self.child.pid, how)
            except ProcessLookupError:
                return

    def is_gone(self) -> bool:
        """Nothing of the group is left."""
        if self.child is None:
            return True
        self.child.poll()
        try:
            os.killpg(self.child.pid, 0)
        except ProcessLookupError:
            return True
        return False


class Supervisor:
    def __init__(self, processes: list[Process]) -> None:
        self.processes = processes
        self.asked_to_stop = threading.Event()
        for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(each, lambda *_: self.asked_to_stop.set())

    def start(self) -> None:
        for process in self.processes:
            process.start()

    def watch(self) -> None:
        """Until asked to stop. A process that ends is started again, each time later; one that will not stay up ends
        the whole with the end of its log."""
        while not self.asked_to_stop.wait(0.3):
            self.look_after_all()

    def look_after_all(self) -> None:
        for process in self.processes:
            if process.has_ended():
                self._revive(process)
            elif time.monotonic() - process.begun > STEADY:
                process.failures = 0

    def stop(self) -> None:
        """Asks, waits, insists."""
        for process in self.processes:
            process.tell(signal.SIGTERM)
        if not wait_until(lambda: all(process.is_gone() for process in self.processes), PATIENCE):
            for process in self.processes:
                process.tell(signal.SIGKILL)
            wait_until(lambda: all(process.is_gone() for process in self.processes), 5)

    def _revive(self, process: Process) -> None:
        now = time.monotonic()
        if process.next_try == 0.0:
            process.failures += 1
            if process.failures >= TRIES:
                raise CannotStart(
                    f"{process.name} does not stay up. The end of {process.log}:\n{last_lines(process.log)}"
                )
            process.tell(signal.SIGKILL)  # what it may have left of its group
            process.next_try = now + FIRST_WAIT * 2 ** (process.failures - 1)
            print(f"{process.name} ended; starting it again. Its log: {process.log}", flush=True)
        elif now >= process.next_try:
            process.next_try = 0.0
            process.start()
