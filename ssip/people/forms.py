"""What is asked when somebody gives or ends a role."""

from datetime import date
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError

from ssip.core import clock
from ssip.core.forms import Buttons, DateField, Field, Link, LongTextField, Submit, nhs_form
from ssip.tenancy.models import Grant, Role

LONGEST_REASON = Grant._meta.get_field("reason").max_length

WHAT_IT_IS_FOR = {
    Role.PSC_LEAD: "Reads the plans of all ICSs that the PSC serves, and approves them or asks for changes.",
    Role.PSC_ADMINISTRATOR: "Opens planning rounds, and looks after the people of the PSC and of its ICSs.",
    Role.SPECIALIST_MEMBER: "Takes part in the PSC's own networks; sees no plan.",
    Role.ICS_LEAD: "Leads the network, writes the plan and submits it.",
    Role.ICB_QUALITY_LEAD: "Records the endorsement of the Integrated Care Board, or asks for changes.",
    Role.NETWORK_MEMBER: "Reads the plan and comments on it.",
    Role.PATIENT_SAFETY_PARTNER: "Brings the view of people who use services: reads and comments.",
    Role.WARD_TEAM: "Starts a response when something has happened.",
    Role.PATIENT_SAFETY_SPECIALIST: "Decides on responses, and looks after the people of the organisation.",
    Role.EXECUTIVE_LEAD: "Signs off investigations.",
}


class GiveForm(forms.Form):
    email = forms.EmailField(
        label="Email address", max_length=254, error_messages={"required": "Enter an email address"}
    )
    name = forms.CharField(
        label="Full name",
        max_length=150,
        help_text="For somebody who is new here. A person with an account keeps the name that stands there.",
        error_messages={"required": "Enter the person's name"},
    )
    role = forms.ChoiceField(
        label="Role",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose a role",
            "invalid_choice": "Choose one of the roles that you can give here",
        },
    )
    until = DateField(
        label="Last day",
        required=False,
        help_text="Leave empty if no end is planned. The role ends by itself after this day. For example, 27 3 2027",
    )
    reason = LongTextField(
        label="Reason",
        max_length=LONGEST_REASON,
        help_text="Such as who asked for it. Everybody who can read this list can read the reason.",
        error_messages={"required": "Enter a reason"},
    )

    def __init__(self, *args: Any, roles: list[Role], cancel: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cancel = cancel
        self.hints = {role.value: WHAT_IT_IS_FOR[role] for role in roles}
        self.fields["role"].choices = [(role.value, role.label) for role in roles]  # type: ignore[attr-defined]
        if len(roles) == 1:
            self.fields["role"].initial = roles[0].value

    def clean_until(self) -> date | None:
        until = self.cleaned_data["until"]
        if until and until < clock.today():
            raise ValidationError("The last day must be today or later", params={"parts": ("day", "month", "year")})
        return until

    @property
    def helper(self) -> FormHelper:
        return nhs_form(
            "email",
            "name",
            Field("role", hints=self.hints),
            "until",
            Field("reason", rows=3),
            submit="Give this role",
            cancel=self.cancel,
        )


class EndForm(forms.Form):
    reason = LongTextField(
        label="Reason",
        max_length=LONGEST_REASON,
        help_text="Such as a change of job. Everybody who can read the list of people can read the reason.",
        error_messages={"required": "Enter a reason"},
    )

    def __init__(self, *args: Any, cancel: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cancel = cancel

    @property
    def helper(self) -> FormHelper:
        return nhs_form(
            Field("reason", rows=3),
            Buttons(Submit("end", "End this role now", variant="warning"), Link("Keep the role", self.cancel)),
        )
