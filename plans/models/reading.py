"""Reading together before anything is decided: an early read, and comments."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from plans.models.decisions import Decision
from plans.models.plans import Plan
from plans.models.sections import Section
from ssip.tenancy.owned import InICS, InICSQuerySet


class EarlyRead(InICS):
    """Asked by the ICS lead of the PSC and the steering group: comments, no decision."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="early_reads", db_index=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    wanted_by = models.DateField()
    ended_at = models.DateTimeField(null=True)

    objects = InICSQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["ics", "plan"], condition=Q(ended_at=None), name="one_early_read_at_a_time")
        ]

    def __str__(self) -> str:
        return f"early read of {self.plan_id}"


class Comment(InICS):
    """What a reader says about a plan or one of its sections. It makes nobody an author."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="comments", db_index=False)
    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="comments", null=True)
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="comments", null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=100)
    at = models.DateTimeField()
    text = models.TextField()
    # Of the form it came from: sent twice, it is one comment.
    token = models.UUIDField(default=uuid.uuid4, editable=False)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)

    objects = InICSQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["id"]
        indexes = [models.Index(fields=["ics", "plan", "id"], name="comments_of_a_plan")]
        constraints = [models.UniqueConstraint(fields=["ics", "token"], name="a_comment_is_sent_once")]

    def __str__(self) -> str:
        return f"comment of {self.by}"
