"""Facts about all templates: used, short, without inline code, in the product's words, with everything defined."""

import ast
import re
from functools import cache
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import allauth
import crispy_forms
import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.template.loader import render_to_string
from django.test import RequestFactory

from ssip.core import doors
from ssip.views import glossary, site

ROOT = Path(settings.BASE_DIR)
TEMPLATES = ROOT / "templates"
NAMES = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html"))
ON_SCREEN = [name for name in NAMES if "/emails/" not in name]  # mail has no style sheets
PARTS = [name for name in NAMES if name.startswith("parts/")]
SOURCES = [ROOT / package for package in ("ssip", "networks", "plans", "incidents")]

# Django and allauth ask for these by name.
ASKED_FOR_BY_DJANGO = {"403.html", "404.html", "429.html", "500.html"}
# What a template may do beyond writing: choose, repeat, include, link. Everything else is the view's work.
TAGS = {
    *("if", "elif", "else", "endif", "for", "empty", "endfor", "include", "extends", "block", "endblock"),
    *("url", "static", "load", "comment", "endcomment", "csrf_token", "crispy", "error_prefix"),
}
# See "Words" in the guide to pages: what stands on no page, whatever the code calls it.
NOT_ON_SCREEN = re.compile(
    r"\b(log an incident|superseded|overdue|stalled|near[- ]miss|tenants?|canary|dead[- ]letter|digest|markdown|"
    r"compliant|breach\w*|escalat\w+|root cause|RCA|serious incident(?! framework)|failed to|human error|"
    r"perpetrator|second victim)\b",
    re.IGNORECASE,
)


def source(name):
    return (TEMPLATES / name).read_text()


def without_comments(text):
    return re.sub(r"{% comment %}.*?{% endcomment %}|{#.*?#}", "", text, flags=re.DOTALL)


@cache
def asked_for():
    """Every string in our code and crispy's that could name a template; a %s stands for the template pack."""
    found = set()
    for folder in [*SOURCES, Path(crispy_forms.__file__).parent]:
        for path in folder.rglob("*.py"):
            strings = (node.value for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Constant))
            found |= {
                text.replace("%s", "nhsuk") for text in strings if isinstance(text, str) and text.endswith(".html")
            }
    for name in NAMES:
        found |= set(re.findall(r'{% (?:include|extends) "([^"]+)"', source(name)))
    return found


def is_used(name):
    of_allauth = (Path(allauth.__file__).parent / "templates" / name).exists()
    return name in asked_for() or name in ASKED_FOR_BY_DJANGO or (name.startswith(("account/", "mfa/")) and of_allauth)


@pytest.mark.parametrize("name", NAMES)
def test_a_template_is_used(name):
    assert is_used(name)


@pytest.mark.parametrize("name", NAMES)
def test_a_template_is_short(name):
    assert len(source(name).splitlines()) <= 120


@pytest.mark.parametrize("name", ON_SCREEN)
def test_a_template_holds_no_inline_code_or_style(name):
    text = without_comments(source(name))

    assert not re.search(
        r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=|javascript:|https?://(?!www\.example\.org)", text
    )


@pytest.mark.parametrize("name", NAMES)
def test_a_template_only_chooses_repeats_includes_and_links(name):
    tags = set(re.findall(r"{%\s*(\w+)", source(name)))

    assert {tag for tag in tags if not tag.startswith("nhsuk_")} <= TAGS


@pytest.mark.parametrize("name", NAMES)
def test_a_template_keeps_to_the_words_of_the_product(name):
    text = re.sub(r"{[{%].*?[%}]}|<[^>]*>", " ", without_comments(source(name)), flags=re.DOTALL)

    assert not NOT_ON_SCREEN.search(text)


@pytest.mark.parametrize("word", glossary.all_words(), ids=lambda word: word.anchor)
def test_the_glossary_keeps_to_the_words_of_the_product(word):
    assert not NOT_ON_SCREEN.search(f"{word.term} {word.full} {word.meaning}")


@pytest.mark.parametrize("name", PARTS)
def test_a_part_names_its_variables_first(name):
    comment = re.match(r"{% comment %}(.*?){% endcomment %}", source(name), re.DOTALL)

    assert comment
    assert "ariables" in comment[1]


