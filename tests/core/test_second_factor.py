"""The second step: who needs one, what is closed until it is set up, how it is used, lost and reset."""

import html
import json
import os
import re
import subprocess
import sys
import time
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from time_machine import travel

from ssip.core import clock, second_factor
from ssip.core.doors import walk
from ssip.core.models import AuditEvent
from ssip.tenancy.models import Grant
from tests.pages import text, told
from tests.world import PEOPLE

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"
SAME = {"Sec-Fetch-Site": "same-origin"}
EXEMPT = {"specialist_member", "network_member", "partner", "ward_team"}
SET_UP = "/account/2fa/"


@pytest.fixture(autouse=True)
def second_factor_on(settings):
    settings.SECOND_FACTOR = True
    cache.clear()


@pytest.fixture(autouse=True)
def half_a_minute_begins():
    """A code lives for half a minute: none runs out between being worked out and being entered."""
    with travel(time.time() // 30 * 30, tick=True):
        yield


def sign_in(client, person, **more):
    return client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD} | more)


def code_of(secret, steps=0):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def set_up_app(client):
    """As a person does it; returns the app's secret."""
    page = client.get(reverse("mfa_activate_totp"))
    secret = re.search(r'id="app-key">(\w+)<', page.content.decode())[1]
    answer = client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    assert (answer.status_code, answer.url) == (302, reverse("mfa_view_recovery_codes"))
    return secret


def shown_codes(client):
    page = client.get(reverse("mfa_view_recovery_codes"))
    return re.findall(r"<li>(\d{4} \d{4})</li>", page.content.decode())


@pytest.fixture
def app(client, world):
    """The PSC lead's app, set up; the lead is signed out again."""
    sign_in(client, world.psc_lead)
    secret = set_up_app(client)
    client.codes = shown_codes(client)
    client.logout()
    cache.clear()  # the code that set the app up may be the one to sign in with
    return secret


def second_step(client, code):
    return client.post(reverse("mfa_authenticate"), {"code": code})


# Who needs one


@pytest.mark.parametrize("name", [*PEOPLE, "nobody"])
def test_who_decides_or_gives_roles_needs_one_and_others_do_not(world, as_, name):
    needs = name not in EXEMPT | {"nobody"}
    person = getattr(world, name)

    answer = as_(person).get("/work/")

    assert (answer.status_code, answer.headers.get("Location")) == ((302, SET_UP) if needs else (200, None))


def test_a_role_that_has_ended_asks_for_nothing(world, as_, as_owner):
    Grant.objects.filter(person=world.psc_lead).update(until=clock.today() - timedelta(days=1))

    assert as_(world.psc_lead).get("/work/").status_code == 200


DOORS = [(route, view.door) for route, _, view in walk()]
CLOSED = [(route, door) for route, door in DOORS if not door.is_public and not route.startswith("account/")]


def address(route):
    return "/" + re.sub("<[^>]*>", "1", route.replace("<str:key>", "abc-def"))


def test_every_address_of_the_account_is_open_before_the_second_step_and_no_other_claims_to_be():
    assert {door.kind for route, door in DOORS if route.startswith("account/")} == {"sign-in", "second step"}
    assert all(route.startswith("account/") for route, door in DOORS if door.kind in second_factor.ALWAYS_OPEN)
    assert len(CLOSED) > 30


@pytest.mark.parametrize(("route", "door"), CLOSED, ids=[route for route, _ in CLOSED])
def test_without_a_second_step_every_other_address_leads_to_setting_it_up(world, as_, route, door):
    client = as_(world.psc_lead)
    if "GET" in door.methods:
        answer = client.get(address(route))
        assert (answer.status_code, answer.url) == (302, SET_UP)
    if "POST" in door.methods:
        answer = client.post(address(route), {"note": "words of mine"}, headers=SAME)
        assert answer.status_code == 403
        assert "Nothing was saved" in text(answer)
        assert "words of mine" in text(answer)


@pytest.mark.parametrize("name", ["words", "privacy", "plans:published", "account_change_password", "account_logout"])
def test_public_pages_and_ones_own_account_stay_open(world, as_, name):
    assert as_(world.psc_lead).get(reverse(name)).status_code == 200


