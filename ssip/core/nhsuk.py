"""Draws the design system's components from its own macros: for the template pack and the tag library.

A bound field is drawn by the kind of its widget. What a page may ask for beyond the field itself:
  size      "s", "m" (usual), "l" or "xl": how large the label or legend is
  heading   True: the label is the page's only h1
  width     2, 3, 4, 5, 10, 20 or 30 characters;  prefix, suffix: text beside a short input
  inline    True: radios side by side;  small: small radios or checkboxes
  hints     {value: hint} below an option;  divider: a word between the last option and those before
  reveal    {value: HTML} shown when this option is chosen
  optional  False: do not add "(optional)" to a label
"""

import re
from collections.abc import Mapping
from functools import cache, singledispatch
from typing import Any

from django import forms
from django.forms import BoundField
from django.forms.formsets import BaseFormSet
from django.utils.html import conditional_escape, format_html_join
from django.utils.safestring import SafeString, mark_safe
from jinja2 import ChainableUndefined, Environment, PackageLoader

from ssip.core.text import saveable
from ssip.core.wording import worded

DATA_CONTROLS = re.compile(r' data-aria-controls="[^"]*"')

Options = Mapping[str, Any]
Params = dict[str, Any]

# A count that is in sight from the first letter only distracts in a long text.
COUNT_FROM_THE_START = 1000


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("nhsuk_frontend_jinja"),
        autoescape=True,
        undefined=ChainableUndefined,  # the macros ask for parts of parameters that were not given
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _macro(name: str) -> Any:
    first, *others = name.split("-")
    # The one component whose macro has another name.
    first = {"tables": "table"}.get(name, first)
    module = _environment().get_template(f"nhsuk/components/{name}/macro.jinja").module
    return getattr(module, first + "".join(part.capitalize() for part in others))


def component(name: str, params: Params) -> SafeString:
    """One component of the design system, named as in its manual: "error-summary"."""
    given = {key: value for key, value in params.items() if value is not None}
    return mark_safe(str(_macro(name)(given)).strip())  # noqa: S308 - the macros escape; nothing else is joined in


def draw(field: BoundField, options: Options) -> SafeString:
    """A field with its label, hint and errors."""
    if field.is_hidden:
        return mark_safe(str(field))  # noqa: S308 - Django's own escaped markup
    return _draw(field.field.widget, field, options)


def draw_error_summary(wrong: list[forms.BaseForm | BaseFormSet]) -> SafeString:
    """One list of everything that is wrong on the page, each entry leading to its field."""
    entries = [entry for form in wrong for entry in _entries(form)]
    return component("error-summary", {"heading": "There is a problem", "errorList": entries})


def _entries(form: forms.BaseForm | BaseFormSet) -> list[Params]:
    if isinstance(form, BaseFormSet):
        return [{"text": str(message)} for message in form.non_form_errors()]
    entries: list[Params] = [{"text": str(message)} for message in form.non_field_errors()]
    for field in form:
        target = None if field.is_hidden else f"#{_first_input(field)}"
        entries += [{"text": message, "href": target} for message in worded(field)]
    return entries


def _first_input(field: BoundField) -> str:
    """The id that a link in the error summary leads to."""
    parts = _wrong_parts(field)
    return f"{field.auto_id}_{parts[0]}" if parts else str(field.auto_id)


def _wrong_parts(field: BoundField) -> list[str]:
    """Which boxes of a field of several are wrong; the first one where nobody says."""
    names = _part_names(field.field.widget)
    errors = field.form.errors.as_data().get(field.name, [])
    return [part for error in errors for part in (error.params or {}).get("parts", ())] or names[:1]


def _part_names(widget: forms.Widget) -> list[str]:
    return [name.lstrip("_") for name in getattr(widget, "widgets_names", [])]


def _label(field: BoundField, options: Options) -> Params:
    text = str(options.get("label", field.label))
    marked = options.get("optional", True) and not field.field.required and not field.field.disabled
    if marked and "(optional)" not in text:
        text += " (optional)"
    heading = bool(options.get("heading"))
    return {"text": text, "size": options.get("size", "l" if heading else "s"), "isPageHeading": heading}


def _hint(field: BoundField, options: Options) -> Params | None:
    text = options.get("hint", field.help_text)
    return {"html": conditional_escape(text)} if text else None


def _errors(field: BoundField) -> Params | None:
    messages = worded(field)
    return {"html": format_html_join(mark_safe("<br>"), "{}", ((m,) for m in messages))} if messages else None


def _value(field: BoundField) -> Any:
    """What was typed comes back, without what can never be saved."""
    value = field.field.widget.format_value(field.value())
    return saveable(value) + "" if isinstance(value, str) else value  # never as markup, whatever it was before


def _attributes(field: BoundField) -> Params:
    """What the page or the field says about the input; a length is told in words, never cut off silently."""
    own = {"maxlength", "minlength", "rows", "cols", "class", "id", "name", "type", "placeholder", "autocomplete"}
    attributes = {key: value for key, value in field.field.widget.attrs.items() if key not in own}
    return {key: {"value": value, "optional": True} for key, value in attributes.items()}


def _common(field: BoundField, options: Options) -> Params:
    attrs = field.field.widget.attrs
    return {
        "id": field.auto_id,
        "name": field.html_name,
        "label": _label(field, options),
        "hint": _hint(field, options),
        "errorMessage": _errors(field),
        "classes": attrs.get("class"),
        "autocomplete": attrs.get("autocomplete"),
        "disabled": field.field.disabled or None,
        "attributes": _attributes(field),
    }


