"""What each text of the mirror world says: a word made of its tenant, model and field, so that a leak names itself.

`canaryXAAcommenttext 3` is the text of the third comment in XAA. What names no words of its own is known by its
people: `canaryXAAearlyreadby` asked for the early read. Search without regard to case: an e-mail address is lower case.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.apps import apps
from django.db import models
from django.db.models import Q

from ssip.core.models import AuditEvent, AuditHead, User
from ssip.tenancy.models import ICS, PSC, Organisation, Scope

KINDS: dict[str, type[Scope]] = {"psc": PSC, "ics": ICS, "organisation": Organisation}
CODES = ("XAA", "XBB", "XCC", "XMM", "EAST", "WEST", "ZAA", "ZBB", "ZCC", "ZMM")
CANARY = re.compile(rf"canary({'|'.join(CODES)})([a-z]*)", re.IGNORECASE)

# Pages show the first 12 characters of it: the word has to be as short.
SHORT = {"core.AuditHead.hash": "end"}
# Columns that hold a code, a key or an address of ours, which nobody wrote.
CODED = {
    "core.AuditEvent.action", "core.AuditEvent.scope_kind", "core.AuditEvent.thing_kind", "core.AuditHead.scope_kind",
    "plans.CoAuthor.section_key", "plans.RoundSection.key", "plans.RoundSection.kind", "plans.Section.key",
    "plans.Section.kind", "plans.VersionSection.key", "plans.VersionSection.kind", "reminders.Deadline.about_kind",
    "reminders.Deadline.path", "reminders.Notice.about_kind", "reminders.Notice.path", "reminders.Notice.permission",
    "reminders.Notice.role", "reminders.Task.about_kind", "reminders.Task.followed_with", "reminders.Task.path",
    "reminders.Task.permission", "reminders.Task.role",
}  # fmt: skip
# Rows that belong to the tenant of another row.
THROUGH = {"reminders.Reminder": "deadline", "reminders.Message": "notice"}
# Facts that everybody may read, signed in or not, and what is published: a reader of another tenant is none too many.
PUBLIC = {
    "tenancy.PSC", "tenancy.ICS", "tenancy.Organisation", "tenancy.Coverage", "tenancy.Boundary", "tenancy.Successor",
    "tenancy.Footprint", "tenancy.LeadICS", "tenancy.RoleGroup", "tenancy.PSCGroupPermission",
    "tenancy.ICSGroupPermission", "tenancy.OrganisationGroupPermission", "plans.PublishedPlan",
}  # fmt: skip
# The site's own, of no tenant.
SITE = {
    "core.User": "a person; what concerns a tenant is a grant",
    "core.AuditAnchor": "a day on which the ends of all chains were written down",
    "core.ReferenceNumber": "counters that one function of the database alone can read",
    "plans.Template": "what a plan can consist of, for everybody",
    "plans.TemplateSection": "what a plan can consist of, for everybody",
    "reminders.DeadlineKind": "how long each kind of date is, for everybody",
    "reminders.Digest": "one mail a person and day, about all their places; only the clock reads it",
}


class Canary(NamedTuple):
    """Whose text was found. Model and field are empty where only the tenant could be read."""

    code: str
    model: str
    field: str

    def __str__(self) -> str:
        field = apps.get_model(self.model)._meta.get_field(self.field) if self.model else None
        return word(self.code, field) if field else f"canary{self.code}"


def ours() -> list[type[models.Model]]:
    """Every model of the apps of this repository."""
    folders = ("ssip", "networks", "plans", "incidents")
    return [model for model in apps.get_models() if model.__module__.split(".")[0] in folders]


def of_tenants() -> list[type[models.Model]]:
    """Models with rows that only some may see."""
    return [model for model in ours() if model._meta.label not in PUBLIC | SITE.keys()]


def word(code: str, field: models.Field) -> str:
    short = SHORT.get(_label(field))
    return f"canary{code}{short or _tail(field)}"


def found_in(content: bytes | str) -> set[Canary]:
    """Each canary in a page, a file, a header."""
    text = content.decode(errors="replace") if isinstance(content, bytes) else content
    known = _known()
    return {Canary(code.upper(), *known.get(tail.lower(), ("", ""))) for code, tail in set(CANARY.findall(text))}


def texts(model: type[models.Model]) -> list[models.Field]:
    """The columns whose words are a person's, or name something of theirs."""
    kinds = (models.CharField, models.TextField, models.JSONField)
    fields = [each for each in model._meta.concrete_fields if isinstance(each, kinds) and not each.choices]
    return [each for each in fields if _label(each) not in CODED]


