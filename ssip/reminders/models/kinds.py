"""The kinds of dates: how long each is, what says so, who is reminded when. Data with a source, never code."""

from datetime import UTC, date, datetime, timedelta

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from ssip.core import clock
from ssip.tenancy.models.scopes import Sourced
from ssip.tenancy.owned import InAnyScope, InAnyScopeQuerySet, one_scope


class DeadlineKind(Sourced):
    """What starts the clock, how long it runs, what says so, and who hears of it when.

    `who` and `then_who` are the words of the source; `reminded` and `escalates_to` the roles that they
    stand for here, if any. Of `escalates_to` one level hears at a time, so many days after the date.
    """

    class Unit(models.TextChoices):
        HOURS = "hours", "hours"
        WORKING_DAYS = "working_days", "working days"
        DAYS = "days", "days"
        WEEKS = "weeks", "weeks"
        MONTHS = "months", "months"
        YEARS = "years", "years"
        SET = "set", "a date that somebody sets"
        AGREED = "agreed", "a date agreed with those concerned"

    class Rolls(models.TextChoices):
        BACK = "back", "to the working day before"
        FORWARD = "forward", "to the working day after"
        STAYS = "stays", "it stays where it is"

    class Basis(models.TextChoices):
        LAW = "law", "law"
        CONTRACT = "contract", "contract"
        STANDARD = "standard", "standard"
        LOCAL = "local", "local"

    WITHOUT_LENGTH = (Unit.SET, Unit.AGREED)

    code = models.CharField(max_length=30, unique=True)
    name = models.CharField(max_length=100)
    places = ArrayField(models.CharField(max_length=12), default=list, help_text="Kinds of scope that it concerns.")
    clock_start = models.CharField(max_length=150)
    length = models.PositiveSmallIntegerField(null=True, blank=True)
    unit = models.CharField(max_length=12, choices=Unit)
    rolls = models.CharField(max_length=7, choices=Rolls)
    remind = ArrayField(models.SmallIntegerField(), help_text="Days before the date; negative: days after.", blank=True)
    who = models.CharField(max_length=150)
    reminded = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    then_who = models.CharField(max_length=150, blank=True)
    escalates_to = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    escalates_after = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)
    is_on = models.BooleanField(default=True)
    basis = models.CharField(max_length=8, choices=Basis)
    valid_from = models.DateField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(unit__in=("set", "agreed"), length__isnull=True)
                | (~Q(unit__in=("set", "agreed")) & Q(length__gt=0)),
                name="length_unless_set_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(escalates_to__len=F("escalates_after__len")), name="each_level_has_its_day"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_duty(self) -> bool:
        """Somebody else's rule: a place may be stricter, never laxer."""
        return self.basis != self.Basis.LOCAL

    def after(self, day: date, length: int | None = None) -> date:
        """The day on which this is due if its clock starts on `day`; a place's own `length` goes before the kind's.

        ValueError where somebody sets the date, or where hours need a moment: see `at`.
        """
        length = length or self.length
        if length is None or self.unit == self.Unit.HOURS:
            raise ValueError(f"The date of {self.code} is set by somebody, or counted in hours: no day gives it.")
        if self.unit == self.Unit.WORKING_DAYS:
            return clock.add_working_days(day, length)
        return self.rolled(self._calendar(day, length))

    def at(self, moment: datetime, length: int | None = None) -> datetime:
        """The moment at which hours run out. They are hours that pass, also over a change of the clocks."""
        length = length or self.length
        if length is None or self.unit != self.Unit.HOURS:
            raise ValueError(f"The date of {self.code} is not counted in hours.")
        return moment.astimezone(UTC) + timedelta(hours=length)

    def rolled(self, day: date) -> date:
        """Where a day goes on which nobody works."""
        if self.rolls == self.Rolls.BACK:
            return clock.working_day_on_or_before(day)
        return clock.working_day_on_or_after(day) if self.rolls == self.Rolls.FORWARD else day

    def later(self, day: date, *, paused_on: date, resumed_on: date) -> date:
        """Where a date goes that stood still in between: on by the days that it counts itself."""
        if self.unit == self.Unit.WORKING_DAYS:
            return clock.add_working_days(day, clock.working_days_between(paused_on, resumed_on))
        return self.rolled(day + (resumed_on - paused_on))

    def said(self, length: int | None = None) -> str:
        """How long, in words: 10 working days; nothing where somebody sets the date."""
        length = length or self.length
        words = self.Unit(self.unit).label
        return f"{length} {words[:-1] if length == 1 else words}" if length else ""

    def _calendar(self, day: date, length: int) -> date:
        if self.unit == self.Unit.MONTHS:
            return clock.add_months(day, length)
        if self.unit == self.Unit.YEARS:
            return clock.add_months(day, 12 * length)
        return day + timedelta(days=7 * length if self.unit == self.Unit.WEEKS else length)


class KindChoice(InAnyScope):
    """What a place has chosen for a kind of date: the newest row counts, for dates that are opened from then on."""

    kind = models.ForeignKey(DeadlineKind, on_delete=models.PROTECT, related_name="+", db_index=False)
    length = models.PositiveSmallIntegerField(null=True)
    remind = ArrayField(models.SmallIntegerField())
    is_on = models.BooleanField()
    reason = models.CharField(max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField(default=timezone.now, editable=False)

    objects = InAnyScopeQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [one_scope("kind_choice_in_one_scope")]
        indexes = [
            models.Index(fields=["ics", "kind", "-id"], name="choices_of_an_ics"),
            models.Index(fields=["psc", "kind", "-id"], name="choices_of_a_psc"),
            models.Index(fields=["organisation", "kind", "-id"], name="choices_of_an_organisation"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} in {self.scope}"

    @property
    def said(self) -> str:
        """What was chosen, in words."""
        days = ", ".join(map(str, self.remind))
        long = self.kind.said(self.length)
        return f"{long}, reminded at {days}" if long else f"reminded at {days}"
