"""What is asked when something that must be in place before responses is recorded, or withdrawn."""

import re
from datetime import date
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError

from incidents.models import Arrangement, Assurance, Item, Withdrawal
from ssip.core import clock
from ssip.core.forms import DATE_PARTS, Buttons, DateField, Field, Link, LongTextField, Submit, nhs_form

# The day from which the General Data Protection Regulation applies: nothing older was signed or confirmed under it.
EARLIEST = date(2018, 5, 25)
# Ten figures or more, with what people put between them, from a 0 or a + on.
TELEPHONE = re.compile(r"(?<![\w/])(?:\+|\(?0)(?:[\s().-]{0,2}\d){9,}")


def without_address(text: str) -> None:
    """Behind an address or a number stands a person: who that is, is not stored here. Nor does the database take it."""
    if "@" in text:
        raise ValidationError("Take out the email address or the @: people are not named here, only their roles")


def without_telephone(text: str) -> None:
    """Asked of words only: a reference may well be a long number."""
    if TELEPHONE.search(text):
        raise ValidationError("Take out the telephone number: people are not named here, only their roles")


def _longest(model: type[Assurance] | type[Withdrawal], field: str) -> int | None:
    return model._meta.get_field(field).max_length  # type: ignore[union-attr]


class AssuranceForm(forms.Form):
    """What the forms of all four items share."""

    order: tuple[Any, ...]

    def __init__(self, *args: Any, cancel: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cancel = cancel

    def clean_dated(self) -> date:
        dated = self.cleaned_data["dated"]
        if dated > clock.today():
            raise ValidationError("The date must be today or earlier", params={"parts": DATE_PARTS})
        if dated < EARLIEST:
            earliest = clock.spoken(EARLIEST)
            raise ValidationError(
                f"The date must be {earliest} or later: the General Data Protection Regulation applies from then",
                params={"parts": DATE_PARTS},
            )
        return dated

    @property
    def helper(self) -> FormHelper:
        return nhs_form(*self.order, submit="Record", cancel=self.cancel)


def _document() -> forms.CharField:
    return forms.CharField(
        label="Its reference",
        max_length=_longest(Assurance, "document"),
        validators=[without_address],
        help_text="The reference that it has in your organisation's own system, so that it can be found there",
        error_messages={"required": "Enter the reference that it has in your organisation's own system"},
    )


def _signed_on() -> DateField:
    return DateField(
        label="When was it signed?",
        spoken="The day of the signature",
        help_text="For example, 27 3 2026",
        error_messages={"required": "Enter the day on which it was signed"},
    )


class ImpactAssessmentForm(AssuranceForm):
    dated = _signed_on()
    document = _document()
    review_by = DateField(
        label="Review by",
        required=False,
        help_text="If the assessment says so. You are reminded before. For example, 27 3 2028",
    )
    order = ("dated", Field("document", width=20), "review_by")

    def clean_review_by(self) -> date | None:
        review_by = self.cleaned_data["review_by"]
        if review_by and review_by <= clock.today():
            raise ValidationError("Review by must be a day in the future", params={"parts": DATE_PARTS})
        return review_by


class ControllerAgreementForm(AssuranceForm):
    arrangement = forms.ChoiceField(
        label="What does it say about who controls the data?",
        widget=forms.RadioSelect,
        choices=Arrangement.choices,
        error_messages={"required": "Select what the agreement says about who controls the data"},
    )
    dated = _signed_on()
    document = _document()
    order = ("arrangement", "dated", Field("document", width=20))


class RoleForm(AssuranceForm):
    title = forms.CharField(
        label="Role in the organisation",
        max_length=_longest(Assurance, "title"),
        validators=[without_address, without_telephone],
        help_text="A role such as Medical Director. Not a name: it stays right when somebody else takes over",
        error_messages={"required": "Enter the role in the organisation, such as Medical Director"},
    )
    dated = DateField(
        label="When was this confirmed?",
        spoken="The day of the confirmation",
        help_text="The day on which the person in this role said that they take it on. For example, 27 3 2026",
        error_messages={"required": "Enter the day on which this was confirmed"},
    )
    order = (Field("title", width=30), "dated")


FORMS: dict[Item, type[AssuranceForm]] = {
    Item.IMPACT_ASSESSMENT: ImpactAssessmentForm,
    Item.CONTROLLER_AGREEMENT: ControllerAgreementForm,
    Item.CALDICOTT_GUARDIAN: RoleForm,
    Item.ASSET_OWNER: RoleForm,
}


class WithdrawForm(forms.Form):
    """`of` is the record that the person saw: another may have come meanwhile."""

    of = forms.IntegerField(widget=forms.HiddenInput)
    reason = LongTextField(
        label="Why does it no longer hold?",
        max_length=_longest(Withdrawal, "reason"),
        validators=[without_address, without_telephone],
        help_text="Everybody who can read this organisation's page can read the reason. Name roles, not people.",
        error_messages={"required": "Enter why it no longer holds"},
    )

    def __init__(self, *args: Any, cancel: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cancel = cancel

    @property
    def helper(self) -> FormHelper:
        return nhs_form(
            Field("reason", rows=3),
            Buttons(Submit("withdraw", "Withdraw this record", variant="warning"), Link("Keep it", self.cancel)),
        )