def test_setting_it_up_opens_the_site_also_in_a_session_from_before(client, world, app, as_):
    assert as_(world.psc_lead).get("/work/").status_code == 200


def test_switched_off_nobody_is_asked_and_its_pages_do_not_exist(client, world, app, settings):
    settings.SECOND_FACTOR = False

    assert sign_in(client, world.psc_lead).url == "/work/"
    assert client.get("/work/").status_code == 200
    assert client.get(SET_UP).status_code == 404
    assert "second step" not in text(client.get("/work/"))


def test_a_demonstration_never_asks():
    said = subprocess.run(
        [sys.executable, "-c", "from ssip import settings; print(settings.SECOND_FACTOR)"],
        env=os.environ | {"DEMO": "true", "SECOND_FACTOR": "true"}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert said.stdout.strip() == "False"


def test_who_needs_one_costs_at_most_one_query_more(world, as_, app, settings, django_assert_max_num_queries):
    client = as_(world.psc_lead)
    client.get("/work/")
    settings.SECOND_FACTOR = False
    with CaptureQueriesContext(connection) as without:
        client.get("/work/")
    settings.SECOND_FACTOR = True
    with django_assert_max_num_queries(len(without) + 1):
        client.get("/work/")


# The app


def test_the_page_that_sets_it_up_says_why_and_draws_a_code_without_a_data_address(client, world):
    sign_in(client, world.psc_lead)
    page = client.get("/work/", follow=True)
    assert "a password alone is not enough" in text(page)

    page = client.get(reverse("mfa_activate_totp"))
    assert '<svg xmlns="http://www.w3.org/2000/svg" width="220" height="220" viewBox="0 0 ' in page.content.decode()
    assert "data:" not in page.content.decode()
    assert "no-store" in page.headers["Cache-Control"]


def test_an_app_is_set_up_with_a_mail_a_message_and_recovery_codes(client, world, mailoutbox):
    sign_in(client, world.psc_lead)
    set_up_app(client)
    page = client.get(reverse("mfa_view_recovery_codes"))

    assert told(page) == ["Your authenticator app is set up."]
    assert len(re.findall(r"<li>\d{4} \d{4}</li>", page.content.decode())) == 10
    assert [(mail.subject, mail.to) for mail in mailoutbox] == [
        ("SSIP: An authenticator app was set up", [world.psc_lead.email])
    ]
    assert "mfa.totp.secret" not in client.session


def test_a_wrong_code_sets_nothing_up(client, world):
    sign_in(client, world.psc_lead)
    client.get(reverse("mfa_activate_totp"))
    answer = client.post(reverse("mfa_activate_totp"), {"code": "000000"})

    assert "did not match" in text(answer)
    assert not Authenticator.objects.exists()


def test_signing_in_asks_for_the_code_and_leads_where_one_wanted_to_go(client, world, app):
    answer = sign_in(client, world.psc_lead, next="/networks/")
    assert answer.url == reverse("mfa_authenticate")
    assert client.get("/work/").url.startswith(reverse("account_login"))

    assert second_step(client, code_of(app)).url == "/networks/"
    assert client.get("/networks/").status_code == 200


def test_the_code_of_half_a_minute_ago_is_not_taken(client, world, app):
    sign_in(client, world.psc_lead)

    assert "did not match" in text(second_step(client, code_of(app, steps=-1)))
    assert "_auth_user_id" not in client.session


def test_a_code_works_once(client, world, app):
    with travel(1_900_000_000, tick=False):
        sign_in(client, world.psc_lead)
        code = code_of(app)
        assert second_step(client, code).status_code == 302
        client.logout()
        sign_in(client, world.psc_lead)

        assert "did not match" in text(second_step(client, code))


def test_after_five_wrong_codes_the_right_one_has_to_wait(client, world, app):
    sign_in(client, world.psc_lead)
    for _ in range(5):
        second_step(client, "000000")

    assert "too many attempts" in text(second_step(client, code_of(app)))


def test_somebody_with_no_role_that_needs_it_may_set_one_up_and_is_then_asked(client, world):
    sign_in(client, world.ward_team)
    assert "Your second step when you sign in" in text(client.get(SET_UP))
    set_up_app(client)
    client.logout()

    assert sign_in(client, world.ward_team).url == reverse("mfa_authenticate")


def test_the_app_is_removed_with_a_mail_and_the_site_closes(client, world, app, mailoutbox):
    with travel(1_900_000_000):
        sign_in(client, world.psc_lead)
        second_step(client, code_of(app))
        answer = client.post(reverse("mfa_deactivate_totp"), follow=True)

    assert told(answer) == ["The app is removed."]
    assert mailoutbox[-1].subject == "SSIP: The authenticator app was removed"
    assert not Authenticator.objects.exists()
    assert client.get("/work/").url == SET_UP


def test_a_while_after_signing_in_one_says_again_who_one_is(client, world, app):
    with travel(1_900_000_000) as now:
        sign_in(client, world.psc_lead)
        second_step(client, code_of(app))
        now.shift(timedelta(minutes=6))
        for name in ("mfa_deactivate_totp", "mfa_add_webauthn", "mfa_generate_recovery_codes"):
            assert client.get(reverse(name)).url.startswith(reverse("account_reauthenticate"))

        wanted = reverse("mfa_deactivate_totp")
        page = client.get(f"{reverse('mfa_reauthenticate')}?next={wanted}")
        assert "please enter a code once more" in text(page)
        answer = client.post(reverse("mfa_reauthenticate"), {"code": code_of(app), "next": wanted})
        assert answer.url == wanted
        assert client.get(wanted).status_code == 200


# Recovery codes


def test_a_recovery_code_stands_in_for_the_app_and_works_once(client, world, app):
    sign_in(client, world.psc_lead)
    assert second_step(client, client.codes[3]).status_code == 302
    assert "You have 9 left" in text(client.get(SET_UP))
    client.logout()
    sign_in(client, world.psc_lead)

    assert "did not match" in text(second_step(client, client.codes[3]))
    assert second_step(client, client.codes[4].replace(" ", "")).status_code == 302


def test_codes_are_shown_to_the_session_that_made_them_for_some_minutes_only(client, world):
    with travel(1_900_000_000) as now:
        sign_in(client, world.psc_lead)
        set_up_app(client)
        codes = shown_codes(client)
        kept = client.get(reverse("mfa_download_recovery_codes"))

        assert kept.headers["Content-Disposition"] == 'attachment; filename="recovery-codes.txt"'
        assert re.findall(r"^\d{4} \d{4}$", kept.content.decode(), re.MULTILINE) == codes
        assert "no-store" in kept.headers["Cache-Control"]
        now.shift(timedelta(minutes=11))
        sign_in_again = {"password": PASSWORD, "next": reverse("mfa_view_recovery_codes")}
        client.post(reverse("account_reauthenticate"), sign_in_again)
        assert client.get(reverse("mfa_view_recovery_codes")).url == SET_UP
        assert client.get(reverse("mfa_download_recovery_codes")).status_code == 404


def test_another_session_never_sees_the_codes(client, world, app):
    sign_in(client, world.psc_lead)
    second_step(client, client.codes[0])

    assert client.get(reverse("mfa_view_recovery_codes")).url == SET_UP


def test_new_codes_replace_the_old_with_a_mail(client, world, app, mailoutbox):
    sign_in(client, world.psc_lead)
    second_step(client, client.codes[0])
    client.post(reverse("mfa_generate_recovery_codes"))

    assert mailoutbox[-1].subject == "SSIP: New recovery codes were made"
    assert not set(shown_codes(client)) & set(client.codes)


def test_codes_without_an_app_or_key_are_refused_in_a_sentence(client, world):
    sign_in(client, world.psc_lead)

    assert "Set up an app or a security key first" in text(client.post(reverse("mfa_generate_recovery_codes")))


# Security keys: what a browser does is in the journeys

EMPTY = {"clientDataJSON": "e30", "attestationObject": "oA", "authenticatorData": "AAAA", "signature": "AA"}
NONSENSE = [
    *("", "not json", "[]", '"x"', "{}", '{"id": 5}', '{"rawId": "%", "response": {}}'),
    json.dumps({"id": "AAAA", "rawId": "AAAA", "type": "public-key", "response": EMPTY}),
    json.dumps({"id": "AAAA", "rawId": "AAAA", "type": "public-key", "response": dict.fromkeys(EMPTY, "AAAA")}),
]


@pytest.mark.parametrize("sent", NONSENSE)
def test_what_no_security_key_would_say_is_refused_in_a_sentence(client, world, sent):
    sign_in(client, world.psc_lead)
    client.get(reverse("mfa_add_webauthn"))
    answer = client.post(reverse("mfa_add_webauthn"), {"name": "Mine", "credential": sent})

    assert answer.status_code == 200
    assert "There is a problem" in text(answer)
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize("sent", NONSENSE)
def test_nobody_comes_in_with_what_no_security_key_would_say(client, world, app, sent):
    sign_in(client, world.psc_lead)
    answer = client.post(reverse("mfa_authenticate"), {"credential": sent})

    assert answer.status_code == 200
    assert "_auth_user_id" not in client.session


def test_a_key_of_somebody_else_cannot_be_removed(client, world, as_owner):
    key = Authenticator.objects.create(user=world.ics_lead, type="webauthn", data={"name": "Theirs"})
    sign_in(client, world.psc_lead)

    assert client.post(reverse("mfa_remove_webauthn", args=[key.pk])).status_code == 404
    assert Authenticator.objects.filter(pk=key.pk).exists()


# How secrets are kept


def test_a_copy_of_the_database_gives_no_secret_away(client, world, app):
    stored = json.dumps(list(Authenticator.objects.values_list("data", flat=True)))

    assert app not in stored
    assert not any(code.replace(" ", "") in stored for code in client.codes)


def test_an_old_key_still_opens_until_everything_is_locked_with_the_new_one(client, world, app, settings, become):
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another key"
    sign_in(client, world.psc_lead)
    assert second_step(client, code_of(app)).status_code == 302
    with become("ssip_owner"):
        call_command("renew_second_factors")
    settings.SECRET_KEY_FALLBACKS = []
    cache.clear()
    client.cookies.clear()
    sign_in(client, world.psc_lead)

    assert second_step(client, client.codes[0]).status_code == 302


def test_with_the_key_lost_no_code_passes_and_the_page_says_what_to_do(client, world, app, settings, become):
    settings.SECRET_KEY = "another key"
    sign_in(client, world.psc_lead)
    for code in (code_of(app), format_hotp_value(hotp_value("", int(time.time()) // 30))):
        assert "Ask for your second step to be reset" in text(second_step(client, code))
    with become("ssip_owner"), pytest.raises(CommandError, match="not in SECRET_KEY_FALLBACKS"):
        call_command("renew_second_factors")


# Lost


def test_the_operator_resets_it_with_a_mail_and_a_line_in_the_audit(client, world, app, become, mailoutbox):
    with become("ssip_owner"):
        call_command("reset_second_factor", world.psc_lead.email.upper(), reason="lost_phone")
        event = AuditEvent.objects.latest("id")

    assert not Authenticator.objects.exists()
    assert (event.action, event.thing_id, event.actor, event.data) == (
        "reset second step", world.psc_lead.pk, None, {"reason": "lost_phone"},
    )  # fmt: skip
    assert "/account/2fa/" in html.unescape(mailoutbox[-1].body)
    assert sign_in(client, world.psc_lead).url == "/work/"
    assert client.get("/work/").url == SET_UP


@pytest.mark.parametrize(("email", "why"), [("who@example.org", "no account"), ("ics_lead@example.org", "no second")])
def test_what_cannot_be_reset_is_said_in_a_sentence(as_owner, email, why):
    with pytest.raises(CommandError, match=why):
        call_command("reset_second_factor", email, reason="lost_phone")
