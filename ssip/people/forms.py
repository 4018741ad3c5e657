"""What is asked when somebody gives or ends a role."""

from datetime import date
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from ssip.core import clock
from ssip.core.forms import Buttons, DateField, Field, Link, LongTextField, Submit, nhs_form
from ssip.core.text import saveable
from ssip.core.typed import MOST_FIGURES
from ssip.people.models import ReviewedRole
from ssip.people.queries.people import Chosen, Row
from ssip.tenancy.models import Grant, Role

LONGEST_REASON = Grant._meta.get_field("reason").max_length

# The one role in a place that whoever reviews it may not end is that of its administrators.
LEAVE = "Leave to a system administrator"

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


class ListFilter(forms.Form):
    """What to look for among the people of a place. By the last sign-in only where somebody is told of it."""

    q = forms.CharField(label="Name, email address or role", max_length=100, required=False)
    role = forms.ChoiceField(label="Role", required=False)
    order = forms.ChoiceField(label="In the order of", required=False)

    def __init__(self, *args: Any, roles: list[Role], told: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        orders = {"role": "role", "name": "name"} | ({"signed-in": "last sign-in, longest ago first"} if told else {})
        self.fields["role"].choices = [("", "Any"), *((role.value, role.label) for role in roles)]  # type: ignore[attr-defined]
        self.fields["order"].choices = list(orders.items())  # type: ignore[attr-defined]

    @property
    def chosen(self) -> Chosen:
        """What is not one of the choices counts as not chosen."""
        self.is_valid()
        given = self.cleaned_data
        sought = saveable(self.data.get("q", "")).strip()
        return Chosen(sought, given.get("role", ""), given.get("order", ""))

    @property
    def helper(self) -> FormHelper:
        fields = [Field(name, optional=False) for name in self.fields]
        search = Submit("", "Show", variant="secondary")
        return nhs_form(*fields, search, method="get", **{"class": "ssip-filter", "role": "search"})


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


def _name(grant: Grant) -> str:
    """Of the field in which somebody says what becomes of this role."""
    return f"role-{grant.pk}"


class ReviewForm(forms.Form):
    """For each role: keep it or end it; nothing is chosen beforehand."""

    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, rows: list[Row], seen: int, cancel: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows, self.cancel = rows, cancel
        self.fields["seen"].initial = seen
        for row in rows:
            self.fields[_name(row.grant)] = _role_field(row)

    @property
    def decided(self) -> dict[int, ReviewedRole.Outcome]:
        """By the grant's id; once the form is valid."""
        return {row.grant.pk: ReviewedRole.Outcome(self.cleaned_data[_name(row.grant)]) for row in self.rows}

    @property
    def ending(self) -> list[Grant]:
        decided = self.decided
        return [row.grant for row in self.rows if decided[row.grant.pk] == ReviewedRole.Outcome.ENDED]

    def answered_beside(self) -> set[int]:
        """Ids of roles that somebody answered for and that are not asked for any more."""
        asked = {row.grant.pk for row in self.rows}
        named = {name.removeprefix("role-") for name in self.data if name.startswith("role-")}
        return {int(pk) for pk in named if pk.isdecimal() and len(pk) < MOST_FIGURES} - asked

    @property
    def helper(self) -> FormHelper:
        roles = [Field(_name(row.grant), inline=True, small=True) for row in self.rows]
        return nhs_form("seen", *roles, Buttons(Submit("go_on", "Continue"), Link("Leave it for now", self.cancel)))


def _role_field(row: Row) -> forms.ChoiceField:
    grant, outcome = row.grant, ReviewedRole.Outcome
    keep = (outcome.KEPT.value, "Keep")
    end = (outcome.ENDED.value, "End") if row.may_end else (outcome.NOT_REVIEWED.value, LEAVE)
    wrong = f"Choose an answer for {grant.person}, {grant.get_role_display()}"
    return forms.ChoiceField(
        label=f"{grant.person}: {grant.get_role_display()}",
        choices=[keep, end],
        widget=forms.RadioSelect,
        help_text=_what_is_known(row),
        error_messages={"required": wrong, "invalid_choice": wrong},
    )


def _what_is_known(row: Row) -> SafeString:
    """When the person last signed in, with a tag where that is long ago; since when the role, by whom, why."""
    grant = row.grant
    until = f" until {clock.spoken(grant.until)}" if grant.until else ""
    return format_html(
        "{}{} · Since {}{} · {}",
        row.signed_in,
        _tag(row.unused),
        clock.spoken(grant.from_date),
        until,
        f"Given by {grant.by or 'the operator of the site'}: {grant.reason}",
    )


def _tag(text: str) -> SafeString:
    tag = render_to_string("parts/status_tag.html", {"text": text, "colour": "yellow"}).strip() if text else ""
    return format_html(" {}", mark_safe(tag)) if tag else SafeString()  # noqa: S308  drawn by a template, which escapes


class EndingForm(forms.Form):
    """The last question of a review that ends roles. What was decided comes along, unseen."""

    reason = LongTextField(
        label="Why do they end?",
        max_length=LONGEST_REASON,
        help_text="Stands with each of them. Everybody who can read the list of people can read it.",
        error_messages={"required": "Enter a reason"},
    )

    def __init__(self, *args: Any, decided: ReviewForm, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.count = len(decided.ending)
        if self.count == 1:
            self.fields["reason"].label = "Why does it end?"
            self.fields["reason"].help_text = "Everybody who can read the list of people can read it."
        for name in decided.fields:
            self.fields[name] = forms.CharField(widget=forms.HiddenInput, initial=decided.cleaned_data[name])

    @property
    def helper(self) -> FormHelper:
        what = "this role" if self.count == 1 else f"these {self.count} roles"
        finish = Submit("finish", f"End {what} and finish the review", variant="warning")
        return nhs_form(
            Field("reason", rows=3), Buttons(finish, Submit("back", "Change an answer", variant="secondary"))
        )
