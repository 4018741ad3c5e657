"""How scopes relate over time. Every row has a first day; a row without a last day still holds."""

from typing import Self

from django.db import models
from django.db.models import F, Q

from ssip.core import clock
from ssip.tenancy.models.scopes import ICS, PSC, Organisation, Sourced


class DatedQuerySet(models.QuerySet):
    def current(self) -> Self:
        today = clock.today()
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=today), valid_from__lte=today)


class Dated(Sourced):
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        abstract = True


class Coverage(Dated):
    """A PSC serves an ICS. It goes on after the ICS itself has closed: its plans stay to be read."""

    psc = models.ForeignKey(PSC, on_delete=models.PROTECT, related_name="coverage")
    ics = models.ForeignKey(ICS, on_delete=models.PROTECT, related_name="coverage")

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["psc", "ics", "valid_from"], name="one_coverage_from_a_day")]

    def __str__(self) -> str:
        return f"{self.psc} serves {self.ics}"


class Boundary(Dated):
    """The area of an ICS as the Office for National Statistics codes it."""

    ics = models.ForeignKey(ICS, on_delete=models.PROTECT, related_name="boundaries")
    ons_code = models.CharField(max_length=9, unique=True)
    area = models.CharField(max_length=150)

    class Meta:
        default_permissions = ()
        verbose_name_plural = "boundaries"

    def __str__(self) -> str:
        return f"{self.ons_code} {self.area}"


class Successor(Sourced):
    """What became of an ICS: many-to-many, since one may be split and several may merge."""

    predecessor = models.ForeignKey(ICS, on_delete=models.PROTECT, related_name="successions")
    successor = models.ForeignKey(ICS, on_delete=models.PROTECT, related_name="predecessions")
    kind = models.CharField(max_length=12, choices=[(k, k) for k in ("merger", "split", "acquisition")])
    area = models.CharField(max_length=100)
    effective = models.DateField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["predecessor", "successor", "effective"], name="one_succession_a_day"),
            models.CheckConstraint(condition=~Q(predecessor=F("successor")), name="nobody_succeeds_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor} to {self.successor} ({self.area})"


class Footprint(Dated):
    """An organisation serves an area of an ICS. A trust is not in one ICS: Essex Partnership serves several."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="footprints")
    ics = models.ForeignKey(ICS, on_delete=models.PROTECT, related_name="footprints")
    area = models.CharField(max_length=100, blank=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "ics", "area", "valid_from"], name="one_footprint_from_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation} in {self.ics}"


class LeadICS(Dated):
    """The ICS whose ICB agrees the organisation's response plan and oversees it."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="leads")
    ics = models.ForeignKey(ICS, on_delete=models.PROTECT, related_name="led")

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["organisation", "valid_from"], name="one_lead_ics_from_a_day")]

    def __str__(self) -> str:
        return f"{self.ics} leads for {self.organisation}"
