"""What a page needs to make a form in the design system: fields, layout and nhs_form().

    class DecisionForm(forms.Form):
        met_on = DateField(label="Date of the meeting")
        note = LongTextField(label="What needs to change?", max_length=2000)

        @property
        def helper(self) -> FormHelper:
            return nhs_form("met_on", Field("note", rows=4), submit="Ask for changes")

and in the template {% crispy form %}. The list of a Field's options is in ssip/core/nhsuk.py.
"""

from calendar import month_name
from collections.abc import Sequence
from datetime import date
from typing import Any

from crispy_forms import layout as crispy
from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div
from crispy_forms.utils import render_field
from django import forms
from django.core.exceptions import ValidationError
from django.template import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

__all__ = [
    "DATE_PARTS", "HTML", "Buttons", "DateField", "Details", "Div", "Field", "Fieldset", "FormHelper", "Link",
    "LongTextField", "Reveal", "Submit", "nhs_form",
]  # fmt: skip

DRAWING = {"size", "heading", "width", "prefix", "suffix", "inline", "small", "hints", "divider", "optional"}
DATE_PARTS = ("day", "month", "year")
YEARS = range(1900, 2200)  # further off is a slip of the keyboard, and no calendar of working days goes there


def nhs_form(
    *layout: Any, submit: str = "Save", cancel: str = "", method: str = "post", action: str = "", **attributes: str
) -> FormHelper:
    """How a form is drawn. Without a layout: all its fields in order. `cancel` is the address of a way out.

    A layout with a Submit of its own gets no second button.
    """
    helper = FormHelper()
    helper.form_method = method
    helper.form_action = action
    helper.render_hidden_fields = True
    helper.attrs = {"novalidate": True} | {name.replace("_", "-"): value for name, value in attributes.items()}
    if layout:
        helper.layout = crispy.Layout(*layout)
    if submit and not (layout and helper.layout.get_layout_objects(crispy.Submit, greedy=True)):
        helper.add_input(Submit("", submit))
        if cancel:
            helper.add_input(Link("Cancel", cancel))
    return helper


class Field(crispy.Field):
    """One field with what the page wants to say about how it looks: Field("note", rows=4, size="m")."""

    def __init__(self, *names: str, **options: Any) -> None:
        self.drawing = {name: options.pop(name) for name in list(options) if name in DRAWING}
        super().__init__(*names, **options)

    def render(self, form: forms.BaseForm, context: Context, *args: Any, **kwargs: Any) -> SafeString:
        kwargs["extra_context"] = {"drawing": self.drawing}
        return super().render(form, context, *args, **kwargs)


class Reveal(crispy.Field):
    """Radios or checkboxes, each with the fields that belong to it:

    Reveal("answer", no=["why_not"])

    Without JavaScript all fields are in sight. The form itself says what is needed for which answer.
    """

    def __init__(self, name: str, **belonging: Sequence[Any]) -> None:
        self.name, self.belonging = name, belonging
        super().__init__(name)

    def render(self, form: forms.BaseForm, context: Context, template_pack: str = "nhsuk", **kwargs: Any) -> SafeString:
        reveal = {
            answer: mark_safe("".join(self._inner(name, form, context, template_pack) for name in fields))  # noqa: S308
            for answer, fields in self.belonging.items()
        }
        return render_field(
            self.name, form, context, template_pack=template_pack, extra_context={"drawing": {"reveal": reveal}}
        )

    @staticmethod
    def _inner(name: Any, form: forms.BaseForm, context: Context, template_pack: str) -> str:
        layout = Field(name, optional=False) if isinstance(name, str) else name
        return layout.render(form, context, template_pack=template_pack)


class Fieldset(crispy.Fieldset):
    """Fields under one legend; `size` as for a label."""

    def __init__(self, legend: str, *fields: Any, size: str = "m", **kwargs: Any) -> None:
        super().__init__(legend, *fields, **kwargs)
        self.size = size


