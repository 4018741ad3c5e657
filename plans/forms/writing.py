"""What people fill in while a plan is written and read."""

import uuid
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from plans.kinds import LONGEST
from plans.models import Plan, Section, Status
from ssip.core import clock
from ssip.core.forms import (
    HTML,
    Buttons,
    DateField,
    Field,
    FormHelper,
    Link,
    LongTextField,
    Submit,
    nhs_form,
)
from ssip.tenancy.models import ICS, Grant

NO_NAMES = "Do not name patients, families or staff."
LONGEST_COMMENT = 5_000
LARGEST_VERSION = 9  # figures
WORKING_DAYS_TO_READ = 10
FORMATTING = "parts/formatting_help.html"


class PlanFilter(forms.Form):
    """What to look for among the plans. With one ICS there is nothing to choose between."""

    words = forms.CharField(label="Network, area or reference", max_length=100, required=False)
    status = forms.ChoiceField(label="Where it stands", required=False)
    ics = forms.ChoiceField(label="Integrated Care System (ICS)", required=False)

    def __init__(self, *args: Any, icss: list[ICS], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["status"].choices = [("", "Anywhere"), *Status.choices]  # type: ignore[attr-defined]
        self.fields["ics"].choices = [("", "All"), *((ics.code, str(ics)) for ics in icss)]  # type: ignore[attr-defined]
        if len(icss) < 2:
            del self.fields["ics"]

    @property
    def helper(self) -> FormHelper:
        fields = [Field(name, optional=False) for name in self.fields]
        search = Submit("", "Search", variant="secondary")
        return nhs_form(*fields, search, method="get", **{"class": "ssip-filter", "role": "search"})


class SectionForm(forms.Form):
    """The words of one section, and the version that their writer began from."""

    text = LongTextField(label="Text", max_length=LONGEST, required=False, help_text=NO_NAMES)
    base_version = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, section: Section, cancel: str, next_section: Section | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = f"Text of “{section.title}”"
        self.cancel, self.next_section = cancel, next_section

    def clean_base_version(self) -> int:
        """What is not a version is the oldest: the text is then kept and not lost."""
        typed = self.cleaned_data["base_version"]
        return int(typed) if typed.isdecimal() and len(typed) <= LARGEST_VERSION else 0

    @property
    def helper(self) -> FormHelper:
        buttons: list[Any] = [Submit("save", "Save")]
        if self.next_section:
            buttons.append(Submit("next", "Save and go to the next section", variant="secondary"))
        return nhs_form(
            Field("text", rows=18, optional=False),
            HTML('{% include "' + FORMATTING + '" %}'),
            Buttons(*buttons, Link("Cancel", self.cancel)),
        )


class KeptForm(SectionForm):
    """The same, to put one's own text in the place of the one that was saved meanwhile."""

    @property
    def helper(self) -> FormHelper:
        self.fields["text"].label = "Your text"
        return nhs_form(
            Field("text", rows=12, optional=False),
            Submit("save", "Save this text in its place"),
            action=self.cancel,  # back to where the section is written, which saves it
        )


class CommentForm(forms.Form):
    text = LongTextField(
        label="Your comment",
        max_length=LONGEST_COMMENT,
        help_text=f"Everybody who can see this plan can read it. {NO_NAMES}",
        error_messages={"required": "Write your comment, then send it"},
    )
    # Names this form, so that sending it twice makes one comment.
    token = forms.CharField(widget=forms.HiddenInput, required=False)
    section = forms.SlugField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, action: str, section: str = "", **kwargs: Any) -> None:
        kwargs["initial"] = {"token": uuid.uuid4(), "section": section}
        super().__init__(*args, **kwargs)
        self.action = action

    @property
    def sent_once(self) -> uuid.UUID:
        """The same for the same words of the same form. Other words, typed after a step back, are another comment."""
        named = self.cleaned_data["token"] or uuid.uuid4()
        return uuid.uuid5(uuid.NAMESPACE_OID, f"{named} {self.cleaned_data['text']}")

    @property
    def helper(self) -> FormHelper:
        return nhs_form(Field("text", rows=4), submit="Send the comment", action=self.action)


class CoAuthorForm(forms.Form):
    person = forms.ChoiceField(label="Who", error_messages={"required": "Select who you want to invite"})
    section = forms.ChoiceField(label="What they may write", required=False)

    def __init__(self, *args: Any, people: Iterable[Grant], sections: Iterable[Section], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(each.person_id), f"{each.person}, {each.get_role_display()}") for each in people]
        self.fields["person"].choices = [("", "Select a person"), *choices]  # type: ignore[attr-defined]
        keys = [(section.key, f"Only “{section.title}”") for section in sections]
        self.fields["section"].choices = [("", "Every section"), *keys]  # type: ignore[attr-defined]

    @property
    def helper(self) -> FormHelper:
        return nhs_form("person", Field("section", optional=False), submit="Invite")


