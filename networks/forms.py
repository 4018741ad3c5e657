"""What is asked when a network is set up or changed."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError

from networks.models import Network
from ssip.core import clock
from ssip.core.forms import DATE_PARTS, DateField, Field, LongTextField, nhs_form
from ssip.tenancy.models import Scope


def _longest(field: str) -> int | None:
    return Network._meta.get_field(field).max_length  # type: ignore[union-attr]


class NetworkForm(forms.Form):
    name = forms.CharField(
        label="Name of the network",
        max_length=_longest("name"),
        error_messages={"required": "Enter the name of the network"},
    )
    kind = forms.ChoiceField(label="What it is about", widget=forms.RadioSelect, choices=Network.Kind.choices)
    purpose = LongTextField(
        label="Purpose",
        required=False,
        max_length=_longest("purpose"),
        help_text="In two or three sentences: who comes together here, and for what?",
    )
    chair = forms.CharField(
        label="Who chairs it",
        required=False,
        max_length=_longest("chair"),
        help_text="A role, not a name, such as Chief Nurse of the ICB",
    )
    meets = forms.CharField(
        label="How often it meets", required=False, max_length=_longest("meets"), help_text="Such as every 2 months"
    )

    def __init__(self, *args: Any, cancel: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cancel = cancel

    @property
    def helper(self) -> FormHelper:
        return nhs_form(*self._layout(), submit="Save", cancel=self.cancel)

    @staticmethod
    def _layout() -> list[Any]:
        return ["name", "kind", Field("purpose", rows=4), Field("chair", width=30), Field("meets", width=20)]


class NewNetworkForm(NetworkForm):
    where = forms.ChoiceField(label="Where it belongs", widget=forms.RadioSelect)
    begun_on = DateField(
        label="When it began", help_text="The day of its first meeting, or today. For example, 27 3 2026"
    )

    def __init__(self, *args: Any, places: Iterable[Scope], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = {f"{place.scope_kind}-{place.code}": place for place in places}
        choices = [(key, str(place)) for key, place in self.places.items()]
        self.fields["where"].choices = choices  # type: ignore[attr-defined]
        if len(choices) == 1:
            self.fields["where"].initial = choices[0][0]

    def clean_begun_on(self) -> date:
        begun_on = self.cleaned_data["begun_on"]
        if begun_on > clock.today():
            raise ValidationError("The day it began must be today or earlier", params={"parts": DATE_PARTS})
        return begun_on

    @property
    def scope(self) -> Scope:
        return self.places[self.cleaned_data["where"]]

    @property
    def helper(self) -> FormHelper:
        own = {key: "A network of the PSC's own, across its ICSs" for key in self.places if key.startswith("psc-")}
        return nhs_form(
            Field("where", hints=own), *self._layout(), "begun_on", submit="Set up the network", cancel=self.cancel
        )
