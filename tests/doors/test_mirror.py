"""The mirror world is whole: each model in each tenant, each text with its tenant's canary, no two counts the same."""

from itertools import combinations

import pytest

from tests.doors import mirror
from tests.doors.canaries import (
    KINDS,
    PUBLIC,
    SITE,
    Canary,
    found_in,
    of_tenants,
    ours,
    owners,
    people,
    rows_in,
    texts,
    word,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_owner")]

# What a place cannot have.
HAS_NONE = {
    ("networks.Network", "organisation"): "a network is of an ICS or a PSC; a constraint says so",
    ("tenancy.Coverage", "organisation"): "",
}
# Facts whose rows stand between two places, or that not every place has.
ONCE = {"tenancy.Successor": "only an ICS that has merged has one"}


@pytest.fixture
def scopes(targets):
    return [scope for kind in KINDS.values() for scope in kind.objects.order_by("code")]


def test_each_model_has_rows_in_each_place_or_a_reason_why_not(scopes):
    empty = [
        f"{model._meta.label} in {scope.code}"
        for model in ours()
        if model._meta.label not in SITE.keys() | ONCE.keys()
        for scope in scopes
        if scope.scope_kind in owners(model)
        and (model._meta.label, scope.scope_kind) not in HAS_NONE
        and not rows_in(model, scope).exists()
    ]

    assert empty == [], "Sow them in tests/doors/mirror.py:\n" + "\n".join(empty)


def test_each_model_belongs_to_a_place_or_is_named_as_the_sites():
    homeless = [m._meta.label for m in of_tenants() if not owners(m)]

    assert homeless == [], "Name it in SITE or THROUGH of tests/doors/canaries.py."
    assert {model._meta.label for model in ours()} >= PUBLIC | SITE.keys()


def test_each_text_and_each_name_carries_the_canary_of_its_place_model_and_field(scopes):
    silent = [
        f"{model._meta.label}.{field.name} in {scope.code}"
        for model in of_tenants()
        for scope in scopes
        if scope.scope_kind in owners(model) and (model._meta.label, scope.scope_kind) not in HAS_NONE
        for field in [*texts(model), *people(model)]
        if not any(
            Canary(scope.code, model._meta.label, field.name) in found_in(str(getattr(row, field.name)))
            for row in rows_in(model, scope)
        )
    ]

    assert silent == [], "\n".join(silent)


def test_no_two_canaries_are_the_same_word():
    fields = [field for model in of_tenants() for field in [*texts(model), *people(model)]]

    assert len({word("XAA", field).lower() for field in fields}) == len(fields)


def test_counts_are_primes_of_which_no_two_sums_are_the_same():
    counts = [mirror.COUNTS[code] for code in mirror.MIRRORED]
    sums = [sum(chosen) for size in range(1, len(counts) + 1) for chosen in combinations(counts, size)]

    assert len(set(sums)) == len(sums)
    assert all(count % divisor for count in mirror.COUNTS.values() for divisor in range(2, count))


def test_lists_have_the_count_of_their_tenant(scopes):
    listed = ("networks.Network", "plans.Plan", "plans.CoAuthor", "plans.EarlyRead", "reminders.HandBack")
    for model in of_tenants():
        for scope in scopes if model._meta.label in listed else ():
            if rows_in(model, scope).exists():
                assert rows_in(model, scope).count() == mirror.COUNTS[scope.code], (model, scope)


def test_it_is_built_in_few_queries(mirrored):
    """Once for each worker that has a test of this folder."""
    assert mirrored.queries < 600
