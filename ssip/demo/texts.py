"""What the demonstration's plans say; kept in texts.toml beside this file."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any


@cache
def _kept() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "texts.toml").read_text(encoding="utf-8"))


def sections(topic: str) -> dict[str, str]:
    """The text of each section of a plan about this topic."""
    kept = _kept()
    return {key: text.strip().format_map(kept["topics"][topic]) for key, text in kept["sections"].items()}
