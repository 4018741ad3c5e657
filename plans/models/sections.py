"""The words of a plan while they are written. Each section is a JSON document with a version of its own."""

import uuid

from django.conf import settings
from django.db import models

from plans.kinds import TEXT, is_empty, plain
from plans.models.plans import Plan
from ssip.core.models import User
from ssip.tenancy.owned import InICS, InICSQuerySet


class Section(InICS):
    """As it reads now. The id never changes: versions, comments and later parts point at it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="sections", db_index=False)
    key = models.SlugField(max_length=40)
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20, default=TEXT)
    title = models.CharField(max_length=100)
    guidance = models.TextField()
    is_required = models.BooleanField()
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    version = models.PositiveIntegerField(default=0, help_text="How often it was saved.")
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    saved_at = models.DateTimeField(null=True)

    objects = InICSQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["ics", "plan", "key"], name="one_section_a_key_in_a_plan"),
            models.CheckConstraint(
                condition=models.Q(version=0, saved_by=None, saved_at=None)
                | models.Q(version__gt=0, saved_by__isnull=False, saved_at__isnull=False),
                name="section_saved_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def text(self) -> str:
        return plain(self.kind, self.content)

    @property
    def is_empty(self) -> bool:
        return is_empty(self.kind, self.content)

    @property
    def is_missing(self) -> bool:
        """What keeps the plan from being submitted."""
        return self.is_required and self.is_empty


class SectionRevision(InICS):
    """What one save wrote. Never changed, so nothing that somebody saved is lost."""

    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="revisions", db_index=False)
    version = models.PositiveIntegerField()
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = InICSQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["-version"]
        constraints = [models.UniqueConstraint(fields=["ics", "section", "version"], name="one_revision_a_version")]

    def __str__(self) -> str:
        return f"version {self.version}"

    @property
    def text(self) -> str:
        return plain(self.section.kind, self.content)


class HeldDraftQuerySet(InICSQuerySet):
    def visible_to(self, person: User) -> "HeldDraftQuerySet":
        """Nobody else's business until its writer has settled it."""
        return super().visible_to(person).filter(person=person)


class HeldDraft(InICS):
    """A text that met a newer one when it was saved: kept for its writer until they have settled it."""

    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="held_drafts", db_index=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    base_version = models.PositiveIntegerField(help_text="The version its writer began from.")
    content = models.JSONField()
    at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    objects = HeldDraftQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["ics", "person", "section"], name="held_drafts_of_a_person")]

    def __str__(self) -> str:
        return f"kept draft of {self.section_id}"

    @property
    def text(self) -> str:
        return plain(self.section.kind, self.content)
