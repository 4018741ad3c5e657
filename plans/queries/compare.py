"""What differs between two texts, for parts/difference.html: by paragraph, then by word.

Texts have up to 50,000 characters, and people wait for the answer. So the work is bounded: where
comparing words would take long, whole paragraphs are shown as taken out and put in.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import NamedTuple

SAME, OUT, IN = "", "out", "in"

# What difflib takes time for is the number of equal pairs: these many cost it at worst about a second.
MOST_PAIRS = 60_000
# Below this share of common words, two paragraphs are different ones and not one that was changed.
ALIKE = 0.35

WORDS = re.compile(r"\s+|[^\s]+")


class Piece(NamedTuple):
    """A run of text; `change` is "" (in both), "out" (only left) or "in" (only right)."""

    text: str
    change: str = SAME


class Row(NamedTuple):
    left: list[Piece]
    right: list[Piece]

    @property
    def same(self) -> bool:
        return self.left == self.right


def compare(left: str, right: str) -> list[Row]:
    """Paragraph beside paragraph."""
    return list(_Comparison().rows(left.split("\n"), right.split("\n")))


class _Comparison:
    """Spends its pairs from the first difference to the last."""

    def __init__(self) -> None:
        self.pairs_left = MOST_PAIRS

    def rows(self, left: list[str], right: list[str]) -> Iterator[Row]:
        for same, before, after in self._runs(left, right):
            if same:
                yield from (Row([Piece(text)], [Piece(text)]) for text in _written(before))
            else:
                for old, new in zip_longest(_written(before), _written(after)):
                    yield self._row(old, new)

    def _row(self, old: str | None, new: str | None) -> Row:
        if old is None or new is None:
            return Row(_pieces(old, OUT), _pieces(new, IN))
        runs = list(self._runs(WORDS.findall(old), WORDS.findall(new)))
        common = sum(len("".join(before)) for same, before, _ in runs if same)
        if common < ALIKE * max(len(old), len(new)):
            return Row(_pieces(old, OUT), _pieces(new, IN))
        return Row(
            [Piece("".join(before), SAME if same else OUT) for same, before, _ in runs if before],
            [Piece("".join(after), SAME if same else IN) for same, _, after in runs if after],
        )

    def _runs(self, left: list[str], right: list[str]) -> Iterator[tuple[bool, list[str], list[str]]]:
        """Runs that are the same in both and runs that differ, in order."""
        begin, end = _common_ends(left, right)
        inner_left, inner_right = left[begin : len(left) - end], right[begin : len(right) - end]
        if begin:
            yield True, left[:begin], right[:begin]
        yield from self._inner(inner_left, inner_right)
        if end:
            yield True, left[len(left) - end :], right[len(right) - end :]

    def _inner(self, left: list[str], right: list[str]) -> Iterator[tuple[bool, list[str], list[str]]]:
        pairs = _pairs(left, right) + len(left) + len(right)
        if not (left and right) or pairs > self.pairs_left:
            if left or right:
                yield False, left, right
            return
        self.pairs_left -= pairs
        for tag, a, b, c, d in SequenceMatcher(_is_blank, left, right, autojunk=False).get_opcodes():
            yield tag == "equal", left[a:b], right[c:d]


def _common_ends(left: Sequence[str], right: Sequence[str]) -> tuple[int, int]:
    """How many are the same at the beginning and, after that, at the end: most changes are small."""
    shorter = min(len(left), len(right))
    begin = next((at for at in range(shorter) if left[at] != right[at]), shorter)
    rest = range(1, shorter - begin + 1)
    return begin, next((at - 1 for at in rest if left[-at] != right[-at]), len(rest))


def _pairs(left: list[str], right: list[str]) -> int:
    there = Counter(right)
    return sum(count * there[text] for text, count in Counter(left).items() if not _is_blank(text))


def _is_blank(text: str) -> bool:
    """Spaces and empty lines are everywhere: where they stand tells nothing about what was changed."""
    return not text.strip()


def _written(paragraphs: list[str]) -> list[str]:
    """Empty lines would make empty rows, and pair wrongly between changed paragraphs."""
    return [text for text in paragraphs if not _is_blank(text)]


def _pieces(text: str | None, change: str) -> list[Piece]:
    return [Piece(text, change)] if text else []
