"""The operator gives roles from the command line; each refusal is one sentence."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from ssip.core import clock
from ssip.core.models import User
from ssip.tenancy.models import Grant, Organisation

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_owner")]

NEW = "someone.new@example.org"


def refusal(*arguments, **options):
    before = Grant.objects.count(), User.objects.count()
    with pytest.raises(CommandError) as refused:
        call_command("grant", *arguments, **options)
    assert (Grant.objects.count(), User.objects.count()) == before
    return str(refused.value)


@pytest.mark.parametrize(
    ("role", "scope", "kind", "code"),
    [
        ("psc_lead", "EAST", "psc", "EAST"),
        ("ics_lead", "xaa", "ics", "XAA"),
        ("ward_team", "organisation:ZAA", "organisation", "ZAA"),
    ],
)
def test_a_role_is_given_where_the_code_says(role, scope, kind, code):
    call_command("grant", role, scope, NEW)
    held = Grant.objects.get(person__email=NEW)
    assert (held.role, held.scope.scope_kind, held.scope.code, held.by) == (role, kind, code, None)


def test_the_site_is_a_scope():
    call_command("grant", "system_administrator", "site", NEW)
    assert Grant.objects.get(person__email=NEW).scope is None


def test_name_last_day_and_reason_are_kept():
    day = clock.today() + timedelta(days=30)
    call_command("grant", "ics_lead", "XAA", NEW, "--name", "Someone New", "--until", str(day), "--reason", "Cover")
    held = Grant.objects.get(person__email=NEW)
    assert (held.person.name, held.until, held.reason) == ("Someone New", day, "Cover")


def test_an_unknown_role_is_answered_with_the_list():
    assert refusal("nobody", "XAA", NEW).startswith("There is no role nobody; the roles are psc_lead, ")


def test_an_unknown_code_is_refused():
    assert refusal("ics_lead", "QZZ", NEW) == "There is no PSC, ICS or organisation with the code QZZ."


def test_an_unknown_kind_is_refused():
    assert refusal("ics_lead", "region:XAA", NEW).startswith("There is no kind region;")


def test_a_role_of_another_kind_of_scope_is_refused():
    assert refusal("ics_lead", "EAST", NEW) == "The role ics_lead is given in: ics."


def test_a_code_of_two_scopes_must_say_which(world):
    facts = {"source": "invented for tests", "confidence": "high", "valid_from": world.fenland.valid_from}
    Organisation.objects.create(code="XAA", name="Namesake", kind="acute", **facts)
    assert refusal("ics_lead", "XAA", NEW) == "Say which: ics:XAA, organisation:XAA."
    call_command("grant", "ics_lead", "ics:XAA", NEW)
    assert Grant.objects.get(person__email=NEW).scope == world.fenland


def test_a_role_that_is_held_already_is_refused():
    assert "is already ICS lead here" in refusal("ics_lead", "XAA", "ics_lead@example.org")


def test_a_last_day_in_the_past_is_refused():
    assert (
        refusal("ics_lead", "XAA", NEW, until=clock.today() - timedelta(days=1)) == "The last day has already passed."
    )


def test_what_is_no_address_is_refused():
    assert refusal("ics_lead", "XAA", "nonsense") == "nonsense is not an email address."
