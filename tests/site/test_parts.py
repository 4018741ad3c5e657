"""The parts that pages are put together from, drawn with what their comments ask for."""

import re
from datetime import date, datetime

import pytest
from django.template.loader import render_to_string


def draw(name, **context):
    return re.sub(r"\s+", " ", render_to_string(f"parts/{name}.html", context))


def texts(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip()


@pytest.fixture(autouse=True)
def undefined_shows(settings):
    engine = settings.TEMPLATES[0]
    settings.TEMPLATES = [engine | {"OPTIONS": engine["OPTIONS"] | {"string_if_invalid": "NOT GIVEN: %s"}}]


STEPS = [
    {"name": "Draft", "state": "done", "date": date(2027, 1, 4), "note": "Priya Shah"},
    {"name": "ICB endorsement", "state": "now", "date": date(2027, 3, 3), "note": None},
    {"name": "Published", "state": "next", "date": None},
]


def test_a_timeline_says_in_words_what_its_picture_shows():
    html = draw("timeline", steps=STEPS, label="Where the plan stands")

    assert texts(html) == (
        "Draft Done 4 January 2027 Priya Shah ICB endorsement Here now by 3 March 2027 Published To come"
    )
    assert '<ol class="ssip-timeline" aria-label="Where the plan stands">' in html


def test_a_timeline_marks_the_step_it_is_at():
    html = draw("timeline", steps=STEPS, label="Where the plan stands")

    assert html.count('aria-current="step"') == 1
    assert html.index("Draft") < html.index('aria-current="step"') < html.index("ICB endorsement")


TASKS = [
    {"title": "Why", "href": "/plans/1/why/", "status": "Completed"},
    {"title": "Aims", "href": "/plans/1/aims/", "hint": "No measure yet", "status": "Not started", "colour": "blue"},
    {"title": "Sign-off", "status": "Cannot start yet", "colour": "grey"},
]


def test_a_task_list_ties_each_part_to_its_status():
    html = draw("task_list", tasks=TASKS, id="plan")

    assert (
        '<a class="nhsuk-link nhsuk-task-list__link" href="/plans/1/aims/" aria-describedby="plan-2">Aims</a>' in html
    )
    assert re.search(r'id="plan-2"> <strong class="nhsuk-tag nhsuk-tag--blue">Not started</strong>', html)


def test_a_part_that_cannot_be_opened_yet_is_no_link():
    html = draw("task_list", tasks=TASKS)

    assert html.count("<a ") == 2
    assert "Cannot start yet" in html
    assert "NOT GIVEN" not in html


@pytest.mark.parametrize(
    ("newer", "older", "said"),
    [("", "", ""), ("/n", "", "← Newer"), ("", "/o", "Older →"), ("/n", "/o", "← Newer Older →")],
)
def test_a_list_leads_only_where_there_is_more(newer, older, said):
    assert texts(draw("pagination", newer=newer, older=older)) == said


def test_an_empty_list_says_how_to_begin():
    html = draw("empty", text="Plans will be listed here.", href="/new/", act="Start a plan")

    assert texts(html) == "Plans will be listed here. Start a plan"
    assert 'href="/new/"' in html


def test_an_empty_list_may_have_nothing_to_begin_with():
    assert texts(draw("empty", text="Nothing is needed from you.")) == "Nothing is needed from you."


def test_a_comment_names_its_author_and_formats_its_text():
    at = datetime(2027, 3, 3, 9, 30)
    html = draw(
        "comment", comment={"by": "Maya", "role": "PSC improvement lead", "at": at, "text": "Reads **well** <b>"}
    )

    assert "PSC improvement lead, <time" in html
    assert "3 March 2027, 09:30" in html
    assert "<strong>well</strong> &lt;b&gt;" in html
    assert "NOT GIVEN" not in html


def test_a_difference_is_told_in_words_and_not_by_colour_alone():
    row = {
        "left": [{"text": "Fewer ", "change": ""}, {"text": "falls", "change": "out"}],
        "right": [{"text": "Fewer ", "change": ""}, {"text": "<ulcers>", "change": "in"}],
    }
    html = draw("difference", left={"title": "Yours"}, right={"title": "Saved since"}, rows=[row])

    assert '<td data-title="Yours">Fewer <del>' in html
    assert texts(html) == "Yours Saved since Fewer [taken out: falls ] Fewer [put in: &lt;ulcers&gt; ]"


def test_a_difference_puts_no_space_into_a_word():
    row = {
        "left": [{"text": "fall", "change": ""}, {"text": "s", "change": "out"}],
        "right": [{"text": "fall", "change": ""}],
    }
    html = draw("difference", left={"title": "A"}, right={"title": "B"}, rows=[row])

    assert '<td data-title="A">fall<del>' in html
    assert '<td data-title="B">fall</td>' in html


WORK = {"verb": "Read", "thing": "the plan of Essex", "place": "Essex", "href": "/1", "due": date(2027, 3, 3)}


def test_a_row_of_work_says_what_where_until_when_who_set_it_why_and_how_long():
    more = {
        "set_by": "the planning round",
        "why": "You approve plans here.",
        "minutes": 20,
        "reference": "D7T5G-PLAN-3",
    }

    assert texts(draw("work_row", row=WORK | more)) == (
        "Read the plan of Essex Essex · D7T5G-PLAN-3 You approve plans here. "
        "By Wednesday 3 March set by the planning round about 20 minutes"
    )


def test_a_row_of_work_leaves_out_what_it_does_not_know():
    html = draw("work_row", row=WORK | {"due": None})

    assert texts(html) == "Read the plan of Essex Essex No date"
    assert "NOT GIVEN" not in html


def test_a_date_that_has_passed_is_said_without_blame():
    assert "The agreed date was Wednesday 3 March" in texts(draw("work_row", row=WORK | {"passed": True}))


def test_work_can_be_handed_back_and_the_link_says_which():
    assert "Not mine : Read the plan of Essex" in texts(draw("work_row", row=WORK | {"hand_back": "/n"}))


def test_a_status_says_it_in_words():
    assert draw("status_tag", text="Approved", colour="green").strip() == (
        '<strong class="nhsuk-tag nhsuk-tag--green">Approved</strong>'
    )


@pytest.mark.parametrize(
    ("level", "role", "title"),
    [("success", "status", "Done"), ("info", "status", "For your information"), ("warning", "alert", "Please note")],
)
def test_a_message_is_announced_as_loudly_as_it_matters(level, role, title):
    message = type("Message", (), {"level_tag": level, "__str__": lambda self: "Saved <it>"})()
    html = draw("messages", messages=[message])

    assert f'role="{role}"' in html
    assert texts(html) == f"{title} Saved &lt;it&gt;"


def person(**more):
    return {"person": type("Person", (), {"is_authenticated": True, "__str__": lambda self: "Priya <Shah>"})()} | more


def test_somebody_signed_in_sees_their_name_and_signs_out_by_a_button():
    html = draw("account", scopes=[], **person())

    assert "Priya &lt;Shah&gt;" in html
    assert re.search(r'<form [^>]*method="post">.*<button type="submit"[^>]*>Sign out</button>', html)


@pytest.mark.parametrize(("count", "shown"), [(0, False), (1, False), (2, True)])
def test_the_switcher_is_there_for_those_who_work_in_more_than_one_place(count, shown):
    scopes = [{"name": f"ICS {n}", "href": f"/ics/{n}/", "current": n == 0} for n in range(count)]

    assert ("change where you are working" in draw("account", scopes=scopes, **person())) is shown


def test_the_menu_marks_where_one_is():
    entries = [
        {"label": "My work", "href": "/work/", "current": False},
        {"label": "Our plan", "href": "/p/", "current": True},
    ]
    html = draw("header", navigation=entries, header_logo="", site_name="S", scopes=[], **person())

    assert re.findall(r'href="(/\w+/)" aria-current="true"', html) == ["/p/"]
