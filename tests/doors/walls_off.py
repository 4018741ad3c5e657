"""Taking walls away, model by model, and looking through the hole.

A model has two walls: its filter (`visible_to`, or the function that stands for it) and the policies of its table. Some
have a third: whose a task is. A model behind another is reached through that one's page alone, so that its hole
shows nothing before the other's walls are away as well.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from django.apps import apps
from django.db import connection, transaction

from ssip.core.context import acting_as
from ssip.people.models import AccessReview
from ssip.tenancy.models import Grant, Organisation
from tests.doors import mirror
from tests.doors.canaries import KINDS, Canary, found_in, of_tenants, rows_in
from tests.doors.places import LISTS, OF_RECORDS, SIGNED_IN, places

# Between them they hold something at each of the tenants that the others do not.
OUTSIDERS = ("outside_lead", "sibling_lead", "nobody")
PLAN = ("plans.Plan", "networks.Network", "plans.Round")
VERSION = (*PLAN, "plans.PlanVersion", "plans.VersionSection")


class Way(NamedTuple):
    """Where a row of the model shows: an address to try before all others, and the models whose pages lead there."""

    page: str
    through: tuple[str, ...] = ()

    @property
    def head(self) -> str:
        """What the addresses of the same family begin with."""
        return f"{self.page.split('/')[0]}/"


WAYS = {
    "core.AuditEvent": Way("plans/<int:pk>/timeline/", PLAN),
    "core.AuditHead": Way("plans/<int:pk>/versions/", (*VERSION, "plans.Decision", "plans.Step")),
    "incidents.Assurance": Way("organisations/<slug:code>/going-live/", ("tenancy.Organisation",)),
    "incidents.Withdrawal": Way(
        "organisations/<slug:code>/going-live/", ("tenancy.Organisation", "incidents.Assurance")
    ),
    "networks.Network": Way("networks/"),
    "people.AccessReview": Way("manage/<str:kind>-<slug:code>/people/"),
    "plans.CoAuthor": Way("plans/<int:pk>/", PLAN),
    "plans.Comment": Way("plans/<int:pk>/", PLAN),
    "plans.Decision": Way("plans/<int:pk>/versions/", (*VERSION, "plans.Step")),
    "plans.EarlyRead": Way("plans/<int:pk>/", PLAN),
    "plans.HeldDraft": Way("plans/<int:pk>/sections/<slug:key>/kept/", (*PLAN, "plans.Section")),
    "plans.Plan": Way("plans/", ("networks.Network", "plans.Round")),
    "plans.PlanVersion": Way("plans/<int:pk>/", PLAN),
    "plans.Round": Way("rounds/"),
    "plans.RoundSection": Way("rounds/<int:pk>/", ("plans.Round",)),
    "plans.Section": Way("plans/<int:pk>/print/", PLAN),
    "plans.SectionRevision": Way("plans/<int:pk>/sections/<slug:key>/history/", (*PLAN, "plans.Section")),
    "plans.Step": Way("rounds/<int:pk>/", ("plans.Round",)),
    "plans.VersionSection": Way("plans/<int:pk>/versions/", (*PLAN, "plans.PlanVersion")),
    "reminders.Deadline": Way("work/"),
    "reminders.DeadlineMove": Way("plans/<int:pk>/timeline/", (*PLAN, "reminders.Deadline")),
    "reminders.Task": Way("work/"),
    "tenancy.Grant": Way("manage/<str:kind>-<slug:code>/people/"),
}
# No page shows a word of theirs, so they are asked for directly.
ASKED_DIRECTLY = {
    "reminders.DeadlinePause": "why a date stands still is shown nowhere",
    "reminders.KindChoice": "the page of a place's dates opens to its own people alone, whatever its rows",
    "people.ReviewedRole": "it has no words and names nobody: it points at a role",
    "reminders.HandBack": "why somebody handed a task back is kept and shown nowhere",
    "reminders.Notice": "the web writes down who is to be told; the clock reads it and tells them",
}
# The web has no right to these tables: with their policies away the database still refuses.
THE_CLOCKS = {
    "reminders.Message": "the outbox",
    "reminders.Reminder": "who was reminded of which date",
}
# Filters that are not called visible_to, and what is left of each once it is away. Which organisations there are is
# public; that their pages are not is a filter of those pages.
FILTERS = {
    "people.AccessReview": [("ssip.people.queries.reviews._reviews", lambda reader, scope: reviews())],
    "tenancy.Grant": [
        ("ssip.people.queries.people.in_sight", lambda reader, scope: Grant.objects.all()),
        ("ssip.people.queries.changes.in_sight", lambda reader, scope: Grant.objects.all()),
    ],
    "tenancy.Organisation": [
        ("incidents.views.organisation_for", lambda request, code: Organisation.objects.get(code=code)),
    ],
}
# Methods of a queryset that ask whose a row is, beside where it is.
WHOSE = ("for_one",)


def own_codes(own: dict) -> set[str]:
    """The codes of all places of which a person may read something, from what `held` says that they hold."""
    seen = {key[1] for key, may in own.items() if key[0] == "psc" or may & {"view_ics", "view_organisation"}}
    return seen | {psc for code, (psc, _, _) in mirror.MIRRORED.items() if code in seen}


def reviews():
    return AccessReview.objects.select_related("by", "psc", "ics", "organisation").order_by("-id")


def querysets_of(models: Iterable) -> set[type]:
    """The classes that define a filter of one of these models."""
    return {
        kind
        for model in models
        for kind in type(model._default_manager.all()).__mro__
        if any(name in vars(kind) for name in ("visible_to", *WHOSE))
    }


@contextmanager
def without_filters(monkeypatch, models):
    """These models' filters are away; others that inherit the same class keep theirs."""
    with monkeypatch.context() as patched:
        for kind in querysets_of(models):
            for name in {"visible_to", *WHOSE} & vars(kind).keys():
                patched.setattr(kind, name, _open_for(set(models), vars(kind)[name]))
        for model in models:
            for name, open_to_all in FILTERS.get(model._meta.label, ()):
                patched.setattr(name, open_to_all)
        yield


