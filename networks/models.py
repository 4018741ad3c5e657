"""Patient Safety Improvement Networks: the groups that write the plans."""

from typing import Self

from django.db import models
from django.db.models import Q

from ssip.core.models import User
from ssip.tenancy import access
from ssip.tenancy.owned import InAnyScope, InAnyScopeQuerySet, one_scope


class NetworkQuerySet(InAnyScopeQuerySet):
    def visible_to(self, person: User) -> Self:
        """A PSC's own networks are also seen by their specialist members, who see nothing else of the PSC."""
        psc_ids = access.psc_ids(person, "view_psc") + access.psc_ids(person, "view_psc_networks")
        return self.filter(Q(psc_id__in=psc_ids) | Q(ics_id__in=access.ics_ids(person, "view_ics")))

    def at_work(self) -> Self:
        return self.filter(status=Network.Status.ACTIVE)


class Network(InAnyScope):
    """A recurring community of providers, ICB, PSC and partners, of one ICS or (specialist) of one PSC."""

    class Kind(models.TextChoices):
        ICS_WIDE = "ics_wide", "Patient safety, ICS-wide"
        SYSTEM_SAFETY = "system_safety", "System safety and PSIRF"
        DETERIORATION = "deterioration", "Managing deterioration"
        MATERNITY = "maternity", "Maternity and neonatal"
        MEDICINES = "medicines", "Medicines"
        MENTAL_HEALTH = "mental_health", "Mental health"
        PARTNERS = "partners", "Patient safety partners"
        SPECIALISTS = "specialists", "Patient safety specialists"

    class Status(models.TextChoices):
        ACTIVE = "active", "At work"
        ENDED = "ended", "Ended"

    reference = models.CharField(max_length=30)
    name = models.CharField(max_length=150)
    kind = models.CharField(max_length=20, choices=Kind)
    purpose = models.CharField(max_length=500, blank=True)
    chair = models.CharField(max_length=100, blank=True, help_text="The role of who chairs it, not a name.")
    meets = models.CharField(max_length=100, blank=True, help_text="How often it meets.")
    begun_on = models.DateField()
    status = models.CharField(max_length=10, choices=Status, default=Status.ACTIVE, editable=False)

    objects = NetworkQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["name", "id"]
        constraints = [
            one_scope("network_in_one_scope"),
            models.CheckConstraint(condition=Q(organisation=None), name="network_of_an_ics_or_psc"),
            models.UniqueConstraint(
                fields=["psc", "ics", "reference"], name="network_reference_in_a_scope", nulls_distinct=False
            ),
            models.UniqueConstraint(
                fields=["psc", "ics", "name"], name="network_name_in_a_scope", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return self.name
