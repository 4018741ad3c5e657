"""Lint, format, types, import contracts, migrations, Django's checks on a fresh database: all run, then the verdict."""

import signal
import sys
import time
from pathlib import Path

from ssip.local import assets
from ssip.local.state import CannotStart
from ssip.local.throwaway import run, throwaway_servers

OWNER = {"SSIP_DATABASE_ROLE": "owner"}
APP = {"SSIP_DATABASE_ROLE": "app"}
# As a real site would be set up, for Django's own list of what such a site must have.
DEPLOYED = APP | {"SITE_URL": "https://ssip.example", "ALLOWED_HOSTS": "ssip.example"}
STEPS: list[tuple[list[str], dict[str, str]]] = [
    (["-m", "ruff", "check", "."], {}),
    (["-m", "ruff", "format", "--check", "."], {}),
    (["-m", "djlint", "--profile", "django", "--lint", "--quiet", "templates"], {}),
    ([str(Path(sys.executable).with_name("lint-imports"))], {}),
    (["-m", "mypy"], {}),
    (["manage.py", "makemigrations", "--check", "--dry-run"], OWNER),
    (["manage.py", "migrate", "--verbosity", "0"], OWNER),
    (["manage.py", "sync_roles"], OWNER),
    (["manage.py", "check", "--database", "default", "--fail-level", "WARNING"], APP),
    (["manage.py", "check", "--deploy", "--fail-level", "WARNING"], DEPLOYED),
]


def main() -> int:
    assets.make()
    failed = []
    with throwaway_servers() as environment:
        for words, more in STEPS:
            name = " ".join([Path(words[0]).name, *words[1:]]).removeprefix("-m ")
            print(f"--- {name}", flush=True)
            begun = time.monotonic()
            if run(words, environment | more) != 0:
                failed.append(name)
                print(f"    failed after {time.monotonic() - begun:.1f} s", flush=True)
    print(f"{len(STEPS) - len(failed)} of {len(STEPS)} checks passed.")
    for name in failed:
        print(f"Failed: {name}")
    return 1 if failed else 0


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        sys.exit(main())
    except CannotStart as trouble:
        sys.exit(f"{trouble}")
    except KeyboardInterrupt:
        sys.exit(130)
