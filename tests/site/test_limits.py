"""How long a function, a view, a module and a test file may be. What is longer is named here; the lists only shrink.

How long a template may be: tests/site/test_templates.py.
"""

import ast
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
OURS = ("ssip", "networks", "plans", "incidents")
FUNCTION, VIEW, MODULE, TEST_FILE = 40, 20, 300, 500

LONG_FUNCTIONS: set[str] = set()
LONG_FILES: set[str] = set()


def sources(*folders):
    """Migrations are written once and tell a story in one go."""
    found = (path for folder in folders for path in (ROOT / folder).rglob("*.py") if "migrations" not in path.parts)
    return {path.relative_to(ROOT).as_posix(): path.read_text() for path in sorted(found)}


CODE, TESTS = sources(*OURS), sources("tests")


def most_lines(name):
    """Of one function of this file."""
    views = name in CODE and ("views" in Path(name).parts or name.endswith("/views.py"))
    return VIEW if views else FUNCTION


def functions(name, text):
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{name}:{node.name}", (node.end_lineno or node.lineno) - node.lineno + 1


def too_long_functions():
    files = CODE | TESTS
    return {where for name, text in files.items() for where, lines in functions(name, text) if lines > most_lines(name)}


def too_long_files():
    lines = [(name, text.count("\n"), MODULE) for name, text in CODE.items()]
    lines += [(name, text.count("\n"), TEST_FILE) for name, text in TESTS.items()]
    return {name for name, count, most in lines if count > most}


@pytest.mark.parametrize(
    ("found", "named"), [(too_long_functions, LONG_FUNCTIONS), (too_long_files, LONG_FILES)], ids=["function", "file"]
)
def test_nothing_is_longer_than_a_reader_can_hold_but_what_is_named_here(found, named):
    assert found() == named


def test_the_limits_are_asked_of_every_kind_of_file():
    assert most_lines("plans/views/moves.py") == most_lines("networks/views.py") == VIEW
    assert most_lines("plans/workflow/moves.py") == most_lines("tests/views/test_site.py") == FUNCTION
    assert {"ssip/settings.py", "plans/forms/writing.py"} <= set(CODE)
    assert "tests/site/test_limits.py" in TESTS
