"""Who is to be told what: reminders of dates, gathered into one mail a day, and changes told at once.

The ledger (reminders, digests) is the clock's alone. Nothing of a mail is written here: its words
are put together when it is sent, from what is true and allowed then.
"""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from ssip.reminders.models.about import About, AboutQuerySet
from ssip.reminders.models.deadlines import Deadline
from ssip.tenancy.owned import one_scope


class Digest(models.Model):
    """The one mail with reminders that a person gets on a day."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    day = models.DateField()
    made_at = models.DateTimeField(default=timezone.now)

    scope = None

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["person", "day"], name="one_digest_a_day")]

    def __str__(self) -> str:
        return f"Digest of {self.day}"


class Reminder(models.Model):
    """One person is to be told of one date, once for each step of each revision."""

    class State(models.TextChoices):
        PLANNED = "planned", "planned"
        IN_A_DIGEST = "in a digest", "in a digest"
        DROPPED = "dropped", "dropped"

    deadline = models.ForeignKey(Deadline, on_delete=models.PROTECT, related_name="reminders", db_index=False)
    revision = models.PositiveSmallIntegerField()
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    step = models.SmallIntegerField(help_text="Days before the date; negative: days after.")
    step_on = models.DateField()
    state = models.CharField(max_length=12, choices=State, default=State.PLANNED)
    planned_at = models.DateTimeField(default=timezone.now)
    digest = models.ForeignKey(Digest, on_delete=models.PROTECT, related_name="reminders", null=True)

    scope = None

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["deadline", "revision", "recipient", "step", "step_on"], name="reminded_once_a_step"
            ),
            models.CheckConstraint(
                condition=Q(state="planned", digest__isnull=True)
                | Q(state="in a digest", digest__isnull=False)
                | Q(state="dropped"),
                name="in_a_digest_or_not",
            ),
        ]
        indexes = [models.Index(fields=["recipient"], condition=Q(state="planned"), name="planned_reminders")]

    def __str__(self) -> str:
        return f"Reminder {self.pk}"


class Notice(About):
    """Something has changed; each of those concerned gets one mail about it at once."""

    event = models.CharField(max_length=40)
    line = models.CharField(max_length=200, help_text="A fixed sentence: nothing that a person wrote.")
    permission = models.CharField(max_length=60, blank=True)
    role = models.CharField(max_length=30, blank=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    but = ArrayField(models.BigIntegerField(), default=list, blank=True)
    at = models.DateTimeField(default=timezone.now, editable=False)
    # When the clock wrote a message to each of those concerned.
    told_at = models.DateTimeField(null=True)

    objects = AboutQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            one_scope("notice_in_one_scope"),
            models.CheckConstraint(condition=~Q(permission="") | Q(person__isnull=False), name="notice_is_somebodys"),
        ]
        indexes = [models.Index(fields=["at"], condition=Q(told_at__isnull=True), name="notices_to_tell")]

    def __str__(self) -> str:
        return self.event
