"""Published plans: an immutable copy that everybody may read, signed in or not."""

from django.db import models

from plans.models.plans import Plan
from ssip.tenancy.models import ICS


class PublishedPlan(models.Model):
    """Complete in itself: the public pages ask no other table of a tenant. It names bodies, not people."""

    plan = models.OneToOneField(Plan, on_delete=models.PROTECT, related_name="published")
    ics = models.ForeignKey(ICS, on_delete=models.PROTECT, related_name="+", db_index=False)
    network_id = models.BigIntegerField(help_text="Editions of one network belong together.")
    reference = models.CharField(max_length=30)
    title = models.CharField(max_length=150)
    network_name = models.CharField(max_length=150)
    ics_name = models.CharField(max_length=150)
    version = models.PositiveIntegerField()
    endorsed_by = models.CharField(max_length=150)
    endorsed_on = models.DateField()
    approved_by = models.CharField(max_length=150)
    approved_on = models.DateField()
    published_at = models.DateTimeField()
    check_code = models.CharField(max_length=64, help_text="The version's digest.")
    sections = models.JSONField(help_text="A list of {key, title, kind, content, digest}.")
    is_example = models.BooleanField(default=False, help_text="Example text, not this ICS's plan.")

    class Meta:
        default_permissions = ()
        ordering = ["-published_at", "-id"]
        indexes = [
            models.Index(fields=["ics", "network_id", "-id"], name="editions_of_a_network"),
            models.Index(fields=["-published_at", "-id"], name="published_newest_first"),
        ]

    def __str__(self) -> str:
        return self.title
