"""Does the matrix bite? The walls are built twice: without the one or the other nothing leaks, without both it does.

The last test is what makes the others worth something: with filter and policy of a table off, the
matrix finds a foreign word.
"""

from contextlib import contextmanager

import pytest
from django.apps import apps
from django.db import connection, models

from tests.doors.places import LISTS, OF_RECORDS, places, unseen

pytestmark = pytest.mark.django_db
# Between them they hold something at each of the tenants that the other does not.
WATCHERS = ("outside_lead", "sibling_lead", "network_member", "specialist_member", "nobody")


def tenant_tables():
    """Every table of ours with row-level security."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relrowsecurity AND relkind = 'r' AND relname LIKE ANY"
            " (ARRAY['plans_%', 'networks_%', 'reminders_%', 'tenancy_%', 'core_%']) ORDER BY 1"
        )
        return [name for (name,) in cursor.fetchall()]


def without_policies(become, tables):
    with become("ssip_owner"), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with checks still to come cannot be altered
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")


def querysets_of(chosen):
    """The queryset classes of these models that have a filter, and those above them that define it."""
    found = set()
    for model in chosen:
        kind = type(model._default_manager.all())
        found |= {each for each in kind.__mro__ if "visible_to" in vars(each)}
    return found


@contextmanager
def without_filters(monkeypatch, chosen):
    with monkeypatch.context() as patched:
        for kind in querysets_of(chosen):
            patched.setattr(kind, "visible_to", lambda self, person: self.all())
        yield


def ours():
    return [model for model in apps.get_models() if hasattr(model._default_manager.all(), "visible_to")]


def sweep(knock, held, targets, routes=None):
    """Words of another tenant that somebody was shown: (who, address, tenant)."""
    found = []
    for name in WATCHERS:
        own, ask = held.get(f"{name}@example.org", {}), knock(name)
        paths = [f"/{route}" for route in LISTS]
        paths += [
            place.path for route, _ in OF_RECORDS for target in targets.values() for place in places(route, target)
        ]
        for path in paths:
            if routes is None or path.startswith(routes):
                try:
                    unseen(ask("get", path), own, None, targets, path)
                except AssertionError as leak:
                    found.append(f"{name}: {leak}")
    return found


def test_with_every_filter_off_the_policies_show_nothing_foreign(targets, held, knock, monkeypatch):
    with without_filters(monkeypatch, ours()):
        assert sweep(knock, held, targets) == []


def test_with_every_policy_dropped_the_filters_show_nothing_foreign(targets, held, knock, become):
    without_policies(become, tenant_tables())

    assert sweep(knock, held, targets) == []


# Where a foreign row of the table would show, once neither wall stands; what belongs to a plan is reached
# through it, and work to do has a third wall: whose it is.
REACHED = {
    "networks.Network": ("/networks/",),
    "plans.Plan": ("/plans/",),
    "plans.Round": ("/rounds/",),
}


@pytest.mark.parametrize("label", REACHED)
def test_with_neither_the_matrix_finds_it(label, targets, held, knock, monkeypatch, become):
    model = apps.get_model(label)
    behind = [
        each for each in ours() if issubclass(each, models.Model) and each._meta.app_label == model._meta.app_label
    ]
    without_policies(become, tenant_tables())
    with without_filters(monkeypatch, [model, *behind]):
        assert sweep(knock, held, targets, REACHED[label])
