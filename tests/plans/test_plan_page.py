"""The list of plans and the page of one: where it stands, what is next, whose turn it is, and on paper."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plans import workflow
from plans.models import Plan, PublishedPlan, Section
from plans.queries.plans import A_PAGE
from ssip.core.context import acting_as
from tests.site.test_templates import Page
from tests.stories import STATIONS, a_draft, a_network, a_returned_plan, a_round, an_endorsed_plan, moved, written

pytestmark = pytest.mark.django_db
READERS = ("ics_lead", "psc_lead", "psc_administrator", "quality_lead", "network_member", "partner")


@pytest.fixture
def undefined_shows(settings):
    """A name that the template uses and nobody gave stands out instead of being nothing."""
    engine = settings.TEMPLATES[0]
    settings.TEMPLATES = [engine | {"OPTIONS": engine["OPTIONS"] | {"string_if_invalid": "NOT GIVEN: %s"}}]


def seen_by(client, person, address):
    client.force_login(person)
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def queries(client, address):
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def plans_of(world, count, already=0):
    """As many networks of Fenland as asked for, each with its plan."""
    names = [f"Network {number:02}" for number in range(already, count)]
    a_round(world, [a_network(world, name=name) for name in names], name=f"Round {count}")


# Every station for every reader


@pytest.mark.parametrize("who", READERS)
@pytest.mark.parametrize("station", STATIONS)
def test_every_page_of_a_plan_is_whole_wherever_it_stands(world, client, undefined_shows, station, who):
    plan = STATIONS[station](world)

    for page in ("", "print/", "sections/aims/", "sections/aims/history/"):
        html = seen_by(client, getattr(world, who), f"/plans/{plan.pk}/{page}")
        found = Page(html)
        assert "NOT GIVEN" not in html
        assert found.headings.count(1) == 1
        assert len(found.ids) == len(set(found.ids))
        assert set(found.wanted) <= set(found.ids)


BUTTONS = [
    ("draft", "ics_lead", ["submit", "withdraw"]),
    ("draft", "partner", []),
    ("submitted", "quality_lead", ["decide"]),
    ("submitted", "psc_lead", []),
    ("submitted", "ics_lead", ["withdraw"]),
    ("endorsed", "psc_lead", ["decide"]),
    ("endorsed", "quality_lead", []),
    ("approved", "psc_lead", ["publish"]),
    ("changes_asked", "ics_lead", ["submit", "withdraw"]),
    ("withdrawn", "ics_lead", ["reopen"]),
    ("published", "psc_lead", []),
]


@pytest.mark.parametrize(("station", "who", "buttons"), BUTTONS)
def test_a_person_sees_the_buttons_they_can_press_and_no_other(world, client, station, who, buttons):
    plan = STATIONS[station](world)
    html = seen_by(client, getattr(world, who), f"/plans/{plan.pk}/")

    moves = ("submit", "decide", "publish", "withdraw", "reopen")
    assert [move for move in moves if f'href="/plans/{plan.pk}/{move}/"' in html] == buttons


# Where it stands


def test_the_lead_reads_first_what_stands_between_the_plan_and_its_date(world, client):
    plan = a_draft(world)
    html = seen_by(client, world.ics_lead, f"/plans/{plan.pk}/")

    assert f"Your plan: 8 things stand between it and its date, {plan.round.plans_due_on:%-d %B %Y}." in html
    assert "Name the meeting that will look at the plan" in html
    assert html.count("Needed before you can submit") == 7


def test_a_reader_is_told_whose_turn_it_is_and_by_when(world, client):
    plan = an_endorsed_plan(world)
    html = seen_by(client, world.partner, f"/plans/{plan.pk}/")

    assert '<p class="nhsuk-lede-text">It waits for the approval of the Eastern PSC, due by ' in html
    assert "It is your turn. It waits" in seen_by(client, world.psc_lead, f"/plans/{plan.pk}/")
    assert "System Quality Group, recorded by Quality lead" in html
    assert "3 November 2026" in html


def test_changes_that_were_asked_for_stand_at_the_top_with_who_and_where(world, client):
    plan = an_endorsed_plan(world)
    with acting_as(world.psc_lead):
        aims = Section.objects.get(plan=plan, key="aims")
    moved(world, plan, "ask_for_changes", world.psc_lead, note="Say more.", on_sections={aims.pk: "For whom?"})
    html = seen_by(client, world.ics_lead, f"/plans/{plan.pk}/")

    assert html.index("Eastern PSC asked for changes on") < html.index("Say more.") < html.index("For whom?")
    assert html.index("For whom?") < html.index('id="contents"')


def test_after_changes_were_asked_for_the_strip_begins_again(world, client):
    plan = a_returned_plan(world)
    html = seen_by(client, world.ics_lead, f"/plans/{plan.pk}/")

    assert html.count("To come</span>") == 3
    assert "recorded by Quality lead" not in html


def test_a_withdrawn_plan_has_no_strip(world, client):
    plan = STATIONS["withdrawn"](world)
    html = seen_by(client, world.ics_lead, f"/plans/{plan.pk}/")

    assert "ssip-timeline" not in html
    assert "can open it again as a draft" in html


def test_the_lead_is_warned_when_nobody_would_be_free_to_endorse(world, client, become):
    from ssip.tenancy import workflow as tenancy
    from ssip.tenancy.models import Role

    plan = a_draft(world)
    assert "Nobody would be free" not in seen_by(client, world.ics_lead, f"/plans/{plan.pk}/")
    with become("ssip_owner"):
        tenancy.grant("quality_lead@example.org", Role.ICS_LEAD, world.fenland, by=None, reason="Two jobs")
    written(world, plan, by=world.quality_lead)
    html = seen_by(client, world.ics_lead, f"/plans/{plan.pk}/")

    assert "Nobody would be free to endorse this plan." in html
    assert "Nobody would be free to approve this plan." not in html


def test_a_kept_text_is_told_on_the_page_of_the_plan(world, client):
    plan = a_draft(world)
    with acting_as(world.ics_lead):
        aims = Section.objects.get(plan=plan, key="aims")
        for text in ("Theirs.", "Mine."):
            workflow.save_section(aims, content={"text": text}, base_version=0, by=world.ics_lead)

    assert "Choose between two texts of “Aims”" in seen_by(client, world.ics_lead, f"/plans/{plan.pk}/")
    assert "two texts" not in seen_by(client, world.partner, f"/plans/{plan.pk}/")


def test_a_published_plan_leads_to_what_everybody_reads(world, client):
    plan = STATIONS["published"](world)
    with acting_as(world.partner):
        address = f"/published/{PublishedPlan.objects.get(plan=plan).pk}/"

    assert f'href="{address}"' in seen_by(client, world.partner, f"/plans/{plan.pk}/")


def test_the_printed_plan_holds_every_section_and_says_that_nobody_has_decided(world, client):
    plan = written(world, a_draft(world))
    html = seen_by(client, world.partner, f"/plans/{plan.pk}/print/")

    assert html.count("fewer falls on our wards") == 8
    assert "nobody has decided about it" in html


# The list


def test_a_lead_without_a_plan_is_told_how_it_begins(world, client):
    assert "It begins when your Patient Safety Collaborative (PSC) opens" in seen_by(client, world.ics_lead, "/plans/")


def test_somebody_without_any_plan_sees_an_empty_page(world, client):
    a_draft(world)

    assert "Plans of your networks will be here" in seen_by(client, world.ward_team, "/plans/")


def test_a_row_says_where_the_plan_stands_and_what_is_next(world, client):
    an_endorsed_plan(world)
    html = seen_by(client, world.psc_lead, "/plans/")

    assert "Fenland Patient Safety Improvement Network" in html
    assert "Endorsed" in html
    assert "It waits for the approval of the Eastern PSC, due by " in html


def test_the_list_goes_on_page_after_page_and_counts_nothing(world, client):
    plans_of(world, A_PAGE + 3)
    client.force_login(world.psc_lead)
    with CaptureQueriesContext(connection) as asked:
        first = client.get("/plans/").content.decode()
    older = first.split('class="ssip-pages__older" href="')[1].split('"')[0]
    second = client.get(f"/plans/{older}").content.decode()

    assert not [each["sql"] for each in asked if "COUNT(" in each["sql"].upper()]
    assert (first.count("ssip-plans__row"), second.count("ssip-plans__row")) == (A_PAGE, 3)
    assert "ssip-pages__older" not in second


@pytest.mark.parametrize(
    ("asked", "rows"),
    [
        *(("words=network+03", 1), ("words=fenland", 5), ("words=XAA-PLAN-2", 1), ("words=nothing", 0)),
        *(("status=draft", 5), ("status=approved", 0), ("ics=XAA", 5), ("ics=XBB", 0), ("words=%00", 5)),
    ],
)
def test_plans_are_found_by_words_state_and_ics(world, client, asked, rows):
    plans_of(world, 5)

    assert seen_by(client, world.psc_lead, f"/plans/?{asked}").count("ssip-plans__row") == rows


def test_what_was_looked_for_is_remembered_until_all_are_asked_for(world, client):
    plans_of(world, 3)
    client.force_login(world.psc_lead)
    client.get("/plans/?words=network+01")

    assert client.get("/plans/").content.decode().count("ssip-plans__row") == 1
    assert "?all=1" in client.get("/plans/").content.decode()
    client.get("/plans/?all=1")
    assert client.get("/plans/").content.decode().count("ssip-plans__row") == 3


@pytest.mark.parametrize("after", ["x", "-1", "9" * 40, ""])
def test_an_address_that_names_no_page_shows_the_first(world, client, after):
    a_draft(world)

    assert seen_by(client, world.psc_lead, f"/plans/?after={after}").count("ssip-plans__row") == 1


# As many questions to the database for 3 as for 30


def test_the_list_asks_as_often_for_thirty_plans_as_for_three(world, client):
    client.force_login(world.psc_lead)
    plans_of(world, 3)
    client.get("/plans/")
    few = queries(client, "/plans/")
    plans_of(world, A_PAGE, already=3)

    assert queries(client, "/plans/") == few


@pytest.mark.parametrize("place", ["", "sections/aims/", "print/", "co-authors/"])
def test_a_plan_asks_as_often_with_thirty_comments_and_sections_as_with_three(world, client, become, place):
    plan = an_endorsed_plan(world)
    client.force_login(world.ics_lead)
    add_to(world, plan, 3, become)
    client.get(f"/plans/{plan.pk}/{place}")
    few = queries(client, f"/plans/{plan.pk}/{place}")
    add_to(world, plan, 27, become)

    assert queries(client, f"/plans/{plan.pk}/{place}") == few


def add_to(world, plan, count, become):
    """Comments on the plan and on a section, and sections, which the database takes from its owner alone."""
    with acting_as(world.ics_lead), become("ssip_owner"):
        aims = Section.objects.get(plan=plan, key="aims")
        last = Section.objects.filter(plan=plan).count()
        for number in range(last, last + count):
            more = {"key": f"more-{number}", "position": number + 100, "title": f"More {number}", "is_required": True}
            Section.objects.create(ics=plan.ics, plan=plan, guidance="", content={"text": "Words."}, digest="", **more)
            for section in (None, aims):
                workflow.add_comment(plan, text="Good.", token=uuid.uuid4(), by=world.ics_lead, section=section)


def test_the_history_asks_as_often_for_thirty_saves_as_for_three(world, client):
    plan = a_draft(world)
    client.force_login(world.ics_lead)
    save_often(world, plan, 3)
    client.get(f"/plans/{plan.pk}/sections/aims/history/")
    few = queries(client, f"/plans/{plan.pk}/sections/aims/history/")
    save_often(world, plan, 27)

    assert queries(client, f"/plans/{plan.pk}/sections/aims/history/") == few


def save_often(world, plan, times):
    with acting_as(world.ics_lead):
        aims = Section.objects.get(plan=plan, key="aims")
        for version in range(aims.version, aims.version + times):
            content = {"text": f"Words {version}."}
            workflow.save_section(aims, content=content, base_version=version, by=world.ics_lead)


def test_the_plans_of_another_ics_are_not_in_the_list(world, client):
    a_draft(world)
    html = seen_by(client, world.sibling_lead, "/plans/")

    assert "Fenland" not in html
    with acting_as(world.sibling_lead):
        assert not Plan.objects.visible_to(world.sibling_lead).exists()
