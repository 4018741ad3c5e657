"""What a place chooses for one kind of date."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError

from ssip.core.forms import Field, LongTextField, nhs_form
from ssip.reminders.models import KindChoice
from ssip.reminders.rules import Rule

MOST_DAYS, MOST_STEPS, LONGEST = 365, 8, 1000


class ChooseForm(forms.Form):
    is_on = forms.TypedChoiceField(
        label="Does this date run here?",
        choices=[("yes", "Yes"), ("no", "No")],
        coerce=lambda given: given == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether this date runs here"},
    )
    length = forms.IntegerField(
        min_value=1,
        max_value=LONGEST,
        error_messages={"required": "Enter how long it runs", "invalid": "How long it runs must be a whole number"},
    )
    remind = forms.CharField(
        label="When are people reminded?",
        max_length=60,
        help_text="Days before the date, with commas between them; 0 is the day itself, and -7 a week after it. "
        "For example, 14, 3, 0, -1",
        error_messages={"required": "Enter at least one day"},
    )
    reason = LongTextField(
        label="Why?",
        max_length=KindChoice._meta.get_field("reason").max_length,
        help_text="Such as the meeting that decided it. Everybody who sees this place can read it.",
        error_messages={"required": "Say why"},
    )

    def __init__(self, *args: Any, rule: Rule, cancel: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rule, self.cancel = rule, cancel
        kind = rule.kind
        self.fields["is_on"].initial = "yes" if rule.is_on else "no"
        self.fields["remind"].initial = ", ".join(map(str, rule.remind))
        if kind.length is None:
            del self.fields["length"]
        else:
            self.fields["length"].initial = rule.length
            self.fields["length"].label = f"How many {kind.get_unit_display()}?"
            most = f"At most {kind.said()}: it is a duty. " if kind.is_duty else ""
            self.fields["length"].help_text = f"{most}Where a place chooses nothing, it is {kind.said()}."

    def clean_remind(self) -> list[int]:
        parts = [part.strip() for part in self.cleaned_data["remind"].replace(";", ",").split(",") if part.strip()]
        try:
            days = [int(part) for part in parts]
        except ValueError:
            raise ValidationError("Days must be whole numbers with commas between them, such as 14, 3, 0, -1") from None
        if not days:
            raise ValidationError("Enter at least one day")
        if len(days) > MOST_STEPS or max(map(abs, days)) > MOST_DAYS:
            raise ValidationError(f"Enter at most {MOST_STEPS} days, each at most {MOST_DAYS} before or after the date")
        return days

    @property
    def helper(self) -> FormHelper:
        length = [Field("length", width=4, suffix=self.rule.kind.get_unit_display())] if "length" in self.fields else []
        return nhs_form(
            Field("is_on", inline=True),
            *length,
            Field("remind", width=20),
            Field("reason", rows=3),
            submit="Save for new dates",
            cancel=self.cancel,
        )
