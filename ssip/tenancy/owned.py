"""What a tenant's record is: its one owner, and the queryset that shows it to those who may.

Every tenant table of an upper app inherits one of these. The owner's column has no index of its
own: each table's indexes begin with it.
"""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from ssip.core.models import User
from ssip.tenancy import access
from ssip.tenancy.models import ICS, PSC, Organisation, Scope
from ssip.tenancy.models.grants import ONE_SCOPE, InOneScope


class InICSQuerySet(models.QuerySet):
    permission = "view_plan"

    def visible_to(self, person: User) -> Self:
        return self.filter(ics_id__in=access.ics_ids(person, self.permission))


class InPSCQuerySet(models.QuerySet):
    """A PSC's own records; `around` is what lets people of the ICSs that it serves read them too."""

    permission = "view_psc"
    around = "view_plan"

    def visible_to(self, person: User) -> Self:
        ids = access.psc_ids(person, self.permission) + access.serving_psc_ids(person, self.around)
        return self.filter(psc_id__in=ids)


class InOrganisationQuerySet(models.QuerySet):
    permission = "view_organisation"

    def visible_to(self, person: User) -> Self:
        return self.filter(organisation_id__in=access.organisation_ids(person, self.permission))


class InAnyScopeQuerySet(models.QuerySet):
    def visible_to(self, person: User) -> Self:
        return self.filter(
            Q(psc_id__in=access.psc_ids(person, "view_psc"))
            | Q(ics_id__in=access.ics_ids(person, "view_ics"))
            | Q(organisation_id__in=access.organisation_ids(person, "view_organisation"))
        )


class InICS(models.Model):
    """Belongs to one ICS."""

    ics = models.ForeignKey(ICS, on_delete=models.PROTECT, related_name="+", db_index=False)

    owner: ClassVar[str] = "ics"

    class Meta:
        abstract = True

    @property
    def scope(self) -> Scope:
        return self.ics


class InPSC(models.Model):
    """Belongs to one PSC."""

    psc = models.ForeignKey(PSC, on_delete=models.PROTECT, related_name="+", db_index=False)

    owner: ClassVar[str] = "psc"

    class Meta:
        abstract = True

    @property
    def scope(self) -> Scope:
        return self.psc


class InOrganisation(models.Model):
    """Belongs to one organisation."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)

    owner: ClassVar[str] = "organisation"

    class Meta:
        abstract = True

    @property
    def scope(self) -> Scope:
        return self.organisation


class InAnyScope(InOneScope):
    """Belongs to one PSC, one ICS or one organisation: what an app below all kinds of scope stores."""

    owner: ClassVar[str] = "any"

    class Meta:
        abstract = True


def one_scope(name: str) -> models.CheckConstraint:
    """The constraint each table of InAnyScope carries, under a name of its own."""
    return models.CheckConstraint(condition=ONE_SCOPE, name=name)
