"""Work to do: what, by whom, why, by when. Opened and closed by the workflows of the upper apps."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from ssip.core.models import User
from ssip.reminders.models.about import DATED_FIRST, About, AboutQuerySet
from ssip.reminders.models.held import held, in_role
from ssip.tenancy.owned import InAnyScope, InAnyScopeQuerySet, one_scope

OPEN = Q(closed_at__isnull=True)


class TaskQuerySet(AboutQuerySet):
    def open(self) -> Self:
        return self.filter(OPEN)

    def for_one(self, person: User) -> Self:
        """Addressed to this person: by name, or to whoever holds the permission where the task is."""
        return self.visible_to(person).filter(_addressed_to(person))

    def mine(self, person: User) -> Self:
        """What this person can do now."""
        return self.open().for_one(person)

    def waiting(self, person: User) -> Self:
        """What others have to do and this person follows."""
        followed = self.open().visible_to(person).filter(held(person, "followed_with"))
        return followed.exclude(_addressed_to(person))

    def done_lately(self, person: User, since: datetime) -> Self:
        """Closed since then: by this person, or done by somebody else where it was this person's too."""
        closed = self.visible_to(person).filter(closed_at__gte=since)
        return closed.filter(Q(closed_by=person) | _addressed_to(person))

    def by_date(self) -> Self:
        return self.order_by(*DATED_FIRST)


def _addressed_to(person: User) -> Q:
    by_permission = Q(person__isnull=True) & held(person, "permission") & in_role(person)
    return (Q(person=person) | by_permission) & ~Q(not_for__contains=[person.pk])


class Task(About):
    """One thing to do about one record; for a person, or for whoever holds the permission in the scope."""

    verb = models.CharField(max_length=40)
    thing = models.CharField(max_length=200)
    place = models.CharField(max_length=150)
    why = models.CharField(max_length=300)
    permission = models.CharField(max_length=60, blank=True)
    role = models.CharField(max_length=30, blank=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    # Who holds the permission and may not do it (four eyes), has done their part, or handed it back.
    not_for = ArrayField(models.BigIntegerField(), default=list, blank=True)
    followed_with = models.CharField(max_length=60, blank=True)
    due = models.DateField(null=True)
    due_set_by = models.CharField(max_length=150, blank=True)
    minutes = models.PositiveSmallIntegerField(null=True)
    opened_at = models.DateTimeField(default=timezone.now, editable=False)
    closed_at = models.DateTimeField(null=True)
    closed_because = models.CharField(max_length=100, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )

    objects = TaskQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            one_scope("task_in_one_scope"),
            models.CheckConstraint(condition=~Q(permission="") | Q(person__isnull=False), name="task_is_somebodys"),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_because="", closed_by__isnull=True)
                | (Q(closed_at__isnull=False) & ~Q(closed_because="")),
                name="task_closed_for_a_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["ics", "permission"], condition=OPEN, name="open_tasks_of_an_ics"),
            models.Index(fields=["psc", "permission"], condition=OPEN, name="open_tasks_of_a_psc"),
            models.Index(fields=["organisation", "permission"], condition=OPEN, name="open_tasks_of_an_organisation"),
            models.Index(fields=["ics", "-closed_at"], condition=~OPEN, name="done_tasks_of_an_ics"),
            models.Index(fields=["psc", "-closed_at"], condition=~OPEN, name="done_tasks_of_a_psc"),
            models.Index(fields=["organisation", "-closed_at"], condition=~OPEN, name="done_tasks_of_an_organisation"),
            # Each with the rows of its own kind of scope alone, so that none serves to pass over whose they are.
            *(
                models.Index(
                    fields=[kind, "about_kind", "about_id"],
                    condition=OPEN & Q(**{f"{kind}__isnull": False}),
                    name=f"work_about_in_{kind}",
                )
                for kind in ("psc", "ics", "organisation")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.thing}"


class HandBack(InAnyScope):
    """Somebody said that a task is not theirs, and why: their own words, so here and not in the audit."""

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField(default=timezone.now, editable=False)
    word = models.CharField(max_length=300)

    objects = InAnyScopeQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [one_scope("hand_back_in_one_scope")]

    def __str__(self) -> str:
        return f"{self.task} handed back"
