"""What was submitted: frozen, with a digest of each section and one over all of them."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from plans.kinds import plain
from plans.models.plans import Plan
from plans.models.sections import Section
from ssip.tenancy.owned import InICS, InICSQuerySet


class PlanVersion(InICS):
    """One submission. The database lets nobody change it."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="versions", db_index=False)
    number = models.PositiveIntegerField()
    digest = models.CharField(max_length=64, help_text="Over the keys and digests of its sections.")
    authors = ArrayField(models.BigIntegerField(), help_text="Ids of all who wrote words of this plan until now.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = InICSQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["ics", "plan", "number"], name="one_version_a_number")]

    def __str__(self) -> str:
        return f"version {self.number}"


class VersionSection(InICS):
    version = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="sections", db_index=False)
    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="+")
    key = models.SlugField(max_length=40)
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20)
    title = models.CharField(max_length=100)
    content = models.JSONField()
    digest = models.CharField(max_length=64)

    objects = InICSQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["ics", "version", "key"], name="one_frozen_section_a_key")]

    def __str__(self) -> str:
        return self.title

    @property
    def text(self) -> str:
        return plain(self.kind, self.content)
