"""Access reviews: every six months somebody looks at each role of a place and says whether it is still needed.

A review and what it said of each role are written once, by the reviewer, and never changed.
"""

from django.conf import settings
from django.db import models
from django.utils import timezone

from ssip.tenancy.models import Grant
from ssip.tenancy.owned import InAnyScope, InAnyScopeQuerySet, one_scope

# How the work of a review and its date are known among others about the same place.
KIND = "access_review"
VERB = "Review"


class AccessReview(InAnyScope):
    """Somebody looked at who has which role in a place. Numbered in its place, so that of two at once one is first."""

    number = models.PositiveIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField(default=timezone.now, editable=False)
    # The date that it met; empty for one that nobody had asked for yet, or that looks at what another left over.
    due_on = models.DateField(null=True)
    kept = models.PositiveIntegerField()
    ended = models.PositiveIntegerField()
    not_reviewed = models.PositiveIntegerField()

    objects = InAnyScopeQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            one_scope("access_review_in_one_scope"),
            models.UniqueConstraint(
                fields=["psc", "ics", "organisation", "number"],
                nulls_distinct=False,
                name="reviews_numbered_in_a_place",
            ),
        ]

    def __str__(self) -> str:
        return f"Access review {self.number} of {self.scope}"


class ReviewedRole(InAnyScope):
    """What one review said of one role. Why a role ended stands with the role."""

    class Outcome(models.TextChoices):
        KEPT = "kept", "Kept"
        ENDED = "ended", "Ended"
        NOT_REVIEWED = "not reviewed", "Not reviewed"

    review = models.ForeignKey(AccessReview, on_delete=models.PROTECT, related_name="roles")
    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="+", db_index=False)
    outcome = models.CharField(max_length=12, choices=Outcome)

    objects = InAnyScopeQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            one_scope("reviewed_role_in_one_scope"),
            models.UniqueConstraint(
                fields=["psc", "ics", "organisation", "review", "grant"],
                nulls_distinct=False,
                name="one_outcome_a_role_and_review",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.grant}: {self.outcome}"
