"""What a form says when something is wrong, in the design system's words.

Django's own messages are lazy translations; ours are plain strings. So a message that a form,
field or rule of ours words itself is shown as it is, and only Django's defaults are reworded here.
"""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.functional import Promise
from django.utils.html import strip_tags

Params = dict[str, Any]
CHOICES = (forms.ChoiceField, forms.ModelChoiceField)


def worded(field: BoundField) -> list[str]:
    """The messages of one field, ready for a person."""
    return [_sentence(field, error) for error in field.form.errors.as_data().get(field.name, [])]


def _sentence(field: BoundField, error: ValidationError) -> str:
    if error.code in WORDS and isinstance(error.message, Promise):
        return WORDS[error.code](field, error.params or {})
    return " ".join(str(message) for message in error.messages)


def _name(field: BoundField) -> str:
    return strip_tags(str(field.label)).strip().rstrip(":")


def _inside(field: BoundField) -> str:
    """The label as it reads in the middle of a sentence; an abbreviation keeps its capitals."""
    name = _name(field)
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


def _about(field: BoundField) -> str:
    """The label as the subject of a sentence; a question stands in quotation marks."""
    name = _name(field)
    return f"Your answer to “{name}”" if name.endswith("?") else name


def _required(field: BoundField, params: Params) -> str:
    chosen = isinstance(field.field, CHOICES)
    if _name(field).endswith("?"):
        return f"{'Select' if chosen else 'Enter'} an answer to “{_name(field)}”"
    if isinstance(field.field, forms.BooleanField):
        return f"Tick “{_name(field)}” to continue"
    if isinstance(field.field, forms.FileField):
        return f"Choose a file for {_inside(field)}"
    return f"{'Select' if chosen else 'Enter'} {_inside(field)}"


def _too_long(field: BoundField, params: Params) -> str:
    limit, length = params["limit_value"], params["show_value"]
    return f"{_about(field)} must be {limit:,} characters or fewer: take out at least {length - limit:,}"


def _too_short(field: BoundField, params: Params) -> str:
    return f"{_about(field)} must be {params['limit_value']:,} characters or more"


def _number(field: BoundField, params: Params) -> str:
    whole = not isinstance(field.field, forms.DecimalField | forms.FloatField)  # both are kinds of IntegerField
    return f"{_about(field)} must be a {'whole ' if whole else ''}number, like {'30' if whole else '2.5'}"


WORDS: dict[str, Callable[[BoundField, Params], str]] = {
    "required": _required,
    "max_length": _too_long,
    "min_length": _too_short,
    "null_characters_not_allowed": lambda field, params: (
        f"{_about(field)} contained a character that cannot be saved. It has been taken out: check the text, then save"
    ),
    "invalid": lambda field, params: (
        _number(field, params)
        if isinstance(field.field, forms.IntegerField)
        else "Enter an email address in the correct format, like name@example.com"
        if isinstance(field.field, forms.EmailField)
        else f"Check {_inside(field)}"
    ),
    "invalid_choice": lambda field, params: f"Select one of the options for {_inside(field)}",
    "min_value": lambda field, params: f"{_about(field)} must be {params['limit_value']} or more",
    "max_value": lambda field, params: f"{_about(field)} must be {params['limit_value']} or less",
    "empty": lambda field, params: "The file is empty: choose another one",
}
