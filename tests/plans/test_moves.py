"""Which move is possible when, for whom, and what it leaves behind: against the real database."""

import pytest
from django.core.exceptions import PermissionDenied

from networks.models import Network
from plans import workflow
from plans.models import Comment, Decision, Plan, PlanVersion, PublishedPlan, Section, Status, VersionSection
from plans.workflow import MOVES, WrongState
from ssip.core import audit
from ssip.core.canonical import digest
from ssip.core.context import acting_as
from ssip.tenancy import workflow as tenancy
from ssip.tenancy.models import Role
from tests.stories import ENDORSEMENT, STATIONS, a_draft, a_network, a_returned_plan, a_round, moved, written

pytestmark = pytest.mark.django_db
SAID = {"endorse": ENDORSEMENT, "ask_for_changes": {"note": "Say for whom the aim holds."}}

# Who may make which move in which state; every other pair is refused. Read it as the programme's rules.
ALLOWED = {
    ("submit", "draft"): {"ics_lead"},
    ("submit", "changes_asked"): {"ics_lead"},
    ("endorse", "submitted"): {"quality_lead"},
    ("ask_for_changes", "submitted"): {"quality_lead"},
    ("ask_for_changes", "endorsed"): {"psc_lead"},
    ("approve", "endorsed"): {"psc_lead"},
    ("publish", "approved"): {"psc_lead"},
    ("withdraw", "draft"): {"ics_lead"},
    ("withdraw", "submitted"): {"ics_lead"},
    ("withdraw", "endorsed"): {"ics_lead"},
    ("withdraw", "changes_asked"): {"ics_lead"},
    ("reopen", "withdrawn"): {"ics_lead"},
}
PEOPLE = ("ics_lead", "quality_lead", "psc_lead", "psc_administrator", "network_member", "partner")
BUTTONS = [name for name, move in MOVES.items() if move.label]


def the_plan_now(plan, who):
    with acting_as(who):
        return Plan.objects.get(pk=plan.pk)


@pytest.mark.parametrize("station", STATIONS)
def test_each_move_is_open_to_those_who_may_and_to_nobody_else(world, station):
    plan = STATIONS[station](world)
    found = {}
    for name in PEOPLE:
        person = getattr(world, name)
        with acting_as(person):
            for move in workflow.moves_for(person, Plan.objects.with_names().get(pk=plan.pk)):
                found.setdefault((move, station), set()).add(name)

    assert found == {pair: who for pair, who in ALLOWED.items() if pair[1] == station}


@pytest.mark.parametrize("station", STATIONS)
@pytest.mark.parametrize("move", BUTTONS)
def test_a_move_that_is_not_open_is_refused_and_changes_nothing(world, station, move):
    plan = STATIONS[station](world)
    for name in PEOPLE:
        if name in ALLOWED.get((move, station), ()):
            continue
        with pytest.raises((PermissionDenied, WrongState)):
            moved(world, plan, move, getattr(world, name), **SAID.get(move, {}))

    assert the_plan_now(plan, world.ics_lead).status == station


@pytest.mark.parametrize(("move", "station"), ALLOWED, ids=" ".join)
def test_a_move_leads_where_the_table_says_and_is_in_the_audit(world, move, station):
    plan = STATIONS[station](world)
    if move == "submit" and station == "draft":
        written(world, plan)
    (who,) = ALLOWED[move, station]
    person = getattr(world, who)
    moved(world, plan, move, person, **SAID.get(move, {}))

    assert the_plan_now(plan, person).status == MOVES[move].target
    with acting_as(person):
        last = audit.of(plan).last()
        assert (last.action, last.actor, last.data["before"], last.data["after"]) == (
            move,
            person,
            station,
            MOVES[move].target,
        )


def test_a_plan_with_an_empty_required_section_is_not_submitted_and_says_which(world):
    plan = a_draft(world)
    with pytest.raises(workflow.Missing) as missing:
        moved(world, plan, "submit", world.ics_lead)

    assert [section.key for section in missing.value.sections] == [
        "why", "aims", "drivers", "measures", "network", "delivery", "involvement",
    ]  # fmt: skip
    assert the_plan_now(plan, world.ics_lead).status == Status.DRAFT


def test_submitting_freezes_each_section_with_its_digest(world):
    plan = STATIONS["submitted"](world)
    with acting_as(world.ics_lead):
        version = PlanVersion.objects.get(plan=plan)
        frozen = {section.key: section for section in VersionSection.objects.filter(version=version)}
        now = {section.key: section.content for section in Section.objects.filter(plan=plan)}

    assert {key: section.content for key, section in frozen.items()} == now
    assert version.digest == digest({key: digest(content) for key, content in now.items()})
    assert version.authors == [world.ics_lead.pk]


