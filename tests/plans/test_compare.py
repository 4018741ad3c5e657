"""Two texts beside each other: nothing invented, nothing lost, and never a long wait."""

import time

from hypothesis import given, settings
from hypothesis import strategies as st

from plans.queries.compare import IN, OUT, SAME, Piece, compare

PATIENCE = 5  # seconds on a busy machine; what is bounded takes one
texts = st.text(alphabet="ab \n.", max_size=60)


def changed(pieces, change):
    return "".join(piece.text for piece in pieces if piece.change == change)


def words(text):
    return text.split()


def test_one_word_put_in_is_the_only_thing_marked():
    (row,) = compare("We want fewer falls.", "We want far fewer falls.")

    assert {piece.change for piece in row.left} == {SAME}
    assert changed(row.right, IN).strip() == "far"


def test_one_word_replaced_is_taken_out_on_one_side_and_put_in_on_the_other():
    (row,) = compare("Fewer falls by May of next year.", "Fewer falls by June of next year.")

    assert changed(row.left, OUT) == "May"
    assert changed(row.right, IN) == "June"


def test_a_new_paragraph_stands_beside_nothing():
    rows = compare("First.\nLast.", "First.\nNew.\nLast.")

    assert [row.right for row in rows if not row.left] == [[Piece("New.", IN)]]


def test_paragraphs_that_have_little_in_common_are_shown_whole():
    (row,) = compare("We count falls every week.", "Partners chair the group.")

    assert row.left == [Piece("We count falls every week.", OUT)]
    assert row.right == [Piece("Partners chair the group.", IN)]


@given(texts)
def test_a_text_does_not_differ_from_itself(text):
    pieces = [piece for row in compare(text, text) for piece in row.left + row.right]

    assert {piece.change for piece in pieces} <= {SAME}


@given(texts, texts)
@settings(deadline=None)
def test_every_word_of_both_texts_is_there_in_order(left, right):
    rows = compare(left, right)

    assert words("\n".join("".join(piece.text for piece in row.left) for row in rows)) == words(left)
    assert words("\n".join("".join(piece.text for piece in row.right) for row in rows)) == words(right)


@given(texts, texts)
@settings(deadline=None)
def test_what_is_not_marked_is_the_same_on_both_sides(left, right):
    for row in compare(left, right):
        assert words(changed(row.left, SAME)) == words(changed(row.right, SAME))


def test_the_longest_texts_of_equal_lines_are_compared_in_time():
    began = time.monotonic()
    compare("a\n" * 25_000, "b\n" + "a\n" * 24_998 + "c\n")

    assert time.monotonic() - began < PATIENCE


def test_the_longest_texts_of_few_words_are_shown_by_paragraph():
    began = time.monotonic()
    (row,) = compare("a b " * 12_500, "b b a " * 8_333)

    assert row.left[0].change == OUT
    assert time.monotonic() - began < PATIENCE


def test_thousands_of_words_in_another_order_are_compared_in_time():
    numbers = [str(number) for number in range(8_000)]
    began = time.monotonic()
    compare(" ".join(numbers), " ".join(reversed(numbers)))

    assert time.monotonic() - began < PATIENCE
