"""Does the matrix bite? The walls are built twice: without the one or the other nothing leaks, without both it does.

The last tests are what makes the others worth something: with filter and policy of a model away, the doors show a
foreign word of it. Here for four models and two people; for every model and everybody: `make mutate`.
"""

import pytest

from tests.doors.canaries import of_tenants, owners
from tests.doors.walls_off import (
    ASKED_DIRECTLY,
    FILTERS,
    OUTSIDERS,
    THE_CLOCKS,
    WAYS,
    leaks,
    models_of,
    own_codes,
    rows_got,
    with_filter,
    without_filters,
    without_policies,
)

pytestmark = pytest.mark.django_db
PERSON = "outside_lead"


@pytest.fixture
def got(world, held, become):
    """(own, foreign): how many rows of a model the lead of the other PSC's ICS gets by asking the database."""

    def count(model, *, filtered):
        theirs = own_codes(held[f"{PERSON}@example.org"])
        return rows_got(become, getattr(world, PERSON), model, theirs, filtered=filtered)

    return count


def test_with_every_filter_away_the_policies_show_nothing_foreign(targets, held, knock, monkeypatch):
    with without_filters(monkeypatch, [*with_filter(), *models_of(*FILTERS)]):
        assert list(leaks(knock, held, targets, OUTSIDERS[:2])) == []


def test_with_every_policy_dropped_the_filters_show_nothing_foreign(targets, held, knock, become):
    without_policies(become, of_tenants())

    assert list(leaks(knock, held, targets, OUTSIDERS[:2])) == []


def test_each_policy_alone_gives_a_person_their_own_rows_and_no_others(targets, got):
    for model in (model for model in of_tenants() if model._meta.label not in THE_CLOCKS):
        own, foreign = got(model, filtered=False)
        assert (own > 0, foreign) == (can_own(model), 0), model


def test_each_filter_alone_gives_a_person_their_own_rows_and_no_others(targets, got, become):
    without_policies(become, with_filter())
    for model in with_filter():
        own, foreign = got(model, filtered=True)
        assert (own > 0, foreign) == (can_own(model), 0), model


def test_with_neither_the_database_gives_everybodys_rows(targets, got, become):
    without_policies(become, with_filter())
    for model in with_filter():
        assert got(model, filtered=False)[1] > 0, model


def can_own(model):
    """The person has an ICS and, by it, a PSC to read of: rows of organisations are all somebody else's."""
    return bool({"psc", "ics"} & set(owners(model)))


def test_each_model_of_a_tenant_is_caught_in_one_of_these_ways():
    """`make mutate` tries each: by a page, by asking directly, or closed to the web altogether."""
    caught = [*WAYS, *ASKED_DIRECTLY, *THE_CLOCKS]

    assert sorted(model._meta.label for model in of_tenants()) == sorted(caught)


@pytest.mark.parametrize("label", ["networks.Network", "plans.Plan", "plans.Comment", "reminders.Task"])
def test_with_neither_wall_of_a_model_the_doors_find_it(label, targets, held, knock, monkeypatch, become):
    open_models = models_of(label, *WAYS[label].through)
    without_policies(become, open_models)
    with without_filters(monkeypatch, open_models):
        assert next(leaks(knock, held, targets, OUTSIDERS, first=WAYS[label].page, model=label), None)