def people(model: type[models.Model]) -> list[models.Field]:
    return [each for each in model._meta.concrete_fields if each.related_model is User]


def owners(model: type[models.Model]) -> list[str]:
    """Kinds of place that may own a row of this model."""
    if model in (AuditEvent, AuditHead):
        return list(KINDS)
    if through := THROUGH.get(model._meta.label):
        return owners(model._meta.get_field(through).related_model)
    return [kind for kind in KINDS if kind in {field.name for field in model._meta.concrete_fields}]


def rows_in(model: type[models.Model], scope: Scope) -> models.QuerySet:
    """Whatever of this model belongs to the place itself."""
    if scope.scope_kind not in owners(model):
        return model._base_manager.none()
    if model in (AuditEvent, AuditHead):
        here = Q(scope_kind=scope.scope_kind, scope_id=scope.pk)
    elif through := THROUGH.get(model._meta.label):
        here = Q(**{f"{through}__{scope.scope_kind}": scope})
    else:
        here = Q(**{scope.scope_kind: scope})
    return model._base_manager.filter(here)


@dataclass(frozen=True)
class Sower:
    """Makes the rows of one place; what is not given is filled with its canaries."""

    scope: Scope
    people: dict[str, User]

    def sow(
        self, model: type[models.Model], numbers: Iterable[int], given: Callable[[int], dict[str, Any]]
    ) -> list[Any]:
        """One row a number. `given` says what else stands in it."""
        return model._base_manager.bulk_create([self.row(model, number, **given(number)) for number in numbers])

    def row(self, model: type[models.Model], nth: int, /, **given: Any) -> models.Model:
        filled = {field.name: self._document(field, nth) for field in texts(model)}
        filled |= {field.name: self.of(model, field.name) for field in people(model) if not field.null}
        return model(**filled | self._owner(model) | given)

    def of(self, model: type[models.Model], name: str, number: int = 1) -> User:
        """Whom the column names."""
        return self.people[self.text(model, name, number)]

    def text(self, model: type[models.Model], name: str, number: int) -> str:
        return f"{word(self.scope.code, model._meta.get_field(name))} {number}"

    def _document(self, field: models.Field, number: int) -> Any:
        text = self.text(field.model, field.name, number)
        if isinstance(field, models.JSONField):
            return {"text": text}
        return f"{text.replace(' ', '')}@example.org" if isinstance(field, models.EmailField) else text

    def _owner(self, model: type[models.Model]) -> dict[str, Any]:
        if model in (AuditEvent, AuditHead):
            return {"scope_kind": self.scope.scope_kind, "scope_id": self.scope.pk}
        if model._meta.label in THROUGH or not owners(model):
            return {}
        return {self.scope.scope_kind: self.scope}


def everybody(counts: dict[str, int]) -> dict[str, User]:
    """A person for each column that names one, in each place; for a grant as many as the place has rows."""
    names = [
        f"{word(code, field)} {number}"
        for code, count in counts.items()
        for model in of_tenants()
        for field in people(model)
        for number in range(1, 1 + (count if _label(field) == "tenancy.Grant.person" else 1))
    ]
    made = [User(email=f"{name.replace(' ', '')}@example.org".lower(), name=name, password="!") for name in names]
    return {person.name: person for person in User.objects.bulk_create(made)}


def _label(field: models.Field) -> str:
    return f"{field.model._meta.label}.{field.name}"


def _tail(field: models.Field) -> str:
    return f"{field.model._meta.model_name}{field.name.replace('_', '')}"


def _known() -> dict[str, tuple[str, str]]:
    return {tail: (field.model._meta.label, field.name) for tail, field in _tails()}


def _tails() -> Iterator[tuple[str, models.Field]]:
    for model in of_tenants():
        for field in [*texts(model), *people(model)]:
            yield SHORT.get(_label(field)) or _tail(field), field
