"""Planning rounds: opening one, where its plans stand, what it misses, closing it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from plans.models import Plan, Round, RoundSection, Step
from ssip.core import clock
from ssip.core.context import acting_as
from ssip.tenancy import workflow as tenancy
from ssip.tenancy.models import Role
from tests.pages import text, told
from tests.stories import a_network, a_round

pytestmark = pytest.mark.django_db


def boxes(name, date):
    return {f"{name}_day": date.day, f"{name}_month": date.month, f"{name}_year": date.year}


def typed(networks=(), begins=0, due=42, ends=120, **other):
    today = clock.today()
    dates = {"begins_on": begins, "plans_due_on": due, "ends_on": ends}
    said = {
        "name": "2027 to 2028",
        "template": "eight",
        "endorsing_body": "System Quality Group",
        "endorse_within": 10,
        "approve_within": 5,
        "networks": [network.pk for network in networks],
    }
    for name, days in dates.items():
        said |= boxes(name, today + timedelta(days=days))
    return said | other


NEW = "/rounds/new/"


# Opening


def test_the_page_offers_the_usual_answers_and_ticks_every_network(world, as_):
    networks = [a_network(world), a_network(world, ics=world.broadland, by=world.sibling_lead)]
    form = as_(world.psc_administrator).get(NEW).context["form"]

    assert form["endorsing_body"].value() == "System Quality Group"
    assert (form["endorse_within"].value(), form["approve_within"].value()) == (10, 10)
    assert form["template"].value() == "eight"
    assert form["networks"].value() == [str(networks[1].pk), str(networks[0].pk)]  # Broadland before Fenland


def test_opening_a_round_gives_each_network_a_plan_and_says_so(world, as_):
    network = a_network(world)
    a_network(world, ics=world.broadland, by=world.sibling_lead)
    answer = as_(world.psc_administrator).post(NEW, typed([network]), follow=True)

    assert told(answer) == [
        "The round 2027 to 2028 is open. 1 network has a plan to draft, and the ICS leads have been told."
    ]
    with acting_as(world.psc_administrator):
        opened = Round.objects.get()
        assert answer.redirect_chain == [(reverse("plans:round", args=[opened.pk]), 302)]
        assert Plan.objects.get().network_id == network.pk
        assert RoundSection.objects.count() == 8
        assert list(Step.objects.order_by("position").values_list("body", "working_days")) == [
            ("System Quality Group", 10),
            ("Eastern PSC", 5),
        ]


@pytest.mark.parametrize(
    ("change", "field", "sentence"),
    [
        ({"name": ""}, "name", "Enter the name of the round"),
        ({"due": -1, "begins": -9}, "plans_due_on", "must be today or later"),
        ({"begins": 42}, "plans_due_on", "Drafts must be due after the first day of the round"),
        ({"begins": 50}, "plans_due_on", "Drafts must be due after the first day of the round"),
        ({"ends": 42}, "ends_on", "The last day of the round must be after the day on which drafts are due"),
        ({"ends": 3}, "ends_on", "The last day of the round must be after the day on which drafts are due"),
        ({"ends_on_month": "13"}, "ends_on", "must be a real date"),
        ({"template": "ninety"}, "template", "Select one of the options"),
        ({"endorse_within": "0"}, "endorse_within", "must be 1 or more"),
        ({"approve_within": "soon"}, "approve_within", "must be a whole number"),
        ({"networks": []}, "networks", "Select at least one network"),
        ({"networks": [999999]}, "networks", "Select one of the options"),
    ],
)
def test_what_is_wrong_with_a_round_is_said_at_its_field(world, as_, change, field, sentence):
    said = {name: value for name, value in change.items() if name in ("begins", "due", "ends")}
    others = {name: value for name, value in change.items() if name not in said}
    answer = as_(world.psc_administrator).post(NEW, typed([a_network(world)], **said) | others)

    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [field]
    assert sentence in text(answer)
    with acting_as(world.psc_administrator):
        assert not Round.objects.exists()


def test_the_same_form_sent_twice_opens_one_round(world, as_):
    network, client = a_network(world), as_(world.psc_administrator)
    client.post(NEW, typed([network]))
    answer = client.post(NEW, typed([network]))

    assert "There is a round of this name already" in text(answer)
    with acting_as(world.psc_administrator):
        assert (Round.objects.count(), Plan.objects.count()) == (1, 1)


def test_a_round_can_be_opened_before_any_network_is_set_up(world, as_):
    client = as_(world.psc_administrator)
    assert "No ICS has a network at work yet" in text(client.get(NEW))

    assert "No network has been asked for a plan yet." in told(client.post(NEW, typed(), follow=True))[0]


def test_a_network_of_another_psc_is_neither_offered_nor_taken(world, as_):
    elsewhere = a_network(world, ics=world.moorland, by=world.outside_lead, name="Moorland network")
    client = as_(world.psc_administrator)
    assert "Moorland" not in client.get(NEW).content.decode()

    answer = client.post(NEW, typed([a_network(world), elsewhere]))
    assert list(answer.context["form"].errors) == ["networks"]


@pytest.mark.parametrize("who", ["psc_lead", "ics_lead", "network_member", "specialist_member", "nobody"])
def test_only_a_psc_administrator_opens_rounds(world, as_, who):
    client = as_(getattr(world, who))

    for answer in (client.get(NEW), client.post(NEW, typed())):
        assert answer.status_code == 403
        assert "Planning rounds are opened by the PSC administrator." in text(answer)


def test_who_administers_two_pscs_chooses_by_the_address(world, as_, become):
    with become("ssip_owner"):
        tenancy.grant("psc_administrator@example.org", Role.PSC_ADMINISTRATOR, world.western, by=None, reason="Both")
    client = as_(world.psc_administrator)
    assert "Open it for Western PSC instead" in text(client.get(NEW))

    client.post(f"{NEW}?psc=WEST", typed())
    with acting_as(world.psc_administrator):
        assert Round.objects.get().psc == world.western


def test_nobody_opens_a_round_of_a_psc_by_naming_it(world, as_):
    as_(world.psc_administrator).post(f"{NEW}?psc=WEST", typed())

    with acting_as(world.psc_administrator):
        assert Round.objects.get().psc == world.eastern


# One round


def test_the_administrator_sees_where_plans_stand_and_what_is_missing(world, as_):
    opened = a_round(world, [a_network(world)])
    a_network(world, name="Fenland medicines network")
    shown = text(as_(world.psc_administrator).get(reverse("plans:round", args=[opened.pk])))

    assert "Fenland Patient Safety Improvement Network Fenland" in shown
    assert "Draft since" in shown
    assert "No network at work in: Broadland" in shown
    assert "No plan in this round: Fenland medicines network, Fenland" in shown
    assert "8. Review and sign-off (may be left empty)" in shown


def test_an_ics_lead_sees_the_round_with_the_own_plan_alone(world, as_):
    mine, other = a_network(world), a_network(world, ics=world.broadland, by=world.sibling_lead, name="Their network")
    opened = a_round(world, [mine, other])
    shown = text(as_(world.ics_lead).get(reverse("plans:round", args=[opened.pk])))

    assert "Fenland Patient Safety Improvement Network" in shown
    assert "Their network" not in shown
    assert "Broadland" not in shown
    assert "What is missing" not in shown


def test_a_round_with_everything_says_that_nothing_is_missing(world, as_):
    opened = a_round(world, [a_network(world), a_network(world, ics=world.broadland, by=world.sibling_lead)])

    assert "Nothing: every ICS has a network" in text(
        as_(world.psc_administrator).get(reverse("plans:round", args=[opened.pk]))
    )


def test_networks_join_a_round_once(world, as_):
    opened = a_round(world, [a_network(world)])
    late = a_network(world, name="Fenland medicines network")
    where = reverse("plans:round_networks", args=[opened.pk])
    client = as_(world.psc_administrator)
    assert list(client.get(where).context["form"].by_id) == [str(late.pk)]

    answer = client.post(where, {"networks": [late.pk]}, follow=True)
    assert told(answer) == ["1 network has a plan to draft, and the ICS leads have been told."]
    assert client.post(where, {"networks": [late.pk]}).status_code == 200
    assert "Every network at work has a plan in this round." in text(client.get(where))
    with acting_as(world.psc_administrator):
        assert Plan.objects.count() == 2


def test_a_closed_round_takes_no_more_networks(world, as_):
    opened = a_round(world, [a_network(world)])
    client = as_(world.psc_administrator)
    close = reverse("plans:round_close", args=[opened.pk])
    assert "1 plan is still under way" in text(client.get(close))

    assert "is closed" in told(client.post(close, follow=True))[0]
    for where in (close, reverse("plans:round_networks", args=[opened.pk])):
        assert "no network joins it any more" in told(client.post(where, follow=True))[0]
    with acting_as(world.psc_administrator):
        assert Round.objects.get().closed_by == world.psc_administrator


@pytest.mark.parametrize("name", ["round_networks", "round_close"])
def test_who_reads_a_round_but_does_not_run_it_changes_nothing(world, as_, name):
    opened = a_round(world, [a_network(world)])
    for who in (world.ics_lead, world.psc_lead):
        assert as_(who).post(reverse(f"plans:{name}", args=[opened.pk])).status_code == 403


@pytest.mark.parametrize("name", ["round", "round_networks", "round_close"])
@pytest.mark.parametrize("who", ["outsider", "outside_lead", "specialist_member", "ward_team", "nobody"])
def test_a_round_of_another_psc_does_not_exist(world, as_, name, who):
    opened = a_round(world, [a_network(world)])

    assert as_(getattr(world, who)).get(reverse(f"plans:{name}", args=[opened.pk])).status_code == 404


# The list


def test_the_list_shows_rounds_with_how_far_their_plans_are(world, as_):
    a_round(world, [a_network(world)])

    assert "1 plan Draft: 1" in text(as_(world.psc_lead).get("/rounds/"))
    assert "No round is open yet" in text(as_(world.outsider).get("/rounds/"))


def test_the_list_takes_as_many_queries_for_3_rounds_as_for_30(world, as_, django_assert_num_queries):
    networks = [a_network(world)]
    client = as_(world.psc_administrator)
    for number in range(3):
        a_round(world, networks, name=f"Round {number}")
    client.get("/rounds/")
    with CaptureQueriesContext(connection) as few:
        client.get("/rounds/")
    for number in range(3, 30):
        a_round(world, [], name=f"Round {number}")
    with django_assert_num_queries(len(few)):
        assert text(client.get("/rounds/")).count("Round 2") == 11


def test_a_round_takes_as_many_queries_for_3_plans_as_for_30(world, as_, django_assert_num_queries):
    client = as_(world.psc_administrator)
    few_plans = a_round(world, [a_network(world, name=f"Network {number}") for number in range(3)], name="few")
    many = a_round(world, [a_network(world, name=f"Another {number}") for number in range(30)], name="many")
    client.get(reverse("plans:round", args=[few_plans.pk]))
    with CaptureQueriesContext(connection) as few:
        client.get(reverse("plans:round", args=[few_plans.pk]))
    with django_assert_num_queries(len(few)):
        client.get(reverse("plans:round", args=[many.pk]))


@pytest.mark.parametrize(
    ("name", "leads_to"),
    [
        ("psc_administrator", "/why/psc-EAST/view_psc/"),
        ("psc_lead", "/why/psc-EAST/view_psc/"),
        ("ics_lead", "/why/ics-XAA/view_plan/"),
        ("sibling_lead", "/why/ics-XBB/view_plan/"),
    ],
)
def test_a_round_says_on_request_why_one_sees_it(world, as_, name, leads_to):
    opened = a_round(world, [a_network(world)])
    client = as_(getattr(world, name))

    assert f'href="{leads_to}">Why can I see this?' in client.get(f"/rounds/{opened.pk}/").content.decode()
    assert client.get(leads_to).status_code == 200
