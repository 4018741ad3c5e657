"""What a section may hold: one JSON document, checked against the schema of the section's kind."""

from typing import Any

from django.core.exceptions import ValidationError
from jsonschema import Draft202012Validator

from ssip.core.text import refuse_unsaveable

TEXT = "text"
LONGEST = 50_000  # characters of one section's text

SCHEMAS: dict[str, dict[str, Any]] = {
    TEXT: {
        "type": "object",
        "properties": {"text": {"type": "string", "maxLength": LONGEST}},
        "required": ["text"],
        "additionalProperties": False,
    },
}
EMPTY: dict[str, dict[str, Any]] = {TEXT: {"text": ""}}


def check(kind: str, content: Any) -> None:
    """Raise ValidationError, without a word of the content, for a document that is not of its kind."""
    for wrong in Draft202012Validator(SCHEMAS[kind]).iter_errors(content):
        too_long = wrong.validator == "maxLength"
        message = f"The text must be {LONGEST:,} characters or fewer." if too_long else "This is not a section's text."
        raise ValidationError(message, code=str(wrong.validator))
    refuse_unsaveable(plain(kind, content))


def plain(kind: str, content: dict[str, Any]) -> str:
    """The content as text: to show, to compare, to find out whether anything is written."""
    return str(content["text"])


def is_empty(kind: str, content: dict[str, Any]) -> bool:
    return not plain(kind, content).strip()
