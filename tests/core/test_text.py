"""Formatted text is safe and keeps the words; what cannot be stored is taken out or refused."""

import re

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from ssip.core.text import TAGS, refuse_unsaveable, saveable, to_html


def test_the_usual_formatting_is_shown():
    html = to_html("Some **bold** words\n\n- one\n- two\n\n1. first")

    assert "<strong>bold</strong>" in html
    assert "<ul>\n<li>one</li>" in html
    assert "<ol>\n<li>first</li>" in html


def test_a_single_line_break_is_kept():
    assert to_html("one\ntwo") == "<p>one<br>\ntwo</p>\n"


def test_headings_fit_below_those_of_the_page():
    assert re.findall(r"<h(\d)>", to_html("# a\n\n## b\n\n### c\n\n#### d\n\n###### e")) == ["3", "4", "5", "6", "6"]


def test_a_text_that_begins_with_a_small_heading_leaves_out_no_level():
    assert re.findall(r"<h(\d)>", to_html("### a\n\n# b\n\n### c")) == ["3", "3", "4"]


def test_a_table_says_what_its_columns_are_and_carries_no_style():
    html = to_html("| Aim | When |\n| --- | ---: |\n| Less harm | May |")

    assert '<th scope="col">Aim</th>' in html
    assert "<td>May</td>" in html
    assert "style" not in html


def test_a_link_opens_safely():
    assert to_html("[NHS](https://www.nhs.uk)") == (
        '<p><a href="https://www.nhs.uk" rel="noopener noreferrer">NHS</a></p>\n'
    )


@pytest.mark.parametrize(
    "typed",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt&colon;alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "[x](vbscript:x)",
        "<a href='javascript:alert(1)'>x</a>",
        "<style>body{display:none}</style>",
        "`<script>`",
        "```\n<script>\n```",
        "[a]: javascript:alert(1)\n[a]",
    ],
)
def test_nothing_that_runs_comes_through(typed):
    html = to_html(typed)

    assert not re.search(r"<(script|img|style|iframe)", html)
    assert not re.search(r'href="(?!https?:|mailto:)', html)


def test_html_is_shown_as_it_was_typed():
    assert to_html("use <b> here") == "<p>use &lt;b&gt; here</p>\n"


def test_a_picture_from_elsewhere_is_not_loaded():
    html = to_html("![seen](https://tracker.example/x.png)")

    assert "<img" not in html
    assert "seen</a>" in html


@given(st.text(alphabet=st.characters(codec="utf-8") | st.sampled_from("<>&\"'[]()*_#`|-\n\x00"), max_size=200))
def test_whatever_is_typed_only_known_tags_come_out(typed):
    html = to_html(typed)

    assert set(re.findall(r"</?([a-z0-9]+)", html)) <= TAGS
    assert not re.search(r"<[^>]*\son\w+=", html)
    assert "\x00" not in html


@given(st.text(alphabet=st.characters(codec="ascii", categories=["L", "N"]), min_size=1))
def test_plain_words_stay_as_they_are(words):
    assert to_html(words) == f"<p>{words}</p>\n"


def test_what_the_database_cannot_hold_is_taken_out():
    assert saveable("a\x00b\ud800c\udfffd é 🙂") == "abcd é 🙂"


@pytest.mark.parametrize("text", ["a\x00b", "half a pair: \ud83d"])
def test_text_that_arrives_by_another_way_is_refused(text):
    with pytest.raises(ValidationError, match="cannot be saved"):
        refuse_unsaveable(text)


def test_ordinary_text_is_not_refused():
    refuse_unsaveable("Ordinary – with dashes, é and 🙂\n\tand tabs")


def test_the_worst_text_of_full_length_is_drawn_in_bounded_size():
    """A table whose short rows are filled up to a wide head: the one way to make much out of little."""
    wide = "|a" * 3000 + "|\n" + "|-" * 3000 + "|\n" + "|b\n" * 20000

    assert len(to_html(wide[:50_000])) < 2_000_000
