"""The three kinds of scope. Public facts: everybody may read them, nobody deletes them.

Codes are looked up in these tables, never recognised by a pattern (ODS codes of 2026 have five
characters, those of 2022 three).
"""

from typing import Any, ClassVar

from django.db import models

CONFIDENCE = [("high", "high"), ("medium", "medium"), ("low", "low")]


class Sourced(models.Model):
    """A fact with where it comes from and how sure we are of it."""

    source = models.CharField(max_length=300)
    confidence = models.CharField(max_length=6, choices=CONFIDENCE)
    note = models.CharField(max_length=400, blank=True)

    class Meta:
        abstract = True


class Scope(Sourced):
    """Something that owns records: what every grant and every tenant row points at."""

    code = models.CharField(max_length=10, unique=True)
    name = models.CharField(max_length=150)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    scope_kind: ClassVar[str]
    objects: ClassVar[models.Manager[Any]] = models.Manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.code = self.code.upper()
        super().save(*args, **kwargs)

    @property
    def scope(self) -> "Scope":
        """A scope owns itself, so that a grant in it is audited there."""
        return self


class PSC(Scope):
    """A Patient Safety Collaborative, hosted by a Health Innovation Network."""

    host = models.CharField(max_length=150)
    region = models.CharField(max_length=60)

    scope_kind = "psc"

    class Meta:
        verbose_name = "Patient Safety Collaborative"
        default_permissions = ()
        permissions = (
            ("view_psc", "See the PSC"),
            ("view_psc_networks", "See the PSC's own networks"),
            ("view_ics", "See an ICS"),
            ("view_plan", "Read plans and versions"),
            ("comment_plan", "Comment on a plan"),
            ("approve_plan", "Approve a plan or ask for changes"),
            ("publish_plan", "Publish an approved plan"),
            ("manage_rounds", "Open planning rounds and edit templates"),
            ("manage_people", "Grant and end roles"),
        )


class ICS(Scope):
    """An Integrated Care System, named by the code of its statutory body, the Integrated Care Board.

    The legal body lives as long as its ODS code; its ONS code and area are dated rows of
    `Boundary`, because a code can survive a change of area.
    """

    short_name = models.CharField(max_length=100)
    region = models.CharField(max_length=60)
    region_code = models.CharField(max_length=3)

    scope_kind = "ics"

    class Meta:
        verbose_name = "Integrated Care System"
        default_permissions = ()
        permissions = (
            ("view_ics", "See the ICS"),
            ("view_plan", "Read plans and versions"),
            ("comment_plan", "Comment on a plan"),
            ("draft_plan", "Draft, submit and withdraw a plan"),
            ("endorse_plan", "Record the ICB's endorsement or ask for changes"),
            ("oversee", "Supportive oversight of responses"),
            ("manage_members", "Grant and end the roles of network members and partners"),
        )

    def __str__(self) -> str:
        return self.short_name


class Organisation(Scope):
    """A provider: an NHS trust or another organisation that responds to incidents."""

    kind = models.CharField(max_length=40)
    is_invented = models.BooleanField(default=False, help_text="Made up for a demonstration; its code is not in ODS.")

    scope_kind = "organisation"

    class Meta:
        default_permissions = ()
        permissions = (
            ("view_organisation", "See the organisation"),
            ("start_response", "Start a response"),
            ("decide_response", "Decide the response and lead engagement"),
            ("sign_off", "Sign off an investigation"),
            ("manage_organisation_people", "Grant and end roles in the organisation"),
            ("record_assurance", "Record what must be in place before responses are entered"),
        )


SCOPES: dict[str, type[Scope]] = {kind.scope_kind: kind for kind in (PSC, ICS, Organisation)}
