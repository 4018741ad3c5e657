"""A form that is sent after the session has ended: nothing saved, nothing lost."""

import html
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from ssip import urls
from ssip.core.doors import POST, page, signed_in

pytestmark = pytest.mark.django_db
GIVE = "/manage/ics-XAA/people/give/"
TYPED = {
    "email": "new@trust.example",
    "reason": "An hour's work <b>about</b> why",
    "old_password": "three random words",
}
SAME = {"Sec-Fetch-Site": "same-origin"}


def body(response):
    return html.unescape(response.content.decode())


def test_what_was_typed_is_shown_with_a_way_back_to_the_page(client):
    answer = client.post(f"{GIVE}?from=list", TYPED, headers=SAME)

    assert answer.status_code == 403
    assert "Nothing happened for 30 minutes" in body(answer)
    assert TYPED["reason"] in body(answer)
    assert "<b>about" not in answer.content.decode()
    assert f"{reverse('account_login')}?next={GIVE}%3Ffrom%3Dlist" in body(answer)


def test_a_session_that_has_run_out_is_answered_so(client, world):
    client.force_login(world.ics_lead)
    assert client.post(GIVE, TYPED, headers=SAME).status_code == 200
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))

    assert "You were signed out" in body(client.post(GIVE, TYPED, headers=SAME))


def test_passwords_and_single_words_are_not_shown(client):
    said = body(client.post(GIVE, TYPED, headers=SAME))

    assert TYPED["old_password"] not in said
    assert TYPED["email"] not in said


@pytest.mark.parametrize("headers", [{}, {"Sec-Fetch-Site": "cross-site"}])
def test_another_site_cannot_make_us_show_its_words(client, headers):
    said = body(client.post(GIVE, TYPED, headers=headers))

    assert "You were signed out" in said
    assert TYPED["reason"] not in said


def test_an_address_that_only_takes_forms_leads_back_to_my_work(client, settings):
    move = page("move/", lambda request: HttpResponse(), name="move", door=signed_in(POST))
    settings.ROOT_URLCONF = type("Site", (), {"urlpatterns": [move, *urls.urlpatterns]})

    assert "?next=/work/" in body(client.post("/move/", TYPED, headers=SAME))


def test_to_read_a_page_one_is_led_to_sign_in_as_before(client):
    answer = client.get(GIVE)

    assert (answer.status_code, answer.url) == (302, f"{reverse('account_login')}?next={GIVE}")


def test_a_form_without_its_token_is_refused_before_anybody_asks_who_sent_it():
    from django.test import Client

    said = body(Client(enforce_csrf_checks=True).post(GIVE, TYPED, headers=SAME))

    assert "That did not go through" in said
    assert TYPED["reason"] in said