@pytest.mark.parametrize("name", NAMES)
def test_a_link_to_a_word_finds_it(name):
    anchors = set(re.findall(r"""{% url ['"]words['"] %}#([\w-]+)""", source(name)))

    assert anchors <= {word.anchor for word in glossary.all_words()}


def test_a_step_back_is_always_the_same_part():
    """A bare link beside the main part of a page belongs to no landmark, so a screen reader may miss it."""
    assert [name for name in NAMES if "nhsuk-back-link" in source(name)] == ["parts/back_link.html"]


# Pages as they are drawn


class Page(HTMLParser):
    """What an assistive technology needs to find its way: headings, ids and what refers to them."""

    def __init__(self, html):
        super().__init__()
        self.headings, self.ids, self.wanted, self.labelled, self.images = [], [], [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if "id" in found:
            self.ids.append(found["id"])
        if tag == "img":
            self.images.append(found.get("alt"))
        for name in ("for", "aria-labelledby", "aria-describedby", "aria-controls"):
            self.wanted += (found.get(name) or "").split()
        if (found.get("href") or "").startswith("#"):
            self.wanted.append(found["href"][1:])


@pytest.fixture(autouse=True)
def undefined_shows(settings):
    """A name that the template uses and nobody gave stands out instead of being nothing."""
    engine = settings.TEMPLATES[0]
    settings.TEMPLATES = [engine | {"OPTIONS": engine["OPTIONS"] | {"string_if_invalid": "NOT GIVEN: %s"}}]


def request(method="get", **headers):
    made = getattr(RequestFactory(), method)("/", {"note": "some words"}, headers=headers)
    made.user = AnonymousUser()
    return made


def form_page(name, **context):
    return lambda: render_to_string(f"account/{name}.html", context | {"redirect_field": ""}, request())


PAGES = {
    "home": lambda: site.home(request()),
    "words": lambda: site.words(request()),
    "accessibility": lambda: site.accessibility(request()),
    "privacy": lambda: site.privacy(request()),
    "cookies": lambda: site.cookies(request()),
    "403": lambda: site.handler403(request(), PermissionDenied("Because.")),
    "404": lambda: site.handler404(request(), Http404()),
    "500": lambda: site.handler500(request()),
    "429": lambda: render_to_string("429.html", {}, request()),
    "signed out": lambda: doors._signed_out(request("post", sec_fetch_site="same-origin"), doors.signed_in()),
    "csrf": lambda: site.csrf_failure(request("post", sec_fetch_site="same-origin")),
    "logout": form_page("logout"),
    "reset done": form_page("password_reset_done"),
    "link used up": form_page("password_reset_from_key", token_fail=True),
    "key done": form_page("password_reset_from_key_done"),
    "inactive": form_page("account_inactive"),
}


@pytest.fixture(params=PAGES, name="html")
def drawn(request):
    answer = PAGES[request.param]()
    return answer if isinstance(answer, str) else answer.content.decode()


def test_a_name_that_nobody_gave_would_be_seen():
    assert "NOT GIVEN" in render_to_string("parts/inset.html", {})


def test_nothing_on_a_page_is_undefined(html):
    assert "NOT GIVEN" not in html


def test_a_page_has_one_main_heading_and_leaves_out_no_level(html):
    headings = Page(html).headings

    assert headings.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(headings))


def test_ids_are_used_once_and_what_refers_to_one_finds_it(html):
    page = Page(html)

    assert len(page.ids) == len(set(page.ids))
    assert set(page.wanted) <= set(page.ids)


def test_a_page_has_a_title_with_the_name_of_the_site(html):
    title = re.search(r"<title>(.*?)</title>", html, re.DOTALL)[1]

    assert re.fullmatch(r"\S[^\n]+ – SSIP", title)


def test_a_page_is_in_english_and_begins_with_a_way_past_the_header(html):
    assert '<html lang="en-GB">' in html
    assert html.index('href="#maincontent"') < html.index("<header")


def test_a_page_loads_nothing_from_elsewhere(html):
    assert not re.search(r'(?:src|href)="(?:https?:)?//', html)
