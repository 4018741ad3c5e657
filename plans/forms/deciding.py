"""What is asked of whoever decides about a plan: one page, two answers."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError

from plans.models import Decision, Section, Step
from ssip.core import clock
from ssip.core.forms import DATE_PARTS, DateField, Details, Field, LongTextField, Reveal, nhs_form

LONGEST_NOTE = 5000
ASK = "ask_for_changes"
WHAT_APPROVAL_MEANS = (
    "Approval means that the plan meets what the programme asks of a network plan. It does not replace the ICB's own "
    "governance."
)


class DecisionForm(forms.Form):
    """Either the step's own decision or a request for changes; fields of the other answer do not count."""

    yes = ""
    own: tuple[str, ...] = ()

    seen = forms.IntegerField(widget=forms.HiddenInput)
    answer = forms.ChoiceField(
        label="What do you want to do?",
        widget=forms.RadioSelect,
        error_messages={"required": "Select what you want to do"},
    )
    changes = LongTextField(
        label="What needs to change?",
        required=False,
        max_length=LONGEST_NOTE,
        help_text="The ICS lead and everybody who can read the plan will read this.",
    )

    def __init__(self, *args: Any, step: Step, sections: Iterable[Section], cancel: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.step, self.cancel = step, cancel
        self.keys: dict[str, UUID] = {}
        for section in sections:
            self.keys[f"about_{section.key}"] = section.pk
            self.fields[f"about_{section.key}"] = LongTextField(
                label=section.title, required=False, max_length=LONGEST_NOTE
            )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        theirs = set(self.own) if given.get("answer") == self.yes else {"changes", *self.keys}
        for name in {*self.own, "changes", *self.keys} - theirs:
            self.errors.pop(name, None)
        if given.get("answer") == ASK and "changes" not in self.errors and not given.get("changes"):
            self.add_error("changes", "Say what needs to change")
        return given

    @property
    def said(self) -> dict[str, Any]:
        """For the move that was chosen."""
        given = self.cleaned_data
        if given["answer"] == ASK:
            words = {pk: given[name] for name, pk in self.keys.items() if given.get(name)}
            return {"note": given["changes"], "on_sections": words}
        return {name: given[name] for name in self.own}

    def _asking(self) -> list[Any]:
        """What belongs to the answer that asks for changes."""
        on_sections = [Field(name, rows=3, optional=False) for name in self.keys]
        return [Field("changes", rows=6, optional=False), Details("Say something about single sections", *on_sections)]


class EndorseForm(DecisionForm):
    """What a body of the ICB decided in its meeting."""

    yes = "endorse"
    own = ("body", "met_on", "minute_reference", "note")

    body = forms.CharField(
        label="Which body endorsed the plan?",
        required=False,
        max_length=Decision._meta.get_field("on_behalf_of").max_length,
    )
    met_on = DateField(label="Date of the meeting", required=False)
    minute_reference = forms.CharField(
        label="Reference of the minute",
        required=False,
        max_length=Decision._meta.get_field("minute_reference").max_length,
        help_text="As the minutes number it, such as SQG 7.2",
    )
    note = LongTextField(
        label="Note",
        required=False,
        max_length=LONGEST_NOTE,
        help_text="Such as what the meeting asked the network to keep in mind.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].initial = self.step.body
        self.fields["answer"].choices = [  # type: ignore[attr-defined]
            (self.yes, "Record the endorsement"),
            (ASK, "Ask for changes"),
        ]

    def clean_met_on(self) -> Any:
        met_on = self.cleaned_data["met_on"]
        begins_on = self.step.round.begins_on
        if met_on and met_on > clock.today():
            raise ValidationError("Date of the meeting must be today or earlier", params={"parts": DATE_PARTS})
        if met_on and met_on < begins_on:
            first = clock.spoken(begins_on)
            raise ValidationError(
                f"Date of the meeting must be {first} or later: the round began that day", params={"parts": DATE_PARTS}
            )
        return met_on

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        needed = {
            "body": "Enter the body that endorsed the plan",
            "met_on": "Enter the date of the meeting",
            "minute_reference": "Enter the reference of the minute",
        }
        if given.get("answer") == self.yes:
            for name in [name for name in needed if name not in self.errors and not given.get(name)]:
                self.add_error(
                    name, ValidationError(needed[name], params={"parts": DATE_PARTS} if name == "met_on" else {})
                )
        return given

    @property
    def helper(self) -> FormHelper:
        endorsing = ["body", "met_on", Field("minute_reference", width=20, optional=False), Field("note", rows=4)]
        layout = Reveal("answer", endorse=endorsing, ask_for_changes=self._asking())
        return nhs_form("seen", layout, submit="Record the decision", cancel=self.cancel)


class ApproveForm(DecisionForm):
    yes = "approve"
    own = ("note",)

    note = LongTextField(label="Note", required=False, max_length=LONGEST_NOTE)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answer"].help_text = WHAT_APPROVAL_MEANS
        self.fields["answer"].choices = [  # type: ignore[attr-defined]
            (self.yes, f"Approve version {self.initial['seen']}"),
            (ASK, "Ask for changes"),
        ]

    @property
    def helper(self) -> FormHelper:
        layout = Reveal("answer", approve=[Field("note", rows=4)], ask_for_changes=self._asking())
        return nhs_form("seen", layout, submit="Send your decision", cancel=self.cancel)
