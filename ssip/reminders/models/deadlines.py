"""Dates by which something is due, and how each was moved, paused and ended.

A due date is a date in England; the days on which people are reminded are worked out from it.
"""

from datetime import date, timedelta
from typing import NamedTuple, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from ssip.core import clock
from ssip.core.models import User
from ssip.reminders.models.about import About, AboutQuerySet
from ssip.reminders.models.held import held
from ssip.reminders.models.kinds import DeadlineKind
from ssip.tenancy.owned import InAnyScope, InAnyScopeQuerySet, one_scope


class State(models.TextChoices):
    OPEN = "open", "open"
    PAUSED = "paused", "paused"
    MET = "met", "met"
    WITHDRAWN = "withdrawn", "withdrawn"


OPEN = Q(state=State.OPEN)
RUNNING = Q(state__in=(State.OPEN, State.PAUSED))


class DeadlineQuerySet(AboutQuerySet):
    def open(self) -> Self:
        return self.filter(OPEN)

    def running(self) -> Self:
        """Open, or standing still for a while."""
        return self.filter(RUNNING)

    def for_one(self, person: User) -> Self:
        """Those of which this person is reminded."""
        theirs = Q(person=person) | (Q(person__isnull=True) & held(person, "permissions", "overlap"))
        return self.visible_to(person).filter(theirs).exclude(not_for__contains=[person.pk])

    def to_be_planned(self, today: date) -> Self:
        """A day has come on which people are reminded."""
        return self.open().filter(next_step_on__lte=today).order_by("next_step_on", "id")


class Step(NamedTuple):
    """A day on which people hear of a date: `days` before it (negative: after it)."""

    on: date
    days: int


class Deadline(About):
    """One date of one kind about one record. Moving it raises the revision: what was planned before is void.

    When people hear of it is taken over from the kind, and from what the place chose, when it is opened.
    """

    kind = models.ForeignKey(DeadlineKind, on_delete=models.PROTECT, related_name="+", db_index=False)
    thing = models.CharField(max_length=200)
    place = models.CharField(max_length=150)
    permissions = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    not_for = ArrayField(models.BigIntegerField(), default=list, blank=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    roles = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    remind = ArrayField(models.SmallIntegerField(), default=list, blank=True)
    escalates_to = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    escalates_after = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)
    due_on = models.DateField()
    # Only where hours are counted: the moment; `due_on` is then its day in England.
    due_at = models.DateTimeField(null=True)
    original_due_on = models.DateField(editable=False)
    set_by = models.CharField(max_length=150, blank=True)
    revision = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    opened_at = models.DateTimeField(default=timezone.now, editable=False)
    ended_at = models.DateTimeField(null=True)
    # How many levels have heard that the date has passed.
    level = models.PositiveSmallIntegerField(default=0)
    # The next day on which people are reminded; empty when none is left. The clock looks at this column alone.
    next_step_on = models.DateField(null=True)

    objects = DeadlineQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            one_scope("deadline_in_one_scope"),
            models.UniqueConstraint(
                fields=["psc", "ics", "organisation", "about_kind", "about_id", "kind"],
                condition=RUNNING,
                nulls_distinct=False,
                name="one_open_deadline_of_a_kind",
            ),
            models.CheckConstraint(
                condition=(RUNNING & Q(ended_at__isnull=True)) | (~RUNNING & Q(ended_at__isnull=False)),
                name="deadline_open_or_ended",
            ),
            models.CheckConstraint(
                condition=Q(permissions__len__gt=0) | Q(roles__len__gt=0) | Q(person__isnull=False),
                name="deadline_is_somebodys",
            ),
            models.CheckConstraint(condition=Q(revision__gte=1), name="revisions_from_one"),
            models.CheckConstraint(condition=OPEN | Q(next_step_on__isnull=True), name="nobody_hears_unless_open"),
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

    def steps(self) -> list[Step]:
        """The days on which those who are reminded hear of it, earliest first."""
        return sorted(Step(step_on(self.due_on, days), days) for days in self.remind)

    def levels(self) -> list[Step]:
        """The days on which those further up hear that the date has passed, one level after the other."""
        return [Step(step_on(self.due_on, -days), -days) for days in self.escalates_after]

    def first_step_on(self) -> date | None:
        return min((step.on for step in self.steps() + self.levels()), default=None)


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
    agreed_with = models.CharField(max_length=150, blank=True)
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


class DeadlinePause(InAnyScope):
    """A date stood still: from when to when, what made it, and, in somebody's own words, why."""

    class Cause(models.TextChoices):
        POLICE = "police", "A police investigation"
        CORONER = "coroner", "A coroner's inquiry"
        FAMILY = "family", "The wish of those affected"
        OTHER = "other", "Something else"

    deadline = models.ForeignKey(Deadline, on_delete=models.PROTECT, related_name="pauses")
    cause = models.CharField(max_length=7, choices=Cause)
    reason = models.CharField(max_length=500)
    paused_on = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    resumed_on = models.DateField(null=True)
    resumed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )

    objects = InAnyScopeQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            one_scope("deadline_pause_in_one_scope"),
            models.UniqueConstraint(
                fields=["deadline"], condition=Q(resumed_on__isnull=True), name="one_pause_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(resumed_on__isnull=True) | Q(resumed_on__gte=F("paused_on")), name="resumed_after_paused"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deadline} paused on {self.paused_on}"
