"""From a forgotten password to a signed-in page, as the site really answers."""

import re

import pytest
from django.core.cache import cache
from django.urls import reverse

pytestmark = pytest.mark.django_db
NEW = "three random words"


@pytest.fixture(autouse=True)
def no_attempts_before():
    cache.clear()


def body(response):
    return response.content.decode()


def ask_for_a_password(client, address):
    return client.post(reverse("account_reset_password"), {"email": address}, follow=True)


def test_a_wrong_password_is_said_without_saying_which_half_was_wrong(client, world):
    for address in (world.ics_lead.email, "nobody@elsewhere.example"):
        html = body(client.post(reverse("account_login"), {"login": address, "password": "wrong"}))

        assert "The email address or the password is not right" in html
        assert "<title>Error: Sign in – SSIP</title>" in html
        assert f'value="{address}"' in html


def test_whether_there_is_an_account_cannot_be_learnt_from_the_page(client, world, mailoutbox):
    known = ask_for_a_password(client, world.ics_lead.email)
    unknown = ask_for_a_password(client, "nobody@elsewhere.example")

    assert body(known) == body(unknown)
    assert [mail.to for mail in mailoutbox] == [[world.ics_lead.email]]


def test_a_forgotten_password_is_replaced_by_a_link_that_works_once(client, world, mailoutbox):
    ask_for_a_password(client, world.ics_lead.email)
    mail = mailoutbox[0]
    link = re.search(r"https?://\S+?(/account/\S+)", mail.body)[1]

    page = client.get(link, follow=True)
    assert "Choose a password" in body(page)
    done = client.post(page.request["PATH_INFO"], {"password1": NEW, "password2": NEW}, follow=True)

    assert mail.subject == "SSIP: Choose a new password"
    assert "Your password is saved" in body(done)
    assert client.login(email=world.ics_lead.email, password=NEW)
    assert "This link does not work any more" in body(client.get(link, follow=True))


def test_two_passwords_that_differ_are_said_at_the_field(client, world):
    client.force_login(world.ics_lead)
    html = body(
        client.post(reverse("account_change_password"), {"oldpassword": "x", "password1": NEW, "password2": "other"})
    )

    assert html.count("There is a problem") == 1
    assert "This is not your password now" in html
    assert 'href="#id_password2"' in html


def test_somebody_signed_in_sees_their_name_and_can_leave(client, world):
    client.force_login(world.ics_lead)
    assert str(world.ics_lead) in body(client.get(reverse("words")))

    html = body(client.post(reverse("account_logout"), follow=True))

    assert "You have signed out." in html
    assert "Sign in" in html


def test_nobody_can_sign_up(client):
    assert client.get("/account/signup/").status_code == 404
