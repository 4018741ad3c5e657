"""What the demonstration's plans say; kept in texts.toml beside this file."""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

# A line break inside a paragraph or an item; those before an item, a row of a table or a heading stay.
_WRAPPED = re.compile(r"(?<!\n)\n(?!\n|[-|#*]|\d+\. )\s*")


@cache
def _kept() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "texts.toml").read_text(encoding="utf-8"))


def sections(topic: str) -> dict[str, str]:
    """The text of each section of a plan about this topic."""
    kept = _kept()
    words = kept["topics"][topic]
    return {key: _WRAPPED.sub(" ", text.strip()).format_map(words) for key, text in kept["sections"].items()}
