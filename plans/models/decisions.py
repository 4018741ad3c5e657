"""Who decided what about which words, and in whose name."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from plans.models.rounds import Step
from plans.models.versions import PlanVersion
from ssip.tenancy.owned import InICS, InICSQuerySet


class DecisionVerdict(models.TextChoices):
    ENDORSED = "endorsed", "Endorsed"
    APPROVED = "approved", "Approved"
    CHANGES = "changes", "Changes asked for"


class Decision(InICS):
    """What one person decided, or recorded for a body, at one step about one version: written once."""

    version = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="decisions", db_index=False)
    step = models.ForeignKey(Step, on_delete=models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=10, choices=DecisionVerdict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=100, help_text="In which role, in words, as held on that day.")
    at = models.DateTimeField()
    on_behalf_of = models.CharField(max_length=150)
    met_on = models.DateField(null=True)
    minute_reference = models.CharField(max_length=60, blank=True)
    covered = models.JSONField(help_text="Section key to digest: the words this decision is about.")
    note = models.TextField(blank=True)

    objects = InICSQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["ics", "version", "step"], name="one_decision_a_version_and_step"),
            models.CheckConstraint(
                condition=~Q(verdict=DecisionVerdict.ENDORSED) | (Q(met_on__isnull=False) & ~Q(minute_reference="")),
                name="an_endorsement_names_its_meeting",
            ),
            models.CheckConstraint(
                condition=~Q(verdict=DecisionVerdict.CHANGES) | ~Q(note=""), name="asking_for_changes_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_verdict_display()} by {self.by}"