class MeetingForm(forms.Form):
    """The meeting that will look at the plan; whether a date moves is known from the plan as it was."""

    meeting_of = forms.CharField(
        label="Which meeting will look at the plan?",
        max_length=150,
        help_text="The name of the group or committee, for example System Quality Group",
        error_messages={"required": "Enter the name of the group or committee"},
    )
    meeting_on = DateField(label="Date of the meeting", error_messages={"required": "Enter the date of the meeting"})
    papers_due_on = DateField(label="Date its papers are due", required=False)
    reason = forms.CharField(
        label="Why does the date change?",
        max_length=500,
        required=False,
        help_text="Only needed when a date that was set changes.",
    )

    def __init__(self, *args: Any, plan: Plan, cancel: str, **kwargs: Any) -> None:
        self.plan, self.cancel = plan, cancel
        self.before: Mapping[str, Any] = {
            name: getattr(plan, name) for name in ("meeting_of", "meeting_on", "papers_due_on")
        }
        kwargs["initial"] = dict(self.before)
        super().__init__(*args, **kwargs)
        if not plan.meeting_on:
            del self.fields["reason"]

    def clean_meeting_on(self) -> date:
        return self._possible("meeting_on", "The meeting")

    def clean_papers_due_on(self) -> date | None:
        return self._possible("papers_due_on", "The date its papers are due")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        meeting, papers = given.get("meeting_on"), given.get("papers_due_on")
        if meeting and papers and papers > meeting:
            self.add_error("papers_due_on", "The papers must be due on the day of the meeting or before it")
        if self._moves(given) and not given.get("reason") and "reason" not in self.errors:
            self.add_error("reason", "Say why the date changes: it is kept with the date")
        return given

    @property
    def is_after_the_round(self) -> bool:
        return bool(self.cleaned_data["meeting_on"] > self.plan.round.ends_on)

    def _possible(self, name: str, what: str) -> Any:
        """A date that stays as it was may have gone by meanwhile."""
        day = self.cleaned_data[name]
        if not day or day == self.before[name]:
            return day
        if day < clock.today():
            raise ValidationError(f"{what} must be today or in the future")
        if day < self.plan.round.begins_on:
            begins = clock.spoken(self.plan.round.begins_on)
            raise ValidationError(f"{what} must be after the round {self.plan.round} begins, on {begins}")
        return day

    def _moves(self, given: Mapping[str, Any]) -> bool:
        dates = ("meeting_on", "papers_due_on")
        return any(self.before[name] and name in given and given[name] != self.before[name] for name in dates)

    @property
    def helper(self) -> FormHelper:
        return nhs_form(
            *(Field(name, optional=name == "papers_due_on") for name in self.fields), submit="Save", cancel=self.cancel
        )


class EarlyReadForm(forms.Form):
    wanted_by = DateField(
        label="When do you want comments by?",
        spoken="The day for comments",
        error_messages={"required": "Enter the day by which you want comments"},
    )

    def __init__(self, *args: Any, plan: Plan, cancel: str, **kwargs: Any) -> None:
        kwargs["initial"] = {"wanted_by": usual_day(plan)}
        super().__init__(*args, **kwargs)
        self.plan, self.cancel = plan, cancel

    def clean_wanted_by(self) -> date:
        day: date = self.cleaned_data["wanted_by"]
        first, last = first_and_last(self.plan)
        if day < first:
            raise ValidationError("The day must be tomorrow or later: people need time to read")
        if last and day > last:
            due = clock.spoken(self.plan.round.plans_due_on)
            raise ValidationError(
                f"The day must be before the plan is due, on {due}: you need time to use the comments"
            )
        return day

    @property
    def helper(self) -> FormHelper:
        return nhs_form("wanted_by", submit="Ask for comments", cancel=self.cancel)


def first_and_last(plan: Plan) -> tuple[date, date | None]:
    """Days by which comments can be wanted. Once the plan's own date has come, there is no last one."""
    tomorrow, last = clock.today() + timedelta(days=1), plan.round.plans_due_on - timedelta(days=1)
    return tomorrow, last if last >= tomorrow else None


def usual_day(plan: Plan) -> date:
    """Two weeks to read, if there are as many."""
    usual, last = clock.add_working_days(clock.today(), WORKING_DAYS_TO_READ), first_and_last(plan)[1]
    return min(usual, last) if last else usual
