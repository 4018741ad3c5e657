"""The tables' owner edits, removes, exchanges, cuts and works out hashes anew, 500 times by chance: each time it shows.

Each attempt is made on the same three chains and taken back. Only what stands after the last
anchor can be written anew unseen, and verification says how many rows those are.
"""

import random

import pytest
from django.db import connection, transaction

from ssip.core import audit, chain
from ssip.core.chain import Scope
from ssip.core.context import acting_as
from ssip.core.models import AuditEvent, AuditHead
from tests.world import World

COLUMNS = {
    "at": "at + interval '1 microsecond'",
    "actor_id": "NULL",
    "actor_roles": "actor_roles || '[\"psc_lead\"]'",
    "action": "action || 'd'",
    "thing_kind": "'plans.plan'",
    "thing_id": "thing_id + 1",
    "reference": "'XAA-PLAN-' || id",
    "data": "data || '{\"version\": 2}'",
    "previous": "repeat('0', 64)",
    "hash": "repeat('0', 64)",
    "scope_id": "(SELECT max(id) + 7 FROM tenancy_ics)",
    "sequence": "sequence + 1000",
}
CONTENT = ("at", "actor_roles", "action", "thing_kind", "thing_id", "reference", "data")


def sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


class Chains:
    """Three chains of 15 rows and more; 12 and more of each are anchored."""

    def __init__(self):
        world = World()
        scopes = (world.fenland, world.broadland, world.eastern)
        self.write(world, scopes, 12)
        sql("SET ROLE ssip_owner")
        self.anchors = {scope: {head.sequence: {head.hash}} for scope, head in chain.heads()}
        sql("SET ROLE ssip_app")
        self.write(world, scopes, 3)
        sql("SET ROLE ssip_owner")
        self.ids = [scope.pk for scope in scopes]
        self.scopes = [Scope(scope.scope_kind, scope.pk) for scope in scopes]

    def write(self, world, scopes, times):
        for number in range(times):
            with acting_as(world.ics_lead):
                for scope in scopes:
                    audit.record("did", scope, by=world.ics_lead, number=number, word="Öl 中")

    def of(self, scope):
        return AuditEvent.objects.filter(scope_kind=scope.kind, scope_id=scope.id).order_by("sequence")

    def anchored(self, scope):
        return max(self.anchors[scope])

    def found(self):
        return chain.verify(self.anchors).troubles


def rewrite(scope, begin):
    """Number the rows from `begin` on without a gap, work out their hashes and move the head: all that fits, fits."""
    before = AuditEvent.objects.filter(scope_kind=scope.kind, scope_id=scope.id, sequence=begin - 1).first()
    sequence, last = (before.sequence, before.hash) if before else (0, "")
    later = AuditEvent.objects.filter(scope_kind=scope.kind, scope_id=scope.id, sequence__gte=begin)
    for event in later.order_by("sequence"):
        sequence += 1
        event.sequence, event.previous = sequence, last
        event.hash = last = chain.hash_of(event)
        event.save(update_fields=["sequence", "previous", "hash"])
    AuditHead.objects.filter(scope_kind=scope.kind, scope_id=scope.id).update(sequence=sequence, hash=last)


def exchange_places(one, two):
    for event, place in ((one, -1), (two, one.sequence), (one, two.sequence)):
        AuditEvent.objects.filter(pk=event.pk).update(sequence=place)


# What an owner might try. Each is given chances, the chains and one of their scopes.


def edit_a_column(by, chains, scope):
    event = by.choice(list(chains.of(scope)))
    column = by.choice(sorted(COLUMNS))
    sql(f"UPDATE core_auditevent SET {column} = {COLUMNS[column]} WHERE id = %s", event.pk)


def edit_a_row_and_its_hash(by, chains, scope):
    """Not the last row of the chain: that would be found by its head, as below."""
    event = by.choice(list(chains.of(scope))[:-1])
    column = by.choice(CONTENT)
    sql(f"UPDATE core_auditevent SET {column} = {COLUMNS[column]} WHERE id = %s", event.pk)
    event.refresh_from_db()
    AuditEvent.objects.filter(pk=event.pk).update(hash=chain.hash_of(event))


def edit_a_row_and_all_hashes_after_it(by, chains, scope):
    event = by.choice(list(chains.of(scope)[: chains.anchored(scope)]))
    column = by.choice(CONTENT)
    sql(f"UPDATE core_auditevent SET {column} = {COLUMNS[column]} WHERE id = %s", event.pk)
    rewrite(scope, event.sequence)


def remove_rows(by, chains, scope):
    events = by.sample(list(chains.of(scope)), by.randint(1, 3))
    AuditEvent.objects.filter(pk__in=[event.pk for event in events])._raw_delete("default")


def remove_a_row_and_close_the_gap(by, chains, scope):
    event = by.choice(list(chains.of(scope)[: chains.anchored(scope)]))
    AuditEvent.objects.filter(pk=event.pk)._raw_delete("default")
    rewrite(scope, event.sequence)


def exchange_the_places_of_two_rows(by, chains, scope):
    exchange_places(*by.sample(list(chains.of(scope)), 2))


def exchange_the_content_of_two_rows(by, chains, scope):
    """Rows that say the same differ by the time at least."""
    one, two = by.sample(list(chains.of(scope)), 2)
    for event, other in ((one, two), (two, one)):
        AuditEvent.objects.filter(pk=event.pk).update(**{column: getattr(other, column) for column in CONTENT})


