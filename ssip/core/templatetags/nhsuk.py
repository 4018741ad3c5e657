"""Tags for components of the design system and for the errors of a page's forms."""

from collections.abc import Iterator
from typing import Any

from django import template
from django.forms import BaseForm, BoundField
from django.forms.formsets import BaseFormSet
from django.template import Context
from django.utils.safestring import SafeString, mark_safe

from ssip.core import nhsuk
from ssip.core.text import to_html

register = template.Library()


@register.simple_tag(takes_context=True)
def nhsuk_field(context: Context, field: BoundField) -> SafeString:
    return nhsuk.draw(field, context.get("drawing") or {})


@register.simple_tag
def nhsuk_button(
    text: str, href: str = "", variant: str = "", name: str = "", value: str = "", small: bool = False
) -> SafeString:
    """{% nhsuk_button "Submit for approval" %}; with href a link that looks like a button."""
    link = (
        {"href": href} if href else {"name": name or None, "value": value if name else None, "preventDoubleClick": True}
    )
    return nhsuk.component("button", {"text": text, "variant": variant or None, "small": small} | link)


@register.simple_tag
def nhsuk_action_link(text: str, href: str) -> SafeString:
    """The one thing to do next on a page."""
    return nhsuk.component("action-link", {"text": text, "href": href})


@register.simple_tag
def nhsuk_table(caption: str, head: list[str], rows: list[list[Any]]) -> SafeString:
    """A table that becomes a list of cards on a phone. A cell is a text, or {"text": ..., "href": ...}."""
    cells = [[cell if isinstance(cell, dict) else {"text": str(cell)} for cell in row] for row in rows]
    heads = [{"text": each} for each in head]
    return nhsuk.component("tables", {"caption": caption, "head": heads, "rows": cells, "responsive": True})


@register.simple_tag
def nhsuk_pages(label: str, before: dict[str, str] | None, after: dict[str, str] | None) -> SafeString:
    """The way to what stands before and after: each {"labelText": its title, "href": ...}, or nothing."""
    return nhsuk.component("pagination", {"previous": before, "next": after, "landmarkLabel": label})


@register.simple_tag(takes_context=True)
def nhsuk_error_summary(context: Context, *forms: BaseForm | BaseFormSet) -> SafeString:
    """Everything wrong on the page, once: base.html asks for all forms, a form outside the context for itself."""
    wrong = [form for form in forms or _forms_of(context) if form.is_bound and not form.is_valid()]
    parts = [part for form in wrong for part in _with_parts(form) if not getattr(part, "errors_told", False)]
    for part in parts:
        part.errors_told = True
    return nhsuk.draw_error_summary(parts) if parts else mark_safe("")


@register.simple_tag(takes_context=True)
def error_prefix(context: Context) -> str:
    """Said first by a screen reader: the page came back because something is wrong."""
    return "Error: " if any(form.is_bound and not form.is_valid() for form in _forms_of(context)) else ""


@register.filter
def formatted(text: str) -> SafeString:
    """Text as people format it while writing, as safe HTML."""
    return to_html(text)


def _forms_of(context: Context) -> Iterator[BaseForm | BaseFormSet]:
    """By type, not isinstance: that would wake lazy values such as the signed-in person."""
    seen: dict[int, Any] = {id(value): value for value in context.flatten().values()}
    return (value for value in seen.values() if issubclass(type(value), BaseForm | BaseFormSet))


def _with_parts(form: BaseForm | BaseFormSet) -> list[Any]:
    return [form, *form.forms] if isinstance(form, BaseFormSet) else [form]
