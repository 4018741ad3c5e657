"""The words of the programme and what they mean here; kept in words.toml beside this file."""

import tomllib
from functools import cache
from pathlib import Path
from typing import NamedTuple

from django.utils.text import slugify


class Word(NamedTuple):
    term: str
    full: str
    meaning: str

    @property
    def anchor(self) -> str:
        """Where /words/ shows it: templates link to it as /words/#psirf."""
        return slugify(self.term)


@cache
def all_words() -> tuple[Word, ...]:
    entries = tomllib.loads((Path(__file__).parent / "words.toml").read_text(encoding="utf-8"))["word"]
    words = (Word(entry["term"], entry.get("full", ""), entry["meaning"]) for entry in entries)
    return tuple(sorted(words, key=lambda word: word.term.lower()))


def search(sought: str) -> list[Word]:
    """Words whose name holds what is sought, then those whose explanation does."""
    sought = sought.casefold()
    by_name = [word for word in all_words() if sought in f"{word.term} {word.full}".casefold()]
    return by_name + [word for word in all_words() if word not in by_name and sought in word.meaning.casefold()]
