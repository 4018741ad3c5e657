"""What is asked when a planning round is opened, and when networks join one."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError

from networks.models import Network
from plans.models import Round, Step, Template
from ssip.core import clock
from ssip.core.forms import DATE_PARTS, DateField, Field, Fieldset, nhs_form

USUAL_BODY = "System Quality Group"
USUAL_WORKING_DAYS = 10
MOST_WORKING_DAYS = 60


class NetworksForm(forms.Form):
    """Which networks get a plan to draft. `networks` are those to choose from."""

    networks = forms.MultipleChoiceField(
        label="Networks",
        widget=forms.CheckboxSelectMultiple,
        help_text="Each gets a plan to draft, and its ICS lead an email.",
        error_messages={"required": "Select at least one network"},
    )

    def __init__(self, *args: Any, networks: Iterable[Network], cancel: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by_id = {str(network.pk): network for network in networks}
        self.cancel = cancel
        self.fields["networks"].choices = [  # type: ignore[attr-defined]
            (pk, f"{network.ics}: {network}") for pk, network in self.by_id.items()
        ]
        self.fields["networks"].initial = list(self.by_id)

    @property
    def chosen(self) -> list[Network]:
        return [self.by_id[pk] for pk in self.cleaned_data["networks"]]

    @property
    def helper(self) -> FormHelper:
        return nhs_form("networks", submit="Add these networks", cancel=self.cancel)


class RoundForm(NetworksForm):
    name = forms.CharField(
        label="Name of the round",
        max_length=Round._meta.get_field("name").max_length,
        help_text="Such as 2027 to 2028. It becomes part of the title of each plan.",
        error_messages={"required": "Enter the name of the round"},
    )
    begins_on = DateField(
        label="First day of the round", error_messages={"required": "Enter the first day of the round"}
    )
    plans_due_on = DateField(
        label="Day on which drafts are due", error_messages={"required": "Enter the day on which drafts are due"}
    )
    ends_on = DateField(label="Last day of the round", error_messages={"required": "Enter the last day of the round"})
    template = forms.ChoiceField(label="What a plan consists of", widget=forms.RadioSelect)
    endorsing_body = forms.CharField(
        label="The body that endorses a plan for the ICB",
        max_length=Step._meta.get_field("body").max_length,
        initial=USUAL_BODY,
    )
    endorse_within = forms.IntegerField(
        label="Time for the endorsement",
        min_value=1,
        max_value=MOST_WORKING_DAYS,
        initial=USUAL_WORKING_DAYS,
        help_text="Where a plan has a meeting, the day of the meeting counts instead.",
    )
    approve_within = forms.IntegerField(
        label="Time for the approval", min_value=1, max_value=MOST_WORKING_DAYS, initial=USUAL_WORKING_DAYS
    )

    def __init__(self, *args: Any, templates: Iterable[Template], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.templates = {template.code: template for template in templates}
        choices = [(code, template.name) for code, template in self.templates.items()]
        self.fields["template"].choices = choices  # type: ignore[attr-defined]
        self.fields["template"].initial = next(iter(self.templates), None)
        self.fields["networks"].required = bool(self.by_id)

    def clean_plans_due_on(self) -> date:
        due = self.cleaned_data["plans_due_on"]
        if due < clock.today():
            raise ValidationError(
                "The day on which drafts are due must be today or later", params={"parts": DATE_PARTS}
            )
        return due

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        begins_on, due, ends_on = (given.get(name) for name in ("begins_on", "plans_due_on", "ends_on"))
        if begins_on and due and due <= begins_on:
            self._wrong_order("plans_due_on", "Drafts must be due after the first day of the round")
        if ends_on and (due or begins_on) and ends_on <= max(filter(None, (due, begins_on))):
            self._wrong_order("ends_on", "The last day of the round must be after the day on which drafts are due")
        return given

    def _wrong_order(self, field: str, sentence: str) -> None:
        self.add_error(field, ValidationError(sentence, params={"parts": DATE_PARTS}))

    @property
    def helper(self) -> FormHelper:
        described = {code: template.description for code, template in self.templates.items()}
        days = {"width": 3, "suffix": "working days"}
        return nhs_form(
            Field("name", width=20),
            Fieldset("Dates", "begins_on", "plans_due_on", "ends_on"),
            Field("template", hints=described, size="m"),
            Fieldset("Who decides", "endorsing_body", Field("endorse_within", **days), Field("approve_within", **days)),
            *([Field("networks", size="m")] if self.by_id else []),
            submit="Open the round",
            cancel=self.cancel,
        )

    @property
    def said(self) -> dict[str, Any]:
        """What the workflow is told."""
        names = ("name", "begins_on", "plans_due_on", "ends_on", "endorsing_body", "endorse_within", "approve_within")
        given = {name: self.cleaned_data[name] for name in names}
        return given | {"template": self.templates[self.cleaned_data["template"]], "networks": self.chosen}
