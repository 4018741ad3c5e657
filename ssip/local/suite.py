"""The tests on servers of their own and a real browser: `python -m ssip.local.suite [words for pytest]`."""

import signal
import sys

from ssip.local import assets, chromium
from ssip.local.state import CannotStart
from ssip.local.throwaway import run, throwaway_servers

WITHOUT_BROWSER = "--without-browser"


def without_journeys(words: list[str]) -> list[str]:
    """The person asked to leave the browser out: its marker is taken from the tests that were chosen."""
    words = [word for word in words if word != WITHOUT_BROWSER]
    if "-m" not in words:
        return [*words, "-m", "not journey"]
    at = words.index("-m") + 1
    return [*words[:at], f"({words[at]}) and not journey", *words[at + 1 :]]


def main(words: list[str]) -> int:
    """pytest's own answer; "no test ran" (5) is a failure like any other."""
    assets.make()
    if WITHOUT_BROWSER in words:
        words, settings = without_journeys(words), {}
    else:
        settings = {"CHROMIUM": chromium.find()}
    with throwaway_servers() as environment:
        return run(["-m", "pytest", *words], environment | settings)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        sys.exit(main(sys.argv[1:]))
    except CannotStart as trouble:
        sys.exit(f"{trouble}")
    except KeyboardInterrupt:
        sys.exit(130)
