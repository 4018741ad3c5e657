"""A planning round: what a PSC asks its networks to write, by when, and who decides about it."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from plans.kinds import TEXT
from ssip.tenancy.owned import InPSC, InPSCQuerySet


class RoundQuerySet(InPSCQuerySet):
    def opened(self) -> Self:
        return self.filter(closed_at=None)


class Round(InPSC):
    """Opened by a PSC administrator; each ICS network in it gets a plan to draft."""

    reference = models.CharField(max_length=30)
    name = models.CharField(max_length=100)
    begins_on = models.DateField()
    plans_due_on = models.DateField(help_text="The day by which drafts are submitted.")
    ends_on = models.DateField(help_text="The day by which plans are approved.")
    template_name = models.CharField(max_length=100)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    closed_at = models.DateTimeField(null=True)

    objects = RoundQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["-begins_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["psc", "reference"], name="round_reference_in_a_psc"),
            models.CheckConstraint(
                condition=Q(begins_on__lt=F("plans_due_on"), plans_due_on__lt=F("ends_on")), name="round_in_order"
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None) | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="round_closed_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class RoundSection(InPSC):
    """One section that each plan of the round has, with its guidance: a copy, so that a template may move on."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="sections", db_index=False)
    key = models.SlugField(max_length=40)
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20, default=TEXT)
    title = models.CharField(max_length=100)
    guidance = models.TextField()
    is_required = models.BooleanField()

    objects = InPSCQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["round", "position"]
        constraints = [models.UniqueConstraint(fields=["psc", "round", "key"], name="one_section_a_key_in_a_round")]

    def __str__(self) -> str:
        return self.title


class StepName(models.TextChoices):
    """A move that decides; see MOVES in plans/workflow/moves.py."""

    ENDORSE = "endorse", "Endorsement by the ICB"
    APPROVE = "approve", "Approval by the PSC"


class Step(InPSC):
    """Who decides about the round's plans, in which order, and within how many working days."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="steps", db_index=False)
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=10, choices=StepName)
    body = models.CharField(max_length=150, help_text="In whose name it is decided.")
    working_days = models.PositiveSmallIntegerField()

    objects = InPSCQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["round", "position"]
        constraints = [models.UniqueConstraint(fields=["psc", "round", "name"], name="one_step_a_name_in_a_round")]

    def __str__(self) -> str:
        return self.get_name_display()