def test_a_decision_says_who_in_which_role_for_whom_and_about_which_words(world):
    plan = STATIONS["approved"](world)
    with acting_as(world.psc_lead):
        endorsed, approved = Decision.objects.filter(version__plan=plan)
        covered = dict(VersionSection.objects.filter(version=approved.version).values_list("key", "digest"))

    assert (endorsed.by, endorsed.role, endorsed.on_behalf_of) == (
        world.quality_lead,
        "ICB quality lead",
        "System Quality Group",
    )
    assert (approved.by, approved.role, approved.on_behalf_of) == (
        world.psc_lead,
        "PSC improvement lead",
        "Eastern PSC",
    )
    assert endorsed.covered == approved.covered == covered


def test_asking_for_changes_can_say_something_about_single_sections(world):
    plan = STATIONS["endorsed"](world)
    with acting_as(world.psc_lead):
        aims = Section.objects.get(plan=plan, key="aims")
    moved(world, plan, "ask_for_changes", world.psc_lead, note="See below.", on_sections={aims.pk: "For whom?"})

    with acting_as(world.ics_lead):
        comment = Comment.objects.get(plan=plan)
        assert (comment.section, comment.text, comment.decision.note) == (aims, "For whom?", "See below.")


def test_a_returned_plan_is_submitted_again_as_a_second_version(world):
    plan = moved(
        world, written(world, a_returned_plan(world), words="Now for everybody over 65."), "submit", world.ics_lead
    )
    moved(world, plan, "endorse", world.quality_lead, **ENDORSEMENT)
    moved(world, plan, "approve", world.psc_lead)

    with acting_as(world.psc_lead):
        verdicts = Decision.objects.filter(version__plan=plan).values_list("version__number", "verdict")
        assert list(verdicts) == [(1, "endorsed"), (1, "changes"), (2, "endorsed"), (2, "approved")]


def test_a_decision_about_a_version_that_is_no_longer_the_newest_is_refused(world):
    plan = moved(world, written(world, a_returned_plan(world), words="New words."), "submit", world.ics_lead)
    with pytest.raises(WrongState, match="newer version"):
        moved(world, plan, "endorse", world.quality_lead, seen=1, **ENDORSEMENT)


def test_a_second_press_of_the_button_says_where_the_plan_stands(world):
    plan = STATIONS["endorsed"](world)
    moved(world, plan, "approve", world.psc_lead)
    with pytest.raises(WrongState, match="approved"):
        moved(world, plan, "approve", world.psc_lead)


def test_publishing_copies_the_words_for_everybody_and_names_bodies_not_people(world):
    plan = STATIONS["published"](world)
    with acting_as(None):
        published = PublishedPlan.objects.get(plan_id=plan.pk)

    assert [section["key"] for section in published.sections][:2] == ["why", "aims"]
    assert (published.endorsed_by, published.approved_by) == ("System Quality Group", "Eastern PSC")
    everything = str(published.__dict__)
    assert not any(str(person) in everything for person in (world.ics_lead, world.quality_lead, world.psc_lead))


def test_a_newer_edition_takes_the_place_of_the_one_before(world):
    first = STATIONS["published"](world)
    with acting_as(world.psc_administrator):
        network = first.network
    a_round(world, [network], name="2027 to 2028")
    with acting_as(world.ics_lead):
        second = Plan.objects.with_names().exclude(pk=first.pk).get(ics=world.fenland)
    written(world, second)
    moved(world, second, "submit", world.ics_lead)
    moved(world, second, "endorse", world.quality_lead, **ENDORSEMENT)
    moved(world, second, "approve", world.psc_lead)
    moved(world, second, "publish", world.psc_lead)

    assert the_plan_now(first, world.ics_lead).status == Status.SUPERSEDED
    assert the_plan_now(second, world.ics_lead).status == Status.PUBLISHED


def test_a_plan_of_another_ics_can_be_neither_seen_nor_moved(world):
    plan = a_draft(world)
    for name in ("sibling_lead", "outsider", "outside_lead", "nobody", "site_administrator", "ward_team"):
        person = getattr(world, name)
        with acting_as(person):
            assert not Plan.objects.visible_to(person).exists()
            assert not Plan.objects.exists()
            with pytest.raises(Plan.DoesNotExist):
                workflow.make_move(plan, "withdraw", by=person)


@pytest.mark.parametrize("who_else", ["administers both PSCs", "network has ended"])
def test_a_round_asks_networks_at_work_in_its_own_pscs_icss_alone(world, become, who_else):
    network = a_network(world)
    with become("ssip_owner"):
        if who_else == "network has ended":
            Network.objects.filter(pk=network.pk).update(status=Network.Status.ENDED)
        else:
            tenancy.grant(world.psc_administrator.email, Role.PSC_ADMINISTRATOR, world.western, by=None, reason="Both")
            network = a_network(world, ics=world.moorland, by=world.outside_lead, name="Moorland network")
    planning_round = a_round(world, [network])
    with acting_as(world.psc_administrator):
        assert not planning_round.plans.exists()


def test_a_network_of_another_psc_gets_no_plan_in_this_round(world):
    foreign = a_network(world, ics=world.moorland, by=world.outside_lead, name="Moorland network")
    planning_round = a_round(world, [foreign])
    with acting_as(world.psc_administrator):
        assert not planning_round.plans.exists()