def _group(field: BoundField, options: Options) -> Params:
    """Several inputs under one legend."""
    common = _common(field, options)
    return common | {
        "idPrefix": field.auto_id,
        "id": None,
        "fieldset": {"legend": common.pop("label")},
        "attributes": None,
    }


@singledispatch
def _draw(widget: forms.Widget, field: BoundField, options: Options) -> SafeString:
    raise TypeError(f"Nothing here draws a {type(widget).__name__}, the widget of {field.name}.")


@_draw.register
def _input(widget: forms.widgets.Input, field: BoundField, options: Options) -> SafeString:
    number = isinstance(widget, forms.NumberInput)
    return component(
        "input",
        _common(field, options)
        | {
            # A number input of a browser changes its value when somebody scrolls over it.
            "type": "text" if number else widget.input_type,
            "inputmode": "numeric" if number else widget.attrs.get("inputmode"),
            "spellcheck": False if number or isinstance(widget, forms.EmailInput) else None,
            "width": options.get("width", 5 if number else None),
            "prefix": options.get("prefix"),
            "suffix": options.get("suffix"),
            "value": _value(field),
        },
    )


@_draw.register
def _password(widget: forms.PasswordInput, field: BoundField, options: Options) -> SafeString:
    return component("password-input", _common(field, options))


@_draw.register
def _textarea(widget: forms.Textarea, field: BoundField, options: Options) -> SafeString:
    params = _common(field, options) | {"rows": widget.attrs.get("rows", 5), "value": _value(field)}
    limit = getattr(field.field, "max_length", None)
    if not limit:
        return component("textarea", params)
    return component(
        "character-count",
        params
        | {
            "maxlength": limit,
            "threshold": 75 if limit > COUNT_FROM_THE_START else None,
            "textareaDescriptionText": f"You can enter up to {limit:,} characters",
        },
    )


@_draw.register
def _file(widget: forms.FileInput, field: BoundField, options: Options) -> SafeString:
    return component("file-upload", _common(field, options) | {"multiple": widget.attrs.get("multiple")})


@_draw.register
def _select(widget: forms.Select, field: BoundField, options: Options) -> SafeString:
    return component("select", _common(field, options) | {"items": _options(field, {})})


@_draw.register
def _radios(widget: forms.RadioSelect, field: BoundField, options: Options) -> SafeString:
    return _choice("radios", field, options)


@_draw.register(forms.CheckboxSelectMultiple)
@_draw.register(forms.SelectMultiple)
def _checkboxes(widget: forms.Widget, field: BoundField, options: Options) -> SafeString:
    """A list to select several from is hard to use, so both kinds become checkboxes."""
    return _choice("checkboxes", field, options)


@_draw.register
def _checkbox(widget: forms.CheckboxInput, field: BoundField, options: Options) -> SafeString:
    common = _common(field, options)
    label = str(options.get("label", field.label))
    item = {"value": "on", "text": label, "checked": bool(field.value()), "hint": common["hint"], "id": field.auto_id}
    return component(
        "checkboxes",
        common | {"idPrefix": field.auto_id, "id": None, "hint": None, "attributes": None, "items": [item]},
    )


def _choice(kind: str, field: BoundField, options: Options) -> SafeString:
    items = _options(field, options)
    if divider := options.get("divider"):
        items.insert(-1, {"divider": divider})
    looks = {"items": items, "inline": options.get("inline"), "small": options.get("small")}
    html = component(kind, _group(field, options) | looks)
    # The design system's script would put aria-expanded on a radio, which may not have it; our style sheet
    # reveals instead, with or without a script.
    return mark_safe(DATA_CONTROLS.sub("", html))  # noqa: S308 - escaped above, something is only taken out


def _options(field: BoundField, options: Options) -> list[Params]:
    hints, reveal = options.get("hints", {}), options.get("reveal", {})
    widget = field.field.widget
    chosen = widget.format_value(field.value())
    items = []
    for _, group, _ in widget.optgroups(field.html_name, chosen):
        for option in group:
            value = str(option["value"])
            items.append(
                {
                    "value": value,
                    "text": str(option["label"]),
                    "selected": option["selected"],
                    "checked": option["selected"],
                    "disabled": option["attrs"].get("disabled"),
                    "hint": {"text": hints[value]} if value in hints else None,
                    "conditional": {"html": reveal[value]} if value in reveal else {},
                }
            )
    return items


@_draw.register
def _parts(widget: forms.MultiWidget, field: BoundField, options: Options) -> SafeString:
    """Boxes side by side, such as day, month and year."""
    value = field.value()
    values: list[Any] = value if isinstance(value, list) else widget.decompress(value) or []
    wrong = _wrong_parts(field) if field.errors else []
    names = _part_names(widget)
    items = [
        {
            "id": f"{field.auto_id}_{name}",
            "name": f"{field.html_name}_{name}",
            "label": name.capitalize(),
            "value": saveable(str(part)) if part is not None else "",
            "width": 4 if name == "year" else 2,
            "error": name in wrong,
            "inputmode": box.attrs.get("inputmode", "numeric"),
            "autocomplete": box.attrs.get("autocomplete"),
            "disabled": field.field.disabled or None,
        }
        for name, part, box in zip(names, values, widget.widgets, strict=True)
    ]
    common = _group(field, options)
    return component("date-input", common | {"id": field.auto_id, "items": items})
