"""What a plan can consist of: reference data that everybody may read. A round copies the one it uses."""

from django.db import models

from ssip.tenancy.models.scopes import Sourced


class Template(Sourced):
    code = models.CharField(max_length=30, unique=True)
    name = models.CharField(max_length=100)
    description = models.CharField(max_length=300)
    position = models.PositiveSmallIntegerField()

    class Meta:
        default_permissions = ()
        ordering = ["position"]

    def __str__(self) -> str:
        return self.name


class TemplateSection(models.Model):
    """One section with what a writer needs to know about it."""

    template = models.ForeignKey(Template, on_delete=models.PROTECT, related_name="sections")
    key = models.SlugField(max_length=40)
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=100)
    guidance = models.TextField()
    is_required = models.BooleanField()

    class Meta:
        default_permissions = ()
        ordering = ["template", "position"]
        constraints = [models.UniqueConstraint(fields=["template", "key"], name="one_section_a_key_in_a_template")]

    def __str__(self) -> str:
        return self.title
