"""Every wall of every tenant model taken away in turn: `make mutate`. Not collected with the other tests.

With both walls of a model away, and those of the models through whose pages alone it is reached, somebody must be shown
another tenant's word of that model, or the doors would not have noticed. With the others' walls away and its own
standing nobody may be. What caught it is printed.
"""

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from ssip.core.context import acting_as
from tests.doors.canaries import found_in, of_tenants
from tests.doors.cast import PERSONS
from tests.doors.walls_off import (
    ASKED_DIRECTLY,
    FILTERS,
    OUTSIDERS,
    THE_CLOCKS,
    WAYS,
    leaks,
    models_of,
    own_codes,
    paths,
    rows_got,
    with_filter,
    without_filters,
    without_policies,
)

pytestmark = pytest.mark.django_db
BEHIND = [label for label, way in WAYS.items() if way.through]


@pytest.fixture(scope="module")
def table(request):
    """Printed at the end: what was caught by what, or hidden by its own walls."""
    rows = []
    yield rows
    with request.config.pluginmanager.getplugin("capturemanager").global_and_fixture_disabled():
        reporter = request.config.pluginmanager.getplugin("terminalreporter")
        widths = [max((len(row[at]) for row in rows), default=0) for at in (0, 1)]
        reporter.ensure_newline()
        for label, wall, by in rows:
            reporter.write_line(f"{label:{widths[0]}} | {wall:{widths[1]}} | {by}")


def test_each_model_of_a_tenant_is_caught_in_one_of_these_ways():
    assert {model._meta.label for model in of_tenants()} == WAYS.keys() | ASKED_DIRECTLY.keys() | THE_CLOCKS.keys()


@pytest.mark.parametrize("label", WAYS)
def test_with_both_walls_of_a_model_away_somebody_is_shown_it(label, targets, held, knock, monkeypatch, become, table):
    open_models = models_of(label, *WAYS[label].through)
    without_policies(become, open_models)
    with without_filters(monkeypatch, open_models):
        caught = next(leaks(knock, held, targets, OUTSIDERS, first=WAYS[label].page, model=label), None)

    table.append((label, "no wall", str(caught or "NOT CAUGHT")))
    assert caught, f"No page shows somebody else's {label}, though nothing hides it: name its page in WAYS."


@pytest.mark.parametrize("label", BEHIND)
def test_with_the_walls_before_it_away_its_own_still_hide_it(label, targets, held, knock, monkeypatch, become, table):
    open_models = models_of(*WAYS[label].through)
    without_policies(become, open_models)
    with without_filters(monkeypatch, open_models):
        shown = list(leaks(knock, held, targets, OUTSIDERS[:1], only=WAYS[label].head, model=label))

    table.append((label, "its own alone", str(shown[0]) if shown else "hidden"))
    assert shown == []


@pytest.mark.parametrize("label", ASKED_DIRECTLY)
def test_what_no_page_shows_is_hidden_by_each_wall_alone(label, targets, held, world, monkeypatch, become, table):
    [model] = models_of(label)
    person, theirs = world.outside_lead, own_codes(held["outside_lead@example.org"])

    own, foreign = rows_got(become, person, model, theirs, filtered=False)
    assert (own > 0, foreign) == (True, 0)

    without_policies(become, [model])
    own, foreign = rows_got(become, person, model, theirs, filtered=True)
    assert (own > 0, foreign) == (True, 0)

    own, foreign = rows_got(become, person, model, theirs, filtered=False)
    table.append((label, "no wall", f"{foreign} rows of others for outside_lead, asked for directly"))
    assert foreign > 0


@pytest.mark.parametrize("label", THE_CLOCKS)
def test_what_is_the_clocks_is_closed_by_right_and_by_policy(label, targets, world, become, table):
    name = apps.get_model(label)._meta.db_table
    count = f"SELECT count(*) FROM {name}"

    def as_web():
        with become("ssip_app"), transaction.atomic(), acting_as(world.outsider), connection.cursor() as cursor:
            cursor.execute(count)
            return cursor.fetchone()[0]

    without_policies(become, models_of(label))
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        as_web()

    with become("ssip_owner"), connection.cursor() as cursor:
        cursor.execute(f"GRANT SELECT ON {name} TO ssip_app")
        cursor.execute(f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY")
    assert as_web() == 0

    without_policies(become, models_of(label))
    table.append(
        (label, "no wall", f"{as_web()} rows for outsider, asked for directly with a right that the web has not")
    )
    assert as_web() > 0


def test_everybody_who_holds_something_is_shown_their_own(targets, held, knock):
    """Else the next two would be content with people before whom every page is shut."""
    for name in PERSONS:
        theirs, ask = own_codes(held.get(f"{name}@example.org", {})), knock(name)
        shown = ({canary.code for canary in found_in(ask("get", path).content)} for path in paths(targets))
        assert not theirs or any(codes & theirs for codes in shown), name


@pytest.mark.parametrize("name", PERSONS)
def test_with_every_filter_away_nobody_is_shown_anything(name, targets, held, knock, monkeypatch):
    with without_filters(monkeypatch, [*with_filter(), *models_of(*FILTERS)]):
        assert list(leaks(knock, held, targets, [name])) == []


@pytest.mark.parametrize("name", PERSONS)
def test_with_every_policy_dropped_nobody_is_shown_anything(name, targets, held, knock, become):
    without_policies(become, of_tenants())

    assert list(leaks(knock, held, targets, [name])) == []
