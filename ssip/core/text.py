"""Text that people wrote: what can be stored of it, and how it looks on a page."""

import re
from functools import cache

import nh3
from django.core.exceptions import ValidationError
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

# PostgreSQL stores no NUL, and half a surrogate pair has no UTF-8; both reach us through JSON, NUL through forms too.
_NOT_SAVEABLE = re.compile("[\x00\ud800-\udfff]")

TAGS = {
    *("p", "br", "hr", "h3", "h4", "h5", "h6", "strong", "em", "s", "blockquote", "pre", "code"),
    *("ul", "ol", "li", "a", "table", "thead", "tbody", "tr", "th", "td"),
}
ATTRIBUTES = {"a": {"href"}, "ol": {"start"}, "th": {"scope"}}
# The page's own headings are h1 and h2.
FIRST_HEADING = 3


def saveable(text: str) -> str:
    """The text without the characters that the database cannot hold."""
    return _NOT_SAVEABLE.sub("", text)


def refuse_unsaveable(text: str) -> None:
    """For text that arrives by another way than a form field, such as JSON or a file."""
    if _NOT_SAVEABLE.search(text):
        raise ValidationError("The text contains a character that cannot be saved.", code="unsaveable")


def to_html(text: str) -> SafeString:
    """Formatted text as safe HTML. HTML in the text is shown as typed, pictures are not loaded."""
    html = _formatter().render(saveable(text))
    clean = nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, url_schemes={"http", "https", "mailto"})
    return mark_safe(clean)  # noqa: S308 - nh3 has just cleaned it


@cache
def _formatter() -> MarkdownIt:
    formatter = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"])
    formatter.disable(["image", "html_block", "html_inline"])
    formatter.core.ruler.push("page_outline", lambda state: _fit_into_page(state.tokens))
    return formatter


def _fit_into_page(tokens: list[Token]) -> None:
    """A writer may begin with a small heading; for a screen reader no level is left out."""
    above = FIRST_HEADING - 1
    for token in tokens:
        if token.type == "heading_open":
            above = min(int(token.tag[1]) + FIRST_HEADING - 1, above + 1, 6)
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{above}"
        elif token.type == "th_open":
            token.attrs = {"scope": "col"}  # and no alignment, which would be a style
