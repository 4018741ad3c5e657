"""What an organisation assures before responses are entered: rows that are only added, never changed.

The newest row of each item counts, until it is withdrawn. A row names roles of the organisation, no person
but who recorded it.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from ssip.core import clock
from ssip.tenancy.owned import InOrganisation, InOrganisationQuerySet


class Item(models.TextChoices):
    """The four things without which nobody enters a response; also the last part of their addresses."""

    IMPACT_ASSESSMENT = "impact-assessment", "Data protection impact assessment"
    CONTROLLER_AGREEMENT = "controller-agreement", "Controller agreement"
    CALDICOTT_GUARDIAN = "caldicott-guardian", "Caldicott Guardian"
    ASSET_OWNER = "asset-owner", "Information asset owner"

    @property
    def spoken(self) -> str:
        """As it stands within a sentence."""
        return self.label if self is Item.CALDICOTT_GUARDIAN else self.label[:1].lower() + self.label[1:]


DOCUMENTS = (Item.IMPACT_ASSESSMENT, Item.CONTROLLER_AGREEMENT)
ROLES = (Item.CALDICOTT_GUARDIAN, Item.ASSET_OWNER)


class Arrangement(models.TextChoices):
    JOINT = "joint", "Joint controllers"
    SEPARATE = "separate", "Separate controllers, with a data sharing agreement"
    PROCESSOR = "processor", "One controller, with a processor acting for it"


class Recorded(InOrganisation):
    """Who added the row, in which role, when: the database says when, and refuses somebody else's name."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    role = models.CharField(max_length=100)
    at = models.DateTimeField(db_default=Now(), editable=False)

    objects = InOrganisationQuerySet.as_manager()

    class Meta:
        abstract = True


class Assurance(Recorded):
    """That a document was signed, or that somebody holds a role."""

    item = models.CharField(max_length=30, choices=Item)
    dated = models.DateField(help_text="Signed, or confirmed by who holds the role.")
    document = models.CharField(max_length=60, blank=True, help_text="Its reference in the organisation's own system.")
    review_by = models.DateField(null=True, blank=True)
    arrangement = models.CharField(max_length=10, choices=Arrangement, blank=True)
    title = models.CharField(max_length=100, blank=True, help_text="The role in the organisation, not a name.")

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["organisation", "item", "-id"], name="assurances_of_an_organisation")]
        constraints = [
            models.CheckConstraint(
                condition=(Q(item__in=DOCUMENTS, title="") & ~Q(document=""))
                | (Q(item__in=ROLES, document="") & ~Q(title="")),
                name="a_document_or_a_role",
            ),
            models.CheckConstraint(
                condition=Q(item=Item.CONTROLLER_AGREEMENT, arrangement__in=Arrangement.values)
                | (~Q(item=Item.CONTROLLER_AGREEMENT) & Q(arrangement="")),
                name="an_agreement_says_which",
            ),
            models.CheckConstraint(
                condition=Q(review_by=None) | Q(item=Item.IMPACT_ASSESSMENT, review_by__gt=F("dated")),
                name="reviewed_after_it_was_signed",
            ),
            models.CheckConstraint(
                condition=~Q(title__contains="@") & ~Q(document__contains="@"), name="assurance_holds_no_address"
            ),
        ]

    def __str__(self) -> str:
        return self.get_item_display()

    @property
    def said(self) -> str:
        """What was recorded, in a sentence without its full stop."""
        day = clock.spoken(self.dated)
        if self.title:
            return f"{self.title}, confirmed on {day}"
        signed = f"Signed on {day}, reference {self.document}"
        review = f", review by {clock.spoken(self.review_by)}" if self.review_by else ""
        return f"{self.get_arrangement_display()}. {signed}" if self.arrangement else f"{signed}{review}"


class Withdrawal(Recorded):
    """That an assurance holds no more, and why."""

    assurance = models.ForeignKey(Assurance, on_delete=models.PROTECT, related_name="+", db_index=False)
    reason = models.CharField(max_length=300)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["organisation", "assurance"], name="withdrawn_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="withdrawn_for_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.assurance} withdrawn"
