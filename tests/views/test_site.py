"""The pages of the site itself, and what is said when something is wrong. None of them needs the database."""

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test import RequestFactory

from ssip.views import glossary, site


def a_request(method="get", path="/", data=None, **headers):
    request = getattr(RequestFactory(), method)(path, data or {}, headers=headers)
    request.user = AnonymousUser()
    return request


def body(response):
    return response.content.decode()


@pytest.mark.parametrize("view", [site.home, site.words, site.accessibility, site.privacy, site.cookies])
def test_everybody_can_read_the_pages_of_the_site(view):
    response = view(a_request())

    assert response.status_code == 200
    assert "<h1>" in body(response)


def test_the_front_page_takes_somebody_who_is_signed_in_to_their_work():
    request = a_request()
    request.user = type("Person", (), {"is_authenticated": True})()

    response = site.home(request)

    assert (response.status_code, response.url) == (302, settings.LOGIN_REDIRECT_URL)


def test_the_site_can_bear_another_name_and_a_logo(settings):
    settings.SITE_NAME, settings.HEADER_LOGO = "Safety in the East", "/static/img/logo.png"
    html = body(site.words(a_request()))

    assert '<span class="nhsuk-header__service-name">Safety in the East</span>' in html
    assert 'src="/static/img/logo.png"' in html


def test_there_is_no_logo_unless_one_is_given(settings):
    settings.HEADER_LOGO = ""

    assert "nhsuk-header__organisation-logo" not in body(site.words(a_request()))


@pytest.mark.parametrize("demo", [True, False])
def test_only_a_demonstration_says_that_everything_is_invented(settings, demo):
    settings.DEMO = demo

    assert ("everything here is invented" in body(site.words(a_request()))) is demo


@pytest.mark.parametrize(
    ("address", "shown"), [("east@nhs.example", "mailto:east@nhs.example"), ("", "Ask the Patient")]
)
def test_the_front_page_says_whom_to_ask(settings, address, shown):
    settings.CONTACT_EMAIL = address

    assert shown in body(site.home(a_request()))


def test_the_statement_on_cookies_follows_the_settings(settings):
    settings.SESSION_COOKIE_NAME, settings.SESSION_COOKIE_AGE = "another_name", 20 * 60
    html = body(site.cookies(a_request()))

    assert "another_name" in html
    assert "for 20 minutes" in html


# Words


def test_a_word_can_be_looked_up():
    html = body(site.words(a_request(data={"q": " psirf "})))

    assert 'id="psirf"' in html
    assert 'id="swarm-huddle"' not in html
    assert 'value="psirf"' in html


def test_a_word_that_is_not_there_leads_on():
    html = body(site.words(a_request(data={"q": "<zebra>"})))

    assert "0 words with “&lt;zebra&gt;”" in html
    assert "Show all words" in html


def test_names_are_found_before_explanations():
    found = [word.term for word in glossary.search("plan")]

    assert found.index("Network plan") < found.index("Approval")
    assert len(found) == len(set(found))


def test_all_words_are_shown_in_order_when_nothing_is_sought():
    terms = [word.term.lower() for word in glossary.search("")]

    assert terms == sorted(terms)
    assert len(terms) == len(glossary.all_words()) > 40


def test_every_word_has_an_anchor_of_its_own_and_a_sentence():
    words = glossary.all_words()

    assert len({word.anchor for word in words}) == len(words)
    assert all(word.meaning.endswith(".") for word in words)


# When something is wrong


def test_a_refusal_carries_its_reason():
    response = site.handler403(a_request(), PermissionDenied("Only an ICS lead can change <this> plan."))

    assert response.status_code == 403
    assert "Only an ICS lead can change &lt;this&gt; plan." in body(response)


def test_a_refusal_without_a_reason_says_something_all_the_same():
    assert "Your role does not include this." in body(site.handler403(a_request(), PermissionDenied()))


def test_what_does_not_exist_and_what_belongs_to_others_look_the_same():
    missing = site.handler404(a_request(path="/plans/1/"), Http404("No Plan matches the given query."))
    foreign = site.handler404(a_request(path="/plans/2/"), Http404("secret"))

    assert missing.status_code == foreign.status_code == 404
    assert missing.content == foreign.content


def test_the_page_for_our_own_mistakes_asks_the_database_nothing():
    response = site.handler500(a_request())

    assert response.status_code == 500
    assert "you did nothing wrong" in body(response)


TYPED = {
    "note": "A long text <b>that</b> took an hour",
    "password1": "three random words",
    "kind": "acute",
    "t": "abc123",
}


def test_what_was_typed_is_shown_again_when_the_token_is_missing():
    response = site.csrf_failure(a_request("post", data=TYPED, sec_fetch_site="same-origin"))

    assert response.status_code == 403
    assert "A long text &lt;b&gt;that&lt;/b&gt; took an hour</textarea>" in body(response)


@pytest.mark.parametrize("secret", ["three random words", "abc123", "acute"])
def test_passwords_keys_and_choices_are_not_shown_again(secret):
    assert secret not in body(site.csrf_failure(a_request("post", data=TYPED, sec_fetch_site="same-origin")))


@pytest.mark.parametrize("headers", [{}, {"sec_fetch_site": "cross-site"}, {"sec_fetch_site": "same-site"}])
def test_another_site_cannot_make_us_show_its_words(headers):
    html = body(site.csrf_failure(a_request("post", data=TYPED, **headers)))

    assert "A long text" not in html
    assert "back button" in html
