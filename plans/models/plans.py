"""The network plan itself: where it stands and who writes it. Its words are in its sections."""

from typing import Self, cast

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from networks.models import Network
from plans.models.rounds import Round
from ssip.tenancy.owned import InICS, InICSQuerySet


class Status(models.TextChoices):
    DRAFT = "draft", "Draft"
    SUBMITTED = "submitted", "Submitted"
    ENDORSED = "endorsed", "Endorsed"
    APPROVED = "approved", "Approved"
    PUBLISHED = "published", "Published"
    SUPERSEDED = "superseded", "Replaced by a newer edition"
    CHANGES_ASKED = "changes_asked", "Changes asked for"
    WITHDRAWN = "withdrawn", "Withdrawn"


WRITABLE = (Status.DRAFT, Status.CHANGES_ASKED)
ENDED = (Status.SUPERSEDED, Status.WITHDRAWN)

# As the index of each ICS has it and the primary key has not: so no list walks the plans of every ICS to find its own.
NEWEST_FIRST = F("id").desc(nulls_last=True)


class PlanQuerySet(InICSQuerySet):
    def with_names(self) -> Self:
        """What every page about a plan prints."""
        return self.select_related("ics", "network", "round__psc")

    def locked(self, plan: "Plan") -> "Plan":
        """As it stands now, until the transaction ends: who comes second waits, then sees what the first has done."""
        return cast("Plan", self.with_names().select_for_update(of=("self",)).get(pk=plan.pk, ics_id=plan.ics_id))

    def being_written(self) -> Self:
        return self.filter(status__in=WRITABLE)


class Plan(InICS):
    """The Patient Safety Network Plan of one network in one round. Only plans/workflow writes to it."""

    reference = models.CharField(max_length=30)
    network = models.ForeignKey(Network, on_delete=models.PROTECT, related_name="plans", db_index=False)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="plans")
    title = models.CharField(max_length=150)
    status = models.CharField(max_length=20, choices=Status, default=Status.DRAFT, editable=False)
    status_since = models.DateTimeField()
    # The meeting of the ICB that is to look at it, and the day its papers are due.
    meeting_of = models.CharField(max_length=150, blank=True)
    meeting_on = models.DateField(null=True, blank=True)
    papers_due_on = models.DateField(null=True, blank=True)

    objects = PlanQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = [NEWEST_FIRST]
        indexes = [models.Index("ics", NEWEST_FIRST, name="newest_plans_of_an_ics")]
        constraints = [
            models.UniqueConstraint(fields=["ics", "reference"], name="plan_reference_in_an_ics"),
            models.UniqueConstraint(fields=["ics", "network", "round"], name="one_plan_a_network_and_round"),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="plan_in_a_known_state"),
            models.CheckConstraint(
                condition=Q(meeting_on=None, papers_due_on=None)
                | Q(meeting_on__isnull=False, papers_due_on=None)
                | Q(papers_due_on__lte=models.F("meeting_on")),
                name="papers_are_due_before_the_meeting",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_writable(self) -> bool:
        return self.status in WRITABLE


class CoAuthor(InICS):
    """Somebody who may write in this plan beside the ICS lead: a partner or a member, by name."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="co_authors", db_index=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    section_key = models.CharField(max_length=40, blank=True, help_text="Only this section; empty: all of them.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)

    objects = InICSQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["ics", "plan", "person", "section_key"],
                condition=Q(ended_at=None),
                name="a_co_author_once_a_section",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="co_author_ended_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} in {self.plan_id}"
