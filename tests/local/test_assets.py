"""The copy of the design system as the pages load it."""

import re

from ssip.local.assets import JS_ENABLED, NODE_LOCK, VENDOR, script, style
from ssip.local.state import ROOT

CSS = VENDOR / "nhsuk-frontend.min.css"
MODULE = VENDOR / "nhsuk-frontend.min.js"


def test_the_style_sheet_asks_nothing_of_another_site_or_of_the_root_of_this_one():
    addresses = re.findall(r"url\(([^)]*)\)", CSS.read_text())
    assert addresses
    for address in addresses:
        assert not re.match(r"['\"]?(/|[a-z]+:)", address), address
        assert (CSS.parent / address).is_file(), address
    assert "@font-face" not in CSS.read_text()
    assert "@import" not in CSS.read_text()


def test_the_scripts_start_themselves():
    assert MODULE.read_text().rstrip().endswith("initAll();")
    assert (VENDOR / "js-enabled.js").read_text() == JS_ENABLED
    assert '"js-enabled"' in JS_ENABLED
    assert '"nhsuk-frontend-supported"' in JS_ENABLED


def test_nothing_points_to_a_file_that_is_not_there():
    for path in (CSS, MODULE):
        assert "sourceMappingURL" not in path.read_text()


def test_only_what_must_change_is_changed():
    icon = "p{background:url(/assets/images/a-1.svg)}"
    css = "@font-face{font-family:X;src:url(https://a/b)}" + icon + "/*# sourceMappingURL=x */"
    assert style(css) == "p{background:url(images/a-1.svg)}"
    assert script("export{initAll};//# sourceMappingURL=x.map\n") == "export{initAll};\ninitAll();\n"


def test_lock_files_name_a_hash_for_everything_and_no_address():
    npm = (ROOT / "package-lock.json").read_text()
    assert npm.count('"integrity"') == npm.count("node_modules/")
    assert "http" not in npm
    for lock in ("requirements.lock", "requirements-site.lock", "requirements-uv.lock", NODE_LOCK.name):
        text = (ROOT / lock).read_text()
        assert "http" not in text
        for pin in re.split(r"\n(?=[a-z0-9])", text.partition("make lock\n")[2].strip()):
            assert "--hash=sha256:" in pin, f"{lock}: {pin.splitlines()[0]}"


def test_a_site_gets_the_same_versions_as_the_tests():
    def pins(lock: str) -> set[str]:
        return set(re.findall(r"^([a-z0-9-]+==\S+)", (ROOT / lock).read_text(), re.MULTILINE))

    assert pins("requirements-site.lock")
    assert pins("requirements-site.lock") <= pins("requirements.lock")
