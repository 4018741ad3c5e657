"""Recording what must be in place before responses, and withdrawing it: the only code that writes either.

Rows are added and never changed. What was recorded stands until it is recorded again or withdrawn.
"""

from datetime import date

from django.db import transaction
from django.urls import reverse

from incidents import policies, queries
from incidents.models import Assurance, Item, Withdrawal
from ssip.core import audit
from ssip.core.locks import one_at_a_time
from ssip.core.models import User
from ssip.core.verdicts import require
from ssip.reminders import workflow as reminders
from ssip.reminders.models import Task
from ssip.tenancy import access
from ssip.tenancy.models import Organisation

COMPLETE = "Complete"
REVIEW = "assurance_review"


class WrongState(Exception):
    """Somebody recorded or withdrew the same thing meanwhile."""


@transaction.atomic
def record(
    organisation: Organisation,
    item: Item,
    *,
    dated: date,
    document: str = "",
    review_by: date | None = None,
    arrangement: str = "",
    title: str = "",
    by: User,
) -> Assurance:
    """A document: `document`, and `arrangement` of an agreement. A role: `title`."""
    require(policies.can_record(by, organisation))
    one_at_a_time("assurance", organisation)
    before = queries.gate(by, organisation).of(item).record
    assurance = Assurance(
        organisation=organisation,
        item=item,
        dated=dated,
        document=document,
        review_by=review_by,
        arrangement=arrangement,
        title=title,
        by=by,
        role=_role_in(by, organisation),
    )
    assurance.save(force_insert=True)
    audit.record("record assurance", assurance, by=by, item=item, dated=dated, review_by=review_by)
    if before:
        reminders.meet(before, REVIEW)
    if review_by:
        _remind_of_review(assurance, review_by)
    _ask_for_what_is_missing(organisation, by)
    return assurance


@transaction.atomic
def withdraw(assurance: Assurance, *, reason: str, by: User) -> Withdrawal:
    """What was recorded last holds no more: no response begins until it is recorded again."""
    organisation = assurance.organisation
    require(policies.can_record(by, organisation))
    one_at_a_time("assurance", organisation)
    standing = queries.gate(by, organisation).of(Item(assurance.item))
    if standing.record != assurance:
        raise WrongState("Somebody has recorded this again. Look at what stands there now.")
    if standing.withdrawal:
        raise WrongState("This was withdrawn already.")
    withdrawal = Withdrawal.objects.create(
        organisation=organisation, assurance=assurance, reason=reason, by=by, role=_role_in(by, organisation)
    )
    audit.record("withdraw assurance", assurance, by=by, item=assurance.item)
    reminders.withdraw(assurance, REVIEW)
    _ask_for_what_is_missing(organisation, by)
    return withdrawal


def _remind_of_review(assurance: Assurance, review_by: date) -> None:
    reminders.open_deadline(
        scope=assurance.organisation,
        about=assurance,
        kind=REVIEW,
        due_on=review_by,
        thing="what must be in place before responses",
        place=str(assurance.organisation),
        path=_page(assurance.organisation),
        reference="",
        permissions=["record_assurance"],
        set_by="the assessment itself",
    )


def _ask_for_what_is_missing(organisation: Organisation, by: User) -> None:
    """One task for all who may record, from the first record on until nothing is missing, and after a withdrawal."""
    if not queries.gate(by, organisation).missing:
        reminders.close_tasks(organisation, because="everything is recorded", by=by, verb=COMPLETE)
    elif not Task.objects.open().about(organisation).filter(verb=COMPLETE).exists():
        reminders.open_task(
            scope=organisation,
            about=organisation,
            verb=COMPLETE,
            thing="what must be in place before responses",
            place=str(organisation),
            path=_page(organisation),
            why="Until then nobody can enter a response.",
            permission="record_assurance",
            minutes=5,
        )


def _page(organisation: Organisation) -> str:
    return reverse("incidents:going_live", args=[organisation.code])


def _role_in(person: User, organisation: Organisation) -> str:
    """In which of their roles somebody records, in words."""
    ours = [
        grant.get_role_display()
        for grant in access.roles_of(person)
        if grant.organisation_id == organisation.pk and "record_assurance" in access.given_by(grant)
    ]
    return ", ".join(dict.fromkeys(ours))
