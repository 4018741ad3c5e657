"""Forms as people meet them: what is drawn, what is said when something is wrong, what comes back."""

import re
from datetime import date
from html import unescape

import pytest
from crispy_forms.utils import render_crispy_form
from django import forms
from django.utils.safestring import mark_safe
from hypothesis import given
from hypothesis import strategies as st

from ssip.core.forms import (
    HTML,
    Buttons,
    DateField,
    Details,
    Field,
    Fieldset,
    Link,
    LongTextField,
    Reveal,
    Submit,
    nhs_form,
)


def a_form(data=None, files=None, layout=(), helper=None, **fields):
    form = type("AForm", (forms.Form,), fields)(data, files)
    form.helper = nhs_form(*layout) if helper is None else helper  # a helper without a layout counts as false
    return form


def draw(form):
    """As a browser reads it: spaces between attributes do not count."""
    return re.sub(r"\s+(?=[^<>]*>)", " ", render_crispy_form(form, form.helper))


def drawn(data=None, **kwargs):
    return draw(a_form(data, **kwargs))


def texts(html):
    """What a person reads, in one line."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip()


# What is drawn


def test_a_text_field_has_a_label_and_a_hint_that_belong_to_it():
    html = drawn(name=forms.CharField(label="Name of the network", help_text="As in its terms"))

    assert '<label class="nhsuk-label nhsuk-label--s" for="id_name">' in html
    assert re.search(
        r'<input class="nhsuk-input" id="id_name" name="name" type="text" aria-describedby="id_name-hint"', html
    )
    assert 'id="id_name-hint"' in html
    assert "As in its terms" in html


def test_a_field_that_may_stay_empty_says_so_and_one_that_must_not_is_not_marked():
    html = drawn(a=forms.CharField(label="First", required=False), b=forms.CharField(label="Second"))

    assert "First (optional)" in html
    assert "Second (optional)" not in html


def test_a_page_can_leave_out_the_word_optional():
    html = drawn(a=forms.CharField(label="First", required=False), layout=[Field("a", optional=False)])

    assert "optional" not in html


def test_a_label_can_be_the_heading_of_the_page():
    html = drawn(a=forms.CharField(label="What is new?"), layout=[Field("a", heading=True)])

    assert re.search(r"<h1[^>]*>\s*<label[^>]*nhsuk-label--l", html)


def test_what_was_typed_comes_back_escaped():
    html = drawn({"a": '"><script>alert(1)</script>'}, a=forms.CharField(label="A"), b=forms.CharField(label="B"))

    assert "<script>" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


def test_even_a_value_marked_safe_is_escaped():
    html = drawn(a=LongTextField(label="A", initial=mark_safe("</textarea><b>x</b>")))

    assert "<b>" not in html


def test_labels_options_and_messages_are_escaped():
    class Rude(forms.Form):
        pick = forms.ChoiceField(label="<i>Pick</i>", choices=[("a", "<u>A</u>")], widget=forms.RadioSelect)

        def clean_pick(self):
            raise forms.ValidationError("<em>no</em>")

    form = Rude({"pick": "a"})
    form.helper = nhs_form()

    assert not re.search(r"<(i|u|em)>", draw(form))


@pytest.mark.parametrize("prefix", [" on", " style=", "<script", "<style", "javascript:"])
def test_nothing_is_inline(prefix):
    html = drawn({"name": ""}, layout=(), **every_kind())

    assert prefix not in html.replace(" one", "").replace(' value="on"', "")


def every_kind():
    pairs = [("yes", "Yes"), ("no", "No")]
    return {
        "name": forms.CharField(label="Name"),
        "address": forms.EmailField(label="Email address"),
        "secret": forms.CharField(label="Password", widget=forms.PasswordInput),
        "note": LongTextField(label="Note", max_length=2000),
        "kind": forms.ChoiceField(label="Kind", choices=pairs),
        "answer": forms.ChoiceField(label="Answer", choices=pairs, widget=forms.RadioSelect),
        "parts": forms.MultipleChoiceField(label="Parts", choices=pairs),
        "sure": forms.BooleanField(label="I am sure"),
        "met": DateField(label="Date of the meeting"),
        "minutes": forms.FileField(label="Minutes"),
        "people": forms.IntegerField(label="People"),
    }


def test_ids_are_used_once_and_every_reference_finds_its_target():
    html = drawn({"name": ""}, **every_kind())

    ids = re.findall(r'\sid="([^"]+)"', html)
    wanted = re.findall(r'\sfor="([^"]+)"', html) + re.findall(r'href="#([^"]+)"', html)
    for several in re.findall(r'aria-describedby="([^"]+)"', html):
        wanted += several.split()

    assert sorted(ids) == sorted(set(ids))
    assert set(wanted) <= set(ids)
    assert len(wanted) > 20


def test_a_long_text_shows_its_limit_in_words_and_cuts_nothing_off():
    html = drawn(note=LongTextField(label="Note", max_length=50_000), layout=[Field("note", rows=12)])

    assert "You can enter up to 50,000 characters" in html
    assert 'data-maxlength="50000"' in html
    assert 'rows="12"' in html
    assert " maxlength=" not in html


@pytest.mark.parametrize(("limit", "late"), [(1000, False), (50_000, True)])
def test_the_count_of_a_very_long_text_shows_only_near_its_end(limit, late):
    assert ("data-threshold" in drawn(note=LongTextField(label="Note", max_length=limit))) is late


def test_a_short_text_is_not_cut_off_by_the_browser_either():
    assert "maxlength" not in drawn(name=forms.CharField(label="Name", max_length=30))


def test_a_password_is_never_drawn_back():
    html = drawn({"secret": "correct horse", "name": ""}, secret=every_kind()["secret"], name=forms.CharField())

    assert "correct horse" not in html
    assert 'data-module="nhsuk-password-input"' in html


def test_several_choices_become_checkboxes_with_the_chosen_ones_ticked():
    html = drawn({"parts": ["no"], "x": ""}, parts=every_kind()["parts"], x=forms.CharField())

    assert html.count('type="checkbox"') == 2
    assert re.search(r'value="no" checked', html)
    assert not re.search(r'value="yes" checked', html)


def test_a_select_keeps_its_choice():
    html = drawn({"kind": "no", "x": ""}, kind=every_kind()["kind"], x=forms.CharField())

    assert re.search(r'<option value="no" selected>', html)


def test_options_can_carry_hints_and_a_divider():
    layout = [Field("answer", hints={"no": "Say why on the next page"}, divider="or")]
    html = drawn(answer=every_kind()["answer"], layout=layout)

    assert "Say why on the next page" in html
    assert '<div class="nhsuk-radios__divider">or</div>' in html


def test_fields_of_an_answer_stand_below_it():
    fields = {"answer": every_kind()["answer"], "why": forms.CharField(label="Why not?", required=False)}
    html = drawn(layout=[Reveal("answer", no=["why"])], **fields)

    belonging = html[html.index('id="conditional-id_answer-2"') :]
    assert 'name="why"' in belonging
    assert "optional" not in belonging
    assert html.count('name="why"') == 1


def test_a_radio_is_not_given_attributes_that_it_may_not_have():
    fields = {"answer": every_kind()["answer"], "why": forms.CharField(label="Why not?", required=False)}

    assert "aria-controls" not in drawn(layout=[Reveal("answer", no=["why"])], **fields)


def test_details_open_when_something_inside_is_wrong():
    layout = [Details("More", "name")]

    assert '<details class="nhsuk-details">' in drawn(layout=layout, name=forms.CharField())
    assert '<details class="nhsuk-details" open>' in drawn({}, layout=layout, name=forms.CharField())


def test_a_fieldset_has_a_legend():
    html = drawn(layout=[Fieldset("The meeting", "name")], name=forms.CharField())

    assert '<legend class="nhsuk-fieldset__legend nhsuk-fieldset__legend--m">The meeting</legend>' in html


def test_hidden_fields_are_drawn_even_when_the_layout_forgets_them():
    html = drawn(layout=["name"], name=forms.CharField(), seen=forms.CharField(widget=forms.HiddenInput, initial="7"))

    assert '<input type="hidden" name="seen" value="7" id="id_seen">' in html


def test_a_name_misspelt_in_the_layout_is_an_error():
    with pytest.raises(Exception, match="nmae"):
        drawn(layout=["nmae"], name=forms.CharField())


def test_a_widget_without_a_picture_is_an_error():
    with pytest.raises(TypeError, match="Widget"):
        drawn(name=forms.CharField(widget=forms.Widget()))


# Buttons


def test_a_form_gets_one_button_that_says_the_act():
    html = drawn(helper=nhs_form(submit="Ask for changes", cancel="/plans/1/"), name=forms.CharField())

    assert html.count("<button") == 1
    assert "Ask for changes" in html
    assert 'data-prevent-double-click="true"' in html
    assert '<a class="nhsuk-link" href="/plans/1/">Cancel</a>' in html


def test_a_layout_with_its_own_buttons_gets_no_other():
    buttons = Buttons(Submit("go", "Submit"), Submit("out", "Withdraw", variant="warning"), Link("Back", "/"))
    html = drawn(layout=["name", buttons], name=forms.CharField())

    assert html.count("<button") == 2
    assert re.search(r'nhsuk-button--warning" name="out"[^>]* value="Withdraw"', html)
    assert "Save" not in texts(html)


def test_a_form_that_sends_files_says_so():
    assert 'enctype="multipart/form-data"' in drawn(minutes=forms.FileField())
    assert "enctype" not in drawn(name=forms.CharField())


def test_a_form_that_only_asks_carries_no_token():
    html = drawn(helper=nhs_form(method="get", submit="Search"), q=forms.CharField())

    assert 'method="get"' in html
    assert "csrf" not in html


def test_free_markup_may_stand_between_fields():
    assert "<p>Think first.</p>" in drawn(layout=[HTML("<p>Think first.</p>"), "name"], name=forms.CharField())


# Errors


def test_every_mistake_is_in_the_summary_with_a_link_to_its_field():
    html = drawn({}, name=forms.CharField(label="Name"), answer=every_kind()["answer"], met=DateField(label="Date"))
    summary = html[html.index("nhsuk-error-summary") : html.index("</ul>")]

    assert re.findall(r'href="#([^"]+)"', summary) == ["id_name", "id_answer", "id_met_day"]
    assert html.count("There is a problem") == 1


def test_a_mistake_of_the_whole_form_is_in_the_summary_too():
    class Pair(forms.Form):
        name = forms.CharField()

        def clean(self):
            raise forms.ValidationError("The end is before the start")

    form = Pair({"name": "x"})
    form.helper = nhs_form()

    assert "The end is before the start" in draw(form)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("name", "Enter name"),
        ("kind", "Select kind"),
        ("parts", "Select parts"),
        ("sure", "Tick “I am sure” to continue"),
        ("met", "Enter date of the meeting"),
        ("minutes", "Choose a file for minutes"),
    ],
)
def test_a_missing_answer_is_asked_for_in_plain_words(name, message):
    assert message in drawn({}, **{name: every_kind()[name]})


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        (forms.CharField(label="Name", max_length=1000), "x" * 1012, "1,000 characters or fewer: take out at least 12"),
        (forms.CharField(label="Name", min_length=3), "x", "Name must be 3 characters or more"),
        (forms.EmailField(label="Address"), "anna", "Enter an email address in the correct format"),
        (forms.IntegerField(label="People"), "many", "People must be a whole number, like 30"),
        (forms.DecimalField(label="Rate"), "many", "Rate must be a number, like 2.5"),
        (forms.IntegerField(label="People", min_value=1), "0", "People must be 1 or more"),
        (forms.IntegerField(label="People", max_value=9), "10", "People must be 9 or less"),
        (forms.ChoiceField(label="ICS", choices=[("a", "A")]), "b", "Select one of the options for ICS"),
        (forms.CharField(label="What is new?"), "", "Enter an answer to “What is new?”"),
    ],
)  # fmt: skip
def test_a_mistake_says_how_to_put_it_right(field, typed, message):
    assert message in drawn({"answer": typed}, answer=field)


def test_words_of_our_own_are_left_as_they_are():
    field = forms.CharField(error_messages={"required": "Tell the ICS lead what needs to change."})

    assert "Tell the ICS lead what needs to change." in drawn({}, note=field)


def test_a_character_that_cannot_be_saved_is_refused_and_the_rest_comes_back():
    html = drawn({"note": "before\x00after"}, note=LongTextField(label="Note"))

    assert "Note contained a character that cannot be saved" in html
    assert "beforeafter</textarea>" in html
    assert "\x00" not in html


def test_a_text_that_is_too_long_comes_back_whole():
    html = drawn({"note": "word " * 100}, note=LongTextField(label="Note", max_length=50))

    assert "word " * 99 in html


@given(st.text(alphabet="ab <&\"'\t\n", min_size=1))
def test_a_text_of_several_lines_comes_back_letter_by_letter_wherever_it_stands(typed):
    layout = [Fieldset("Part", Reveal("answer", yes=["note"]))]
    fields = {"answer": every_kind()["answer"], "note": LongTextField(label="Note", required=False, max_length=500)}
    html = render_crispy_form(form := a_form({"note": f"x{typed}"}, layout=layout, **fields), form.helper)

    shown = re.search(r"<textarea[^>]*>(.*?)</textarea>", html, re.DOTALL)[1]
    assert unescape(shown) == f"x{typed}"


def test_a_line_break_counts_as_one_character():
    form = a_form({"note": "a\r\nb\rc"}, note=LongTextField(max_length=5))

    assert form.is_valid(), form.errors
    assert form.cleaned_data["note"] == "a\nb\nc"


# Dates


def date_form(day="", month="", year="", **kwargs):
    typed = {"met_day": day, "met_month": month, "met_year": year}
    return a_form(typed, met=DateField(label="Date of the meeting", **kwargs))


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2199, 12, 31)))
def test_every_date_comes_through_its_three_boxes(day):
    form = date_form(str(day.day), str(day.month), str(day.year))

    assert form.is_valid()
    assert form.cleaned_data["met"] == day


@pytest.mark.parametrize("month", ["3", "03", "March", "mar", " MARCH "])
def test_a_month_may_be_a_figure_or_a_name(month):
    form = date_form("1", month, "2027")

    assert form.is_valid()
    assert form.cleaned_data["met"] == date(2027, 3, 1)


@pytest.mark.parametrize(
    ("typed", "message", "wrong"),
    [
        (("", "3", "2027"), "Date of the meeting must include a day", ["day"]),
        (("1", "", ""), "Date of the meeting must include a month and a year", ["month", "year"]),
        (("31", "2", "2027"), "Date of the meeting must be a real date", ["day", "month", "year"]),
        (("1", "Octember", "2027"), "Date of the meeting must be a real date", ["day", "month", "year"]),
        (("1", "Ma", "2027"), "Date of the meeting must be a real date", ["day", "month", "year"]),
        (("1", "3", "27"), "Date of the meeting must have a year of 4 figures", ["year"]),
        (("१", "3", "２०"), "Date of the meeting must have a year of 4 figures", ["year"]),
        (("-1", "3", "2027"), "Date of the meeting must be a real date", ["day", "month", "year"]),
        (("1", "3", "0000"), "Date of the meeting must be a real date", ["day", "month", "year"]),
        (("9" * 20, "3", "2027"), "Date of the meeting must be a real date", ["day", "month", "year"]),
        (("9" * 5000, "9" * 5000, "2027"), "Date of the meeting must be a real date", ["day", "month", "year"]),
        (("1", "3", "1899"), "Date of the meeting must have a year from 1900 to 2199", ["year"]),
        (("31", "12", "9999"), "Date of the meeting must have a year from 1900 to 2199", ["year"]),
        (("", "", ""), "Enter date of the meeting", ["day", "month", "year"]),
    ],
)
def test_a_wrong_date_says_which_part_is_wrong(typed, message, wrong):
    html = draw(date_form(*typed))

    assert message in html
    assert re.findall(r'nhsuk-input--error[^>]* id="id_met_(\w+)"', html) == wrong
    assert f'href="#id_met_{wrong[0]}"' in html


def test_a_wrong_date_comes_back_as_it_was_typed():
    html = draw(date_form("31", "Feb\x00", "2027"))

    assert 'value="31"' in html
    assert 'value="Feb"' in html


def test_a_date_that_may_stay_empty_may_stay_empty():
    form = date_form(required=False)

    assert form.is_valid()
    assert form.cleaned_data["met"] is None


def test_a_date_known_before_is_in_its_boxes():
    form = a_form(met=DateField(label="Date", initial=date(2027, 3, 1)))

    assert re.findall(r'value="(\d+)"', draw(form)) == ["1", "3", "2027"]


@pytest.mark.parametrize(("typed", "changed"), [(("01", "3", "2027"), False), (("2", "3", "2027"), True)])
def test_a_date_typed_with_a_nought_in_front_is_no_change(typed, changed):
    field = DateField(label="Date")

    assert field.has_changed(date(2027, 3, 1), list(typed)) is changed


# Several forms at once


def milestones(data=None):
    one = type("One", (forms.Form,), {"what": forms.CharField(label="What"), "when": DateField(label="By when")})
    found = forms.formset_factory(one, extra=2)(data)
    found.helper = nhs_form(Fieldset("Milestone {{ forloop.counter }}", "what", "when"), submit="Save milestones")
    return found


def test_a_set_of_forms_is_drawn_under_numbered_legends_with_one_button():
    html = draw(milestones())

    assert "Milestone 1" in html
    assert "Milestone 2" in html
    assert html.count("<button") == 1
    assert 'name="form-TOTAL_FORMS"' in html


def test_mistakes_in_a_set_of_forms_lead_to_the_right_form():
    html = draw(milestones({"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "0", "form-1-what": "Meet"}))

    assert 'href="#id_form-1-when_day"' in html
    assert 'href="#id_form-0-when_day"' not in html
    assert html.count("There is a problem") == 1


def test_a_tampered_set_of_forms_is_refused_with_a_message():
    assert "There is a problem" in draw(milestones({"form-0-what": "x"}))
