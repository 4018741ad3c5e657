"""Dates by which something is due, the kinds of them, and how each was moved.

A due date is a date in England; the days on which people are reminded are worked out from it.
"""

from datetime import date, timedelta
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from ssip.core import clock
from ssip.core.models import User
from ssip.reminders.models.about import About, AboutQuerySet
from ssip.reminders.models.held import held
from ssip.tenancy.models.scopes import Sourced
from ssip.tenancy.owned import InAnyScope, InAnyScopeQuerySet, one_scope


class DeadlineKind(Sourced):
    """How long a kind of deadline is, what says so, and when people are reminded."""

    class Unit(models.TextChoices):
        WORKING_DAYS = "working_days", "working days"
        DAYS = "days", "days"
        MONTHS = "months", "months"
        SET = "set", "a date that somebody sets"

    class Rolls(models.TextChoices):
        BACK = "back", "to the working day before"
        FORWARD = "forward", "to the working day after"

    class Basis(models.TextChoices):
        LAW = "law", "law"
        CONTRACT = "contract", "contract"
        STANDARD = "standard", "standard"
        LOCAL = "local", "local"

    code = models.CharField(max_length=30, unique=True)
    name = models.CharField(max_length=100)
    length = models.PositiveSmallIntegerField(null=True, blank=True)
    unit = models.CharField(max_length=12, choices=Unit)
    rolls = models.CharField(max_length=7, choices=Rolls)
    remind = ArrayField(models.SmallIntegerField(), help_text="Days before the date; negative: days after.", blank=True)
    basis = models.CharField(max_length=8, choices=Basis)
    valid_from = models.DateField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(unit="set", length__isnull=True) | (~Q(unit="set") & Q(length__gt=0)),
                name="length_unless_set_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def after(self, day: date) -> date:
        """The working day on which this is due if it begins on `day`; ValueError where somebody sets the date."""
        if self.length is None:
            raise ValueError(f"The date of {self.code} is set by somebody: it does not follow from another date.")
        if self.unit == self.Unit.WORKING_DAYS:
            return clock.add_working_days(day, self.length)
        days, months = timedelta(days=self.length), self.length
        due = clock.add_months(day, months) if self.unit == self.Unit.MONTHS else day + days
        back = self.rolls == self.Rolls.BACK
        return clock.working_day_on_or_before(due) if back else clock.working_day_on_or_after(due)


class State(models.TextChoices):
    OPEN = "open", "open"
    MET = "met", "met"
    WITHDRAWN = "withdrawn", "withdrawn"


OPEN = Q(state=State.OPEN)


class DeadlineQuerySet(AboutQuerySet):
    def open(self) -> Self:
        return self.filter(OPEN)

    def for_one(self, person: User) -> Self:
        """Those of which this person is reminded."""
        theirs = Q(person=person) | (Q(person__isnull=True) & held(person, "permissions", "overlap"))
        return self.visible_to(person).filter(theirs).exclude(not_for__contains=[person.pk])

    def to_be_planned(self, today: date) -> Self:
        """A day has come on which people are reminded."""
        return self.open().filter(next_step_on__lte=today).order_by("next_step_on", "id")


class Deadline(About):
    """One date of one kind about one record. Moving it raises the revision: what was planned before is void."""

    kind = models.ForeignKey(DeadlineKind, on_delete=models.PROTECT, related_name="+", db_index=False)
    thing = models.CharField(max_length=200)
    place = models.CharField(max_length=150)
    permissions = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    not_for = ArrayField(models.BigIntegerField(), default=list, blank=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    due_on = models.DateField()
    original_due_on = models.DateField(editable=False)
    set_by = models.CharField(max_length=150, blank=True)
    revision = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    opened_at = models.DateTimeField(default=timezone.now, editable=False)
    ended_at = models.DateTimeField(null=True)
    # The next day on which people are reminded; empty when none is left. The clock looks at this column alone.
    next_step_on = models.DateField(null=True)

    objects = DeadlineQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            one_scope("deadline_in_one_scope"),
            models.UniqueConstraint(
                fields=["psc", "ics", "organisation", "about_kind", "about_id", "kind"],
                condition=OPEN,
                nulls_distinct=False,
                name="one_open_deadline_of_a_kind",
            ),
            models.CheckConstraint(
                condition=Q(state=State.OPEN, ended_at__isnull=True) | (~OPEN & Q(ended_at__isnull=False)),
                name="deadline_open_or_ended",
            ),
            models.CheckConstraint(
                condition=Q(permissions__len__gt=0) | Q(person__isnull=False), name="deadline_is_somebodys"
            ),
            models.CheckConstraint(condition=Q(revision__gte=1), name="revisions_from_one"),
        ]
        indexes = [
            models.Index(fields=["ics", "due_on"], condition=OPEN, name="open_dates_of_an_ics"),
            models.Index(fields=["psc", "due_on"], condition=OPEN, name="open_dates_of_a_psc"),
            models.Index(fields=["organisation", "due_on"], condition=OPEN, name="open_dates_of_an_organisation"),
            models.Index(fields=["about_kind", "about_id"], condition=OPEN, name="open_dates_about_a_thing"),
            models.Index(fields=["next_step_on"], condition=OPEN & Q(next_step_on__isnull=False), name="next_steps"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.due_on}"

    def steps(self) -> list[tuple[date, int]]:
        """The days on which people are reminded, each with its distance from the date, earliest first."""
        return sorted((step_on(self.due_on, step), step) for step in self.kind.remind)

    def first_step_on(self) -> date | None:
        steps = self.steps()
        return steps[0][0] if steps else None


def step_on(due_on: date, step: int) -> date:
    """The working day on which to say that the date is `step` days off (negative: that it has passed).

    Before the date rolls back, so that nobody hears of it late; after it rolls forward, so that
    nobody hears that a date has passed on the day itself.
    """
    day = due_on - timedelta(days=step)
    return clock.working_day_on_or_before(day) if step >= 0 else clock.working_day_on_or_after(day)


class DeadlineMove(InAnyScope):
    """A date was changed: from when to when, by whom and, in their own words, why."""

    deadline = models.ForeignKey(Deadline, on_delete=models.PROTECT, related_name="moves")
    from_date = models.DateField()
    to_date = models.DateField()
    reason = models.CharField(max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField(default=timezone.now, editable=False)

    objects = InAnyScopeQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            one_scope("deadline_move_in_one_scope"),
            models.CheckConstraint(condition=~Q(from_date=F("to_date")), name="a_move_changes_the_date"),
        ]

    def __str__(self) -> str:
        return f"{self.from_date} to {self.to_date}"
