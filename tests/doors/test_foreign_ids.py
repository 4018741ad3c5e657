"""Somebody else's ids in every field of every form, one after the other, with the rest as it should be.

Whatever the form says to it: no foreign row changes, none of ours comes to point at a foreign record or
person, nothing breaks, and no word of theirs is shown.
"""

import pytest
from django.db import transaction

from ssip.core.models import User
from ssip.tenancy.models import Grant
from tests.doors import cast, rows
from tests.doors.canaries import KINDS, of_tenants, rows_in
from tests.doors.places import ADDRESSES, foreign_words
from tests.world import PEOPLE

pytestmark = pytest.mark.django_db
HOME = "XAA"
# Those who work in the first ICS, its PSC or its trust.
HERE = [name for name, (_, _, code) in PEOPLE.items() if code in ("XAA", "EAST", "ZAA")]
POSTS = "posts with others' ids"
# Columns that say whose a record is: no form asks for them, and none may take them.
NEVER_ASKED = ("ics", "psc", "organisation", "scope", "plan", "section", "network", "person", "by", "id", "pk", "round")
# Kinds of record that a form names; in the long run, every kind.
NAMED = ("plans.Plan", "plans.Round", "plans.Section", "networks.Network", "tenancy.Grant")
# A form that is on no page in the mirror world, and why.
UNASKED = {"rounds/<int:pk>/networks/": "each network has its plan already"}


@pytest.fixture
def others(targets, held):
    """The tenants that are somebody else's to this person of the first ICS, the nearest first."""

    def of(name):
        own = held[cast.email_of(name)]
        return [each for code, each in targets.items() if code != HOME and ("ics", code) not in own]

    return of


@pytest.fixture
def try_all(walker, targets, become, record_property):
    """Send each form of this person with ids of these tenants: what was wrong."""

    def run(name, foreign, kinds=NAMED):
        poster = walker(name)
        with become("ssip_owner"):
            scopes = scopes_of(foreign)
            before, ids = State(scopes), ids_of(scopes, kinds)
        number, wrong = 0, []
        for form in poster.forms(targets[HOME]):
            for given in tries(form, ids):
                with transaction.atomic():
                    answer = poster.ask("post", form.action, given, kept=True)
                    found = foreign_words(answer, poster.own, targets)
                    if answer.status_code == 302:
                        with become("ssip_owner"):
                            found += before.changes()
                    found += [answer.status_code] if answer.status_code >= 500 else []
                    wrong += [f"{form.action} {given}: {what}" for what in found]
                    transaction.set_rollback(True)
                number += 1
        record_property(POSTS, number)
        return wrong

    return run


class State:
    """Foreign rows, and rows that point astray, before anything was sent. As the owner."""

    def __init__(self, scopes):
        self.theirs = {f"{each.scope_kind} {each.pk}" for each in scopes}
        self.rows, self.astray = rows.by_owner(), rows.astray()

    def changes(self):
        changed = [each for each in rows.changed(self.rows, rows.by_owner()) if each[1] in self.theirs]
        return [*changed, *(rows.astray() - self.astray)]


def scopes_of(targets):
    """The places that are theirs alone. As the owner."""
    found = {("psc", each.psc) for each in targets if each.psc != "EAST"}
    found |= {("ics", each.code) for each in targets} | {("organisation", each.trust) for each in targets}
    return [KINDS[kind].objects.get(code=code) for kind, code in sorted(found)]


def ids_of(scopes, kinds):
    """How a form could name their records, places and people. As the owner."""
    found, models = set(), [model for model in of_tenants() if model._meta.label in kinds]
    for scope in scopes:
        found |= {scope.code, f"{scope.scope_kind}-{scope.code}", str(scope.pk)}
        found |= {str(pk) for model in models for pk in rows_in(model, scope).values_list("pk", flat=True)[:1]}
        found |= {str(pk) for pk in Grant.objects.in_scope(scope).values_list("person_id", flat=True)[:1]}
    found.add(User.objects.get(email=cast.email_of("outside_lead")).email)
    return sorted(found)


def tries(form, ids):
    """The form as it should be; then with others' ids: all of them where one chooses, one where one types."""
    yield form.filled(last=True)
    filled = form.filled()
    yield filled
    for name, asked in form.asked.items():
        for each in ids if name in form.chosen else ids[:1]:
            yield filled | {name: [each] if asked.kind == "checkbox" else each}
    for each in ids[:3]:
        yield filled | {name: each for name in NEVER_ASKED if name not in form.asked}


@pytest.mark.parametrize("name", HERE)
def test_no_id_of_the_nearest_other_tenant_in_any_field_reaches_anything(name, others, try_all):
    assert try_all(name, others(name)[:1]) == []


@pytest.mark.long
@pytest.mark.parametrize("name", HERE)
def test_no_id_of_any_other_tenant_in_any_field_reaches_anything(name, others, try_all):
    assert try_all(name, others(name), {model._meta.label for model in of_tenants()}) == []


@pytest.mark.long
def test_each_address_that_takes_a_form_is_sent_one_by_somebody(targets, walker):
    """Else the tests above would be content with nothing to send."""
    sent = {form.route for name in HERE for form in walker(name).forms(targets[HOME]) if form.is_shown}
    takes = {route for route, door in ADDRESSES if {"GET", "POST"} <= set(door.methods)}

    assert {route for route in takes - sent if not route.startswith("account/")} == UNASKED.keys()