def exchange_two_rows_and_all_hashes_after_them(by, chains, scope):
    exchange_places(*by.sample(list(chains.of(scope)[: chains.anchored(scope)]), 2))
    rewrite(scope, 1)


def cut_the_end_off(by, chains, scope):
    """The head still tells."""
    events = list(chains.of(scope))
    cut = events[by.randrange(len(events)) :]
    AuditEvent.objects.filter(pk__in=[event.pk for event in cut])._raw_delete("default")


def cut_the_end_off_and_move_the_head(by, chains, scope):
    """Before the anchor; the whole chain with its head, sometimes."""
    kept = by.randrange(chains.anchored(scope))
    chains.of(scope).filter(sequence__gt=kept)._raw_delete("default")
    rewrite(scope, kept + 1)
    if kept == 0:
        AuditHead.objects.filter(scope_kind=scope.kind, scope_id=scope.id).delete()


def put_a_row_in(by, chains, scope):
    """Without a place, at the end, or in between with all hashes after it."""
    event, way = by.choice(list(chains.of(scope)[: chains.anchored(scope)])), by.randrange(3)
    event.pk, event.action = None, "never done"
    if way == 0:
        event.sequence = event.previous = event.hash = None
        sql("ALTER TABLE core_auditevent DISABLE TRIGGER USER")
    elif way == 1:
        last = chains.of(scope).last()
        event.sequence, event.previous = last.sequence + 1, last.hash
        event.hash = chain.hash_of(event)
    else:
        place = event.sequence
        for later in chains.of(scope).filter(sequence__gte=place).reverse():
            AuditEvent.objects.filter(pk=later.pk).update(sequence=later.sequence + 1)
    event.save(force_insert=True)
    if way == 2:
        rewrite(scope, place)


def move_the_head(by, chains, scope):
    other = by.choice(list(chains.of(scope))[:-1])
    AuditHead.objects.filter(scope_kind=scope.kind, scope_id=scope.id).update(sequence=other.sequence, hash=other.hash)


ATTEMPTS = [
    edit_a_column,
    edit_a_row_and_its_hash,
    edit_a_row_and_all_hashes_after_it,
    remove_rows,
    remove_a_row_and_close_the_gap,
    exchange_the_places_of_two_rows,
    exchange_the_content_of_two_rows,
    exchange_two_rows_and_all_hashes_after_them,
    cut_the_end_off,
    cut_the_end_off_and_move_the_head,
    put_a_row_in,
    move_the_head,
]


@pytest.fixture
def chains(committed_db, django_db_blocker):
    with django_db_blocker.unblock():
        yield Chains()


def test_500_attempts_by_chance_are_all_found(chains):
    assert chains.found() == []
    missed = []
    for number in range(500):
        by = random.Random(number)
        attempt, scope = ATTEMPTS[number % len(ATTEMPTS)], by.choice(chains.scopes)
        with transaction.atomic():
            attempt(by, chains, scope)
            if not any(trouble.scope == scope for trouble in chains.found()):
                missed.append((number, attempt.__name__, scope))
            transaction.set_rollback(True)
    assert missed == []
    assert chains.found() == []


@pytest.mark.parametrize("attempt", ATTEMPTS, ids=lambda attempt: attempt.__name__)
def test_only_the_chain_that_was_touched_is_named(chains, attempt):
    attempt(random.Random(7), chains, chains.scopes[0])

    named = {trouble.scope for trouble in chains.found()}
    assert named
    assert not named & set(chains.scopes[1:])


@pytest.mark.parametrize(
    ("what", "place", "wrong"),
    [
        ("UPDATE core_auditevent SET action = 'x' WHERE id = {third}", 3, "content changed"),
        ("DELETE FROM core_auditevent WHERE id = {third}", 3, "missing; the next one there is row 4"),
        ("DELETE FROM core_auditevent WHERE sequence > 4", 5, "cut before the last anchor, which is of row"),
        ("UPDATE core_auditevent SET previous = 'x' WHERE id = {third}", 3, "content changed"),
        ("UPDATE core_audithead SET sequence = 2, hash = (SELECT hash FROM core_auditevent WHERE id = {third})",
         2, "not the row that was sealed last"),
    ],
)  # fmt: skip
def test_the_first_row_that_does_not_fit_is_named_with_what_is_wrong(chains, what, place, wrong):
    scope = chains.scopes[0]
    third = chains.of(scope).get(sequence=3)
    sql(what.format(third=third.pk).replace("%", "%%"))
    (trouble,) = [trouble for trouble in chains.found() if trouble.scope == scope]

    assert (trouble.sequence, trouble.wrong[: len(wrong)]) == (place, wrong)


def test_what_is_not_yet_anchored_is_counted_and_can_be_written_anew_unseen(chains):
    """Said plainly: this is what an anchor is for."""
    assert chain.verify(chains.anchors).not_anchored == 3 * 3
    scope = chains.scopes[0]
    chains.of(scope).filter(sequence__gt=chains.anchored(scope))._raw_delete("default")
    rewrite(scope, chains.anchored(scope) + 1)

    assert chain.verify(chains.anchors).not_anchored == 3 * 2
    assert chains.found() == []