class Details(Div):
    """Fields that few people need, folded away. It opens by itself when one of them is wrong."""

    template = "%s/layout/details.html"

    def __init__(self, summary: str, *fields: Any, **kwargs: Any) -> None:
        super().__init__(*fields, **kwargs)
        self.summary = summary

    def render(self, form: forms.BaseForm, context: Context, template_pack: str = "nhsuk", **kwargs: Any) -> SafeString:
        fields = self.get_rendered_fields(form, context, template_pack, **kwargs)
        wrong = any(pointer.name in form.errors for pointer in self.get_field_names())
        return render_to_string(
            self.get_template_name(template_pack), {"details": self, "fields": fields, "open": wrong}
        )


class Submit(crispy.Submit):
    """A button that sends the form; `variant` is "secondary" or "warning". With a name, the server learns which."""

    def __init__(self, name: str, value: str, *, variant: str = "", **kwargs: Any) -> None:
        super().__init__(name, value, **kwargs)
        self.variant = variant


class Link:
    """A way out beside a button."""

    def __init__(self, text: str, href: str) -> None:
        self.text, self.href = text, href

    def render(self, form: forms.BaseForm, context: Context, *args: Any, **kwargs: Any) -> SafeString:
        return render_to_string("nhsuk/layout/link.html", {"text": self.text, "href": self.href})


class Buttons(Div):
    """Several buttons and links in one row."""

    css_class = "nhsuk-button-group"


class LongTextField(forms.CharField):
    """Text of several lines. A browser sends a line break as two characters: here, as in its count, it is one."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return text.replace("\r\n", "\n").replace("\r", "\n") if text else text


class DateBoxes(forms.MultiWidget):
    """Day, month and year."""

    use_fieldset = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        # The month takes a name too, so it must not bring up a keyboard of figures only.
        month = forms.TextInput({"inputmode": "text"})
        super().__init__({"day": forms.TextInput(), "month": month, "year": forms.TextInput()}, attrs)

    def decompress(self, value: Any) -> list[Any]:
        return _parts_of(value)


def _parts_of(value: Any) -> list[Any]:
    """Of a date, or of one written 2027-03-27."""
    if isinstance(value, str) and value:
        value = date.fromisoformat(value)
    return [value.day, value.month, value.year] if value else [None, None, None]


class DateField(forms.MultiValueField):
    """A date in three boxes; what is wrong names the part. The month may be a figure or a name.

    `spoken` is what it is called where something is wrong, if the label is a question.
    """

    widget = DateBoxes

    def __init__(self, *, spoken: str = "", help_text: str = "For example, 27 3 2027", **kwargs: Any) -> None:
        self.spoken = spoken
        parts = [forms.CharField(required=False) for _ in range(3)]
        super().__init__(fields=parts, require_all_fields=False, help_text=help_text, **kwargs)

    def clean(self, value: Any) -> date | None:
        if self.disabled and not isinstance(value, list):
            value = _parts_of(value)
        typed = dict(zip(DATE_PARTS, [str(part or "").strip() for part in value or []], strict=False))
        missing = [part for part in DATE_PARTS if not typed.get(part)]
        if len(missing) == len(DATE_PARTS):
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required", params={"parts": DATE_PARTS})
            return None
        if missing:
            raise self._wrong(f"must include a {' and a '.join(missing)}", missing)
        found = self._date(typed)
        self.run_validators(found)
        return found

    def has_changed(self, initial: Any, data: Any) -> bool:
        if self.disabled:
            return False
        before = [str(part or "") for part in _parts_of(initial)]
        return before != [str(part or "").strip().lstrip("0") for part in data or [None] * 3]

    def _date(self, typed: dict[str, str]) -> date:
        month = typed["month"].capitalize()
        named = [number for number, name in enumerate(month_name) if len(month) >= 3 and name.startswith(month)]
        if not (typed["year"].isdecimal() and len(typed["year"]) == 4):
            raise self._wrong("must have a year of 4 figures", ["year"])
        try:
            found = date(int(typed["year"]), named[0] if named else int(month), int(typed["day"]))
        except (ValueError, OverflowError):
            raise self._wrong("must be a real date", DATE_PARTS) from None
        if found.year not in YEARS:
            raise self._wrong(f"must have a year from {YEARS[0]} to {YEARS[-1]}", ["year"])
        return found

    def _wrong(self, what: str, parts: Sequence[str]) -> ValidationError:
        name = self.spoken or str(self.label or "The date")
        return ValidationError(f"{name} {what}", code="date", params={"parts": parts})
