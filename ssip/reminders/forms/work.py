"""Handing back a task."""

from django import forms

from ssip.core.forms import Field, FormHelper, LongTextField, nhs_form


class NotMineForm(forms.Form):
    word = LongTextField(
        label="Why is this not yours to do?",
        max_length=300,
        help_text="People who work in the same place may read this. Name no patient.",
        error_messages={"required": "Say in a few words why this is not yours to do"},
    )

    @property
    def helper(self) -> FormHelper:
        return nhs_form(Field("word", rows=4), submit="Hand it back", cancel="/work/")