def _open_for(models, closed):
    return lambda queryset, person: queryset.all() if queryset.model in models else closed(queryset, person)


def without_policies(become, models):
    """Until the test's transaction ends."""
    with become("ssip_owner"), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with checks still to come cannot be altered
        for model in models:
            cursor.execute(f"ALTER TABLE {model._meta.db_table} DISABLE ROW LEVEL SECURITY")


def with_filter():
    """Models of tenants that have one of their own."""
    return [model for model in of_tenants() if hasattr(model._default_manager.all(), "visible_to")]


def models_of(*labels):
    return [apps.get_model(label) for label in labels]


def paths(targets, first="", only="") -> list[str]:
    """Every address that can be read, filled for every tenant: those that begin like `first` before the others."""
    routes = [route for route, door in OF_RECORDS if "GET" in door.methods] + SIGNED_IN
    found = [(route, f"/{route}") for route in LISTS]
    found += [(route, place.path) for route in routes for target in targets.values() for place in places(route, target)]
    found.sort(key=lambda each: (each[0] != first, not each[0].startswith(first)))
    return [path for route, path in found if route.startswith(only)]


class Leak(NamedTuple):
    """Somebody was shown a word of a place of which they may read nothing."""

    who: str
    path: str
    canary: Canary

    def __str__(self) -> str:
        return f"{self.who} at {self.path}: {self.canary}"


def leaks(knock, held, targets, who, *, first="", only="", model="") -> Iterator[Leak]:
    """What these people are shown of others' places, of one model if it is named; address by address."""
    for name in who:
        ask, theirs = knock(name), own_codes(held.get(f"{name}@example.org", {}))
        for path in paths(targets, first, only):
            answer = ask("get", path)
            assert answer.status_code != 500, f"{name} at {path}"  # a page that fails hides what it would show
            shown = found_in(answer.content) | found_in(str(answer.headers))
            for canary in sorted(shown):
                if canary.code not in theirs and model in ("", canary.model):
                    yield Leak(name, path, canary)


def rows_got(become, person, model, theirs, *, filtered):
    """Of the rows of the model that this person gets: how many are of their places, how many of others'."""
    with become("ssip_owner"):
        places = [place for kind in KINDS.values() for place in kind.objects.filter(code__in=theirs)]
        own = {row.pk for place in places for row in rows_in(model, place)}
    with become("ssip_app"), transaction.atomic(), acting_as(person):
        found = model._default_manager.all()
        keys = set((found.visible_to(person) if filtered else found).values_list("pk", flat=True))
    return len(keys & own), len(keys - own)
