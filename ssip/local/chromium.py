"""The browser of the tests: the one named, the machine's, else one that we fetch, else a clear failure."""

import os
import shutil
import subprocess
import sys

from ssip.local.state import CannotStart

NAMES = ("chromium", "google-chrome", "google-chrome-stable", "chromium-browser")
ASK_PLAYWRIGHT = (
    "from playwright.sync_api import sync_playwright as p\nwith p() as it: print(it.chromium.executable_path)"
)


def runs(path: str | None) -> bool:
    """Some systems ship a program of that name which only says how to install it."""
    if not path or not os.access(path, os.X_OK):
        return False
    return subprocess.run([path, "--version"], capture_output=True, check=False, timeout=60).returncode == 0


def on_path() -> str | None:
    return next((path for path in map(shutil.which, NAMES) if runs(path)), None)


def from_playwright() -> str | None:
    asked = subprocess.run([sys.executable, "-c", ASK_PLAYWRIGHT], capture_output=True, text=True, check=False)
    path = asked.stdout.strip()
    return path if runs(path) else None


def install_with_apt() -> None:
    """As root on Debian and its like: the browser with the system libraries that it needs."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    print("Installing Chromium with apt ...", flush=True)
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "stdin": subprocess.DEVNULL}
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "--yes", "--no-install-recommends", "chromium"]
    if subprocess.run(install, env=environment, check=False, **quiet).returncode != 0:  # type: ignore[call-overload]
        subprocess.run(["apt-get", "update"], env=environment, check=False, **quiet)  # type: ignore[call-overload]
        subprocess.run(install, env=environment, check=False, **quiet)  # type: ignore[call-overload]


def install_with_playwright() -> None:
    print("Fetching Chromium with playwright ...", flush=True)
    words = [sys.executable, "-m", "playwright", "install", "chromium"]
    subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, check=False)


def find() -> str:
    named = os.environ.get("CHROMIUM")
    if named:
        if not runs(named):
            raise CannotStart(f"CHROMIUM names {named}, which does not run.")
        return named
    found = on_path() or from_playwright()
    if not found:
        install_with_apt()
        found = on_path()
    if not found:
        install_with_playwright()
        found = from_playwright()
    if not found:
        raise CannotStart(
            "The tests need Chromium and none could be installed: install it (on Debian: apt install chromium) "
            "or name it with CHROMIUM=/path/to/chromium."
        )
    return found


if __name__ == "__main__":
    try:
        print(find())
    except CannotStart as trouble:
        sys.exit(f"{trouble}")
