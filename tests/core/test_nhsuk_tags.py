"""The tags that templates use: components, and the errors of whatever forms a page has."""

import re

import pytest
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.template import Context, Template, engines
from django.test import RequestFactory
from django.utils.functional import SimpleLazyObject

from ssip.core.forms import nhs_form


class NameForm(forms.Form):
    name = forms.CharField(label="Name")
    helper = nhs_form("name")


PAGE = """{% extends "columns.html" %}{% load crispy_forms_tags %}
{% block title %}New network{% endblock %}
{% block main %}<h1>New network</h1>{% crispy form %}{% endblock %}"""


def page(source=PAGE, **context):
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    return engines["django"].from_string(source).render(context, request)


def tag(source, **context):
    html = Template("{% load nhsuk %}" + source).render(Context(context))
    return re.sub(r"\s+", " ", html).strip()


def test_what_is_wrong_stands_once_above_the_heading():
    html = page(form=NameForm({}))

    assert html.count("There is a problem") == 1
    assert html.index("There is a problem") < html.index("<h1>New network")


def test_the_title_says_first_that_something_is_wrong():
    assert "<title>Error: New network – SSIP</title>" in page(form=NameForm({}))


@pytest.mark.parametrize("form", [NameForm(), NameForm({"name": "East"})])
def test_a_page_with_nothing_wrong_says_nothing_of_errors(form):
    html = page(form=form)

    assert "<title>New network – SSIP</title>" in html
    assert "There is a problem" not in html


def test_two_forms_share_one_summary_each_message_once():
    source = PAGE.replace("{% crispy form %}", "{% crispy form %}{% crispy second %}")
    html = page(source, form=NameForm({}, prefix="a"), second=NameForm({}, prefix="b"))

    assert html.count("There is a problem") == 1
    assert re.findall(r'href="#(id_[^"]+)"', html) == ["id_a-name", "id_b-name"]


def test_a_form_that_the_page_does_not_know_tells_its_own_mistakes():
    source = PAGE.replace("{% crispy form %}", "{% for one in several %}{% crispy one %}{% endfor %}")
    html = page(source, several=[NameForm({}, prefix="a")])

    assert html.count("There is a problem") == 1
    assert 'href="#id_a-name"' in html


def test_looking_for_forms_wakes_no_lazy_value():
    def wake():
        raise AssertionError("A query would have been made.")

    assert "New network" in page(form=NameForm(), costly=SimpleLazyObject(wake))


def test_a_button_sends_once_and_a_link_looks_like_one():
    assert 'data-prevent-double-click="true"' in tag('{% nhsuk_button "Submit for approval" %}')
    assert '<a class="nhsuk-button" data-module="nhsuk-button" href="/x"' in tag('{% nhsuk_button "Begin" href="/x" %}')


def test_a_button_can_say_which_of_several_it_was():
    html = tag('{% nhsuk_button "Withdraw" variant="warning" name="move" value="withdraw" %}')

    assert 'class="nhsuk-button nhsuk-button--warning" name="move"' in html
    assert 'value="withdraw"' in html


def test_a_table_has_a_caption_heads_and_escaped_cells():
    rows = [["<Essex>", {"text": "Plan", "href": "/plans/1/"}]]
    html = tag('{% nhsuk_table "Plans" head rows %}', head=["ICS", "Plan"], rows=rows)

    assert re.search(r"<caption[^>]*> ?Plans ?</caption>", html)
    assert html.count('scope="col"') == 2
    assert "&lt;Essex&gt;" in html
    assert 'href="/plans/1/"' in html


def test_the_next_step_is_a_link_with_an_arrow():
    html = tag('{% nhsuk_action_link "Read the plan" "/plans/1/" %}')

    assert 'href="/plans/1/"' in html
    assert "<svg" in html


def test_text_is_shown_formatted():
    assert tag("{{ text|formatted }}", text="**Fewer** falls") == "<p><strong>Fewer</strong> falls</p>"


def test_the_way_to_what_stands_before_and_after_is_named():
    html = tag('{% nhsuk_pages "Sections" before after %}', before=None, after={"labelText": "Aims", "href": "/aims/"})

    assert 'aria-label="Sections"' in html
    assert 'href="/aims/" rel="next"' in html
    assert 'rel="prev"' not in html
