"""Who holds which role where, from when, until when, and why."""

from typing import Any, Self

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from ssip.core import clock
from ssip.tenancy.models.scopes import ICS, PSC, Organisation, Scope


class Role(models.TextChoices):
    PSC_LEAD = "psc_lead", "PSC improvement lead"
    PSC_ADMINISTRATOR = "psc_administrator", "PSC administrator"
    SPECIALIST_MEMBER = "specialist_member", "Specialist network member"
    ICS_LEAD = "ics_lead", "ICS lead"
    ICB_QUALITY_LEAD = "icb_quality_lead", "ICB quality lead"
    NETWORK_MEMBER = "network_member", "Network member"
    PATIENT_SAFETY_PARTNER = "patient_safety_partner", "Patient safety partner"
    WARD_TEAM = "ward_team", "Ward or service team"
    PATIENT_SAFETY_SPECIALIST = "patient_safety_specialist", "Patient safety specialist"
    EXECUTIVE_LEAD = "executive_lead", "Executive lead"
    SYSTEM_ADMINISTRATOR = "system_administrator", "System administrator"


class InOneScope(models.Model):
    """Belongs to one PSC, one ICS or one organisation."""

    psc = models.ForeignKey(PSC, on_delete=models.PROTECT, related_name="+", null=True, blank=True, db_index=False)
    ics = models.ForeignKey(ICS, on_delete=models.PROTECT, related_name="+", null=True, blank=True, db_index=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", null=True, blank=True, db_index=False
    )

    class Meta:
        abstract = True

    @property
    def scope(self) -> Scope | None:
        return self.psc or self.ics or self.organisation


def in_scope(scope: Scope | None) -> dict[str, Any]:
    """The three columns of InOneScope for this scope; None stands for the site."""
    return dict.fromkeys(("psc", "ics", "organisation")) | ({scope.scope_kind: scope} if scope else {})


ONE_SCOPE = (
    Q(psc__isnull=False, ics__isnull=True, organisation__isnull=True)
    | Q(psc__isnull=True, ics__isnull=False, organisation__isnull=True)
    | Q(psc__isnull=True, ics__isnull=True, organisation__isnull=False)
)
SITE = Q(psc__isnull=True, ics__isnull=True, organisation__isnull=True)


class RoleGroup(InOneScope):
    """The group that stands for one role in one scope; guardian's permissions hang on it."""

    group = models.OneToOneField(Group, on_delete=models.PROTECT, related_name="role_group")
    role = models.CharField(max_length=30, choices=Role)
    granted_with = models.CharField(max_length=60, help_text="The permission here that lets somebody give this role.")

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["role", "psc", "ics", "organisation"], name="one_group_a_role_and_scope", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=ONE_SCOPE | (SITE & Q(role=Role.SYSTEM_ADMINISTRATOR)), name="role_group_in_one_scope"
            ),
        ]

    def __str__(self) -> str:
        return self.group.name


class GrantQuerySet(models.QuerySet):
    def live(self) -> Self:
        """Held today: begun, not past its last day, not ended, and the person's account open."""
        today = clock.today()
        return self.filter(
            Q(until=None) | Q(until__gte=today), from_date__lte=today, ended_at=None, person__is_active=True
        )

    def in_scope(self, scope: Scope) -> Self:
        return self.filter(**{scope.scope_kind: scope})


class Grant(InOneScope):
    """The truth of who is in. Written by ssip_grant() and ssip_end_grant() alone; dates are whole days, inclusive."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(max_length=30, choices=Role)
    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="+")
    from_date = models.DateField()
    until = models.DateField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    at = models.DateTimeField(default=timezone.now, editable=False)
    reason = models.CharField(max_length=300)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    ended_reason = models.CharField(max_length=300, blank=True)

    objects = GrantQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(fields=["ics", "role"], name="grants_of_an_ics"),
            models.Index(fields=["psc", "role"], name="grants_of_a_psc"),
            models.Index(fields=["organisation", "role"], name="grants_of_an_organisation"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "role", "psc", "ics", "organisation"],
                condition=Q(ended_at=None),
                nulls_distinct=False,
                name="one_open_grant_a_role_and_scope",
            ),
            models.CheckConstraint(
                condition=ONE_SCOPE | (SITE & Q(role=Role.SYSTEM_ADMINISTRATOR)), name="grant_in_one_scope"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("from_date")), name="grant_ends_after_it_begins"
            ),
            models.CheckConstraint(condition=Q(ended_at=None) | ~Q(ended_reason=""), name="ended_with_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_role_display()}, {self.scope or 'the site'}"
