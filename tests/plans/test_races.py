"""Two people press at once: two connections, a barrier, commits. One move counts, the other gets a friendly word."""

import pytest

from plans import workflow
from plans.models import Decision, HeldDraft, Plan, PlanVersion, Section, SectionRevision
from plans.workflow import MOVES, WrongState
from ssip.core import audit
from ssip.core.context import acting_as
from tests.stories import ENDORSEMENT, STATIONS, a_round, moved, written
from tests.world import World

SAID = {"endorse": ENDORSEMENT, "ask_for_changes": {"note": "Say for whom the aim holds."}}
# Each move from a state it can start in, with who makes it.
PRESSES = [
    ("submit", "draft", "ics_lead"),
    ("submit", "changes_asked", "ics_lead"),
    ("endorse", "submitted", "quality_lead"),
    ("ask_for_changes", "submitted", "quality_lead"),
    ("ask_for_changes", "endorsed", "psc_lead"),
    ("approve", "endorsed", "psc_lead"),
    ("publish", "approved", "psc_lead"),
    ("withdraw", "submitted", "ics_lead"),
    ("reopen", "withdrawn", "ics_lead"),
]


def pressing(plan, move, who):
    def press():
        with acting_as(who):
            return workflow.make_move(plan, move, by=who, **SAID.get(move, {})).status

    return press


@pytest.mark.parametrize(("move", "station", "who"), PRESSES, ids=lambda each: str(each))
def test_two_people_press_at_once_and_one_move_counts(at_once, move, station, who):
    world = World()
    plan = STATIONS[station](world)
    if (move, station) == ("submit", "draft"):
        written(world, plan)
    person = getattr(world, who)
    before = decisions_and_versions(person, plan)
    answers = at_once(pressing(plan, move, person), pressing(plan, move, person))

    assert [answer for answer in answers if answer == MOVES[move].target] == [MOVES[move].target]
    (refused,) = [answer for answer in answers if isinstance(answer, WrongState)]
    assert "moved on" in str(refused)
    with acting_as(person):
        assert audit.of(plan).filter(action=move, data__before=station).count() == 1
    expected = 1 if move in ("submit", "endorse", "ask_for_changes", "approve") else 0
    assert decisions_and_versions(person, plan) == before + expected


def decisions_and_versions(person, plan):
    with acting_as(person):
        decisions = Decision.objects.filter(version__plan=plan).count()
        return decisions + PlanVersion.objects.filter(plan=plan).count()


def test_of_a_withdrawal_and_an_endorsement_at_once_one_counts(at_once):
    world = World()
    plan = STATIONS["submitted"](world)
    answers = at_once(pressing(plan, "withdraw", world.ics_lead), pressing(plan, "endorse", world.quality_lead))

    (done,) = [answer for answer in answers if not isinstance(answer, WrongState)]
    with acting_as(world.ics_lead):
        assert Plan.objects.get(pk=plan.pk).status == done
        assert Decision.objects.filter(version__plan=plan).count() == (done == "endorsed")


def test_of_two_editions_published_at_once_the_second_replaces_the_first(at_once):
    world = World()
    first = STATIONS["approved"](world)
    a_round(world, [first.network], name="2027 to 2028")
    with acting_as(world.ics_lead):
        second = Plan.objects.with_names().exclude(pk=first.pk).get(ics=world.fenland)
    moved(world, written(world, second), "submit", world.ics_lead)
    moved(world, second, "endorse", world.quality_lead, **ENDORSEMENT)
    second = moved(world, second, "approve", world.psc_lead)

    at_once(*(pressing(plan, "publish", world.psc_lead) for plan in (first, second)))
    with acting_as(world.psc_lead):
        assert sorted(Plan.objects.values_list("status", flat=True)) == ["published", "superseded"]


def test_two_editors_save_one_section_at_once_and_no_word_is_lost(at_once):
    world = World()
    plan = STATIONS["draft"](world)
    with acting_as(world.ics_lead):
        workflow.add_co_author(plan, person=world.partner, section=None, by=world.ics_lead)
        aims = Section.objects.get(plan=plan, key="aims")

    def saving(who, text):
        def save():
            with acting_as(who):
                return workflow.save_section(aims, content={"text": text}, base_version=0, by=who)

        return save

    answers = at_once(saving(world.ics_lead, "Mine."), saving(world.partner, "Ours."))
    (held,) = [answer for answer in answers if isinstance(answer, HeldDraft)]
    with acting_as(world.ics_lead):
        saved = [revision.content["text"] for revision in SectionRevision.objects.filter(section=aims)]
    assert {*saved, held.content["text"]} == {"Mine.", "Ours."}


def test_a_save_and_a_submission_at_once_keep_the_words_and_freeze_one_text(at_once):
    world = World()
    plan = written(world, STATIONS["draft"](world))
    with acting_as(world.ics_lead):
        aims = Section.objects.get(plan=plan, key="aims")

    def save():
        with acting_as(world.ics_lead):
            return workflow.save_section(aims, content={"text": "Later."}, base_version=1, by=world.ics_lead)

    held, submitted = at_once(save, pressing(plan, "submit", world.ics_lead))
    assert submitted == "submitted"
    with acting_as(world.ics_lead):
        frozen = PlanVersion.objects.get(plan=plan).sections.get(key="aims").content["text"]
        kept = held.content["text"] if held else Section.objects.get(pk=aims.pk).content["text"]
    assert kept == "Later."
    assert (frozen == "Later.") is (held is None)


def test_a_round_opened_twice_for_a_network_gives_it_one_plan(at_once):
    world = World()
    plan = STATIONS["draft"](world)

    def add():
        with acting_as(world.psc_administrator):
            return len(workflow.add_networks(plan.round, [plan.network], by=world.psc_administrator))

    assert at_once(add, add) == [0, 0]
