"""What a task, a date or a notice is about, without knowing what that is."""

from django.db import models
from django.db.models import F, Model

from ssip.tenancy.owned import InAnyScope, InAnyScopeQuerySet

DATED_FIRST = (F("due").asc(nulls_last=True), "opened_at", "id")


def about(thing: Model) -> dict[str, str | int]:
    """The two columns that point at a record of an upper app, where no foreign key may."""
    return {"about_kind": thing._meta.label_lower, "about_id": thing.pk}


class AboutQuerySet(InAnyScopeQuerySet):
    def about(self, thing: Model) -> "AboutQuerySet":
        return self.filter(**about(thing))


class About(InAnyScope):
    """Belongs to a scope and points at one record there. Fixed names only: nothing here was written by a person."""

    about_kind = models.CharField(max_length=60)
    about_id = models.BigIntegerField()
    path = models.CharField(max_length=200)
    reference = models.CharField(max_length=60, blank=True)

    class Meta:
        abstract = True
