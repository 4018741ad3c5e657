"""Writing: what is saved, what is kept, who is asked; nothing that was typed is lost."""

import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plans import kinds, workflow
from plans.models import Comment, EarlyRead, HeldDraft, Plan, Section, SectionRevision
from ssip.core import clock
from ssip.core.context import acting_as
from ssip.reminders.models import Deadline, Task
from tests.stories import a_draft, a_submitted_plan, moved, written

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(world):
    return a_draft(world)


def section(plan, key="aims"):
    return Section.objects.get(plan=plan, key=key)


def save(world, plan, text, base, who=None):
    person = who or world.ics_lead
    with acting_as(person):
        return workflow.save_section(section(plan), content={"text": text}, base_version=base, by=person)


def text_now(world, plan):
    with acting_as(world.ics_lead):
        return section(plan).text


def test_a_save_raises_the_version_and_is_kept_in_the_history(world, plan):
    assert save(world, plan, "One.", 0) is None
    assert save(world, plan, "Two.", 1) is None

    with acting_as(world.ics_lead):
        history = SectionRevision.objects.filter(section=section(plan))
        assert [(each.version, each.text, each.by) for each in history.select_related("section", "by")] == [
            (2, "Two.", world.ics_lead),
            (1, "One.", world.ics_lead),
        ]


def test_a_save_on_an_outdated_version_overwrites_nothing_and_keeps_the_text(world, plan):
    save(world, plan, "Theirs.", 0)
    held = save(world, plan, "Mine.", 0)

    assert (held.text, held.base_version) == ("Mine.", 0)
    assert text_now(world, plan) == "Theirs."


def test_the_same_words_sent_twice_are_one_version_and_no_conflict(world, plan):
    save(world, plan, "One.", 0)

    assert save(world, plan, "One.", 0) is None
    with acting_as(world.ics_lead):
        assert section(plan).version == 1


def test_a_text_saved_after_the_submission_is_kept_and_the_frozen_one_stays(world):
    plan = a_submitted_plan(world)
    held = save(world, plan, "Too late.", 1)

    assert held.text == "Too late."
    assert "Too late" not in text_now(world, plan)


def test_a_kept_text_is_its_writers_alone_until_they_settle_it(world, plan):
    save(world, plan, "Theirs.", 0)
    held = save(world, plan, "Mine.", 0)
    with acting_as(world.quality_lead):
        assert not HeldDraft.objects.visible_to(world.quality_lead).exists()
        workflow.settle_draft(held, by=world.quality_lead)
    with acting_as(world.ics_lead):
        assert HeldDraft.objects.visible_to(world.ics_lead).get().settled_at is None
        workflow.settle_draft(held, by=world.ics_lead)
        assert HeldDraft.objects.get().settled_at is not None


def test_saving_over_it_settles_the_kept_text(world, plan):
    save(world, plan, "Theirs.", 0)
    save(world, plan, "Mine.", 0)
    assert save(world, plan, "Both.", 1) is None

    with acting_as(world.ics_lead):
        assert not HeldDraft.objects.filter(settled_at=None).exists()


@pytest.mark.parametrize(
    "content",
    [
        {"text": "x" * 50_001},
        {"text": "a\x00b"},
        {"text": 7},
        {},
        {"text": "a", "more": "b"},
        "a",
        None,
        {"text": None},
    ],
    ids=["too long", "NUL", "number", "nothing", "more", "text", "none", "null"],
)
def test_what_is_no_text_of_a_section_is_refused(world, plan, content):
    with acting_as(world.ics_lead), pytest.raises(ValidationError):
        workflow.save_section(section(plan), content=content, base_version=0, by=world.ics_lead)


def test_the_longest_text_is_saved_whole(world, plan):
    save(world, plan, "x" * kinds.LONGEST, 0)

    assert len(text_now(world, plan)) == 50_000


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(saves=st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 4)), max_size=6))
def test_whatever_is_saved_on_whatever_version_each_text_is_found_again(world, plan, saves):
    """Property: current, history or kept: every text that somebody sent is in one of them."""
    for number, (word, base) in enumerate(saves):
        save(world, plan, f"{word}{number} {uuid.uuid4()}", base)
    sent = {f"{word}{number}" for number, (word, base) in enumerate(saves)}
    with acting_as(world.ics_lead):
        found = [*SectionRevision.objects.select_related("section"), *HeldDraft.objects.select_related("section")]
        assert sent <= {each.text.split()[0] for each in found}


def test_who_is_invited_to_a_section_has_it_in_their_work(world, plan):
    with acting_as(world.ics_lead):
        workflow.add_co_author(plan, person=world.partner, section=section(plan), by=world.ics_lead)
        workflow.add_co_author(plan, person=world.partner, section=section(plan), by=world.ics_lead)
    with acting_as(world.partner):
        (task,) = Task.objects.mine(world.partner)
        assert (task.verb, task.path) == ("Write", f"/plans/{plan.pk}/sections/aims/edit/")


def test_an_invitation_that_ends_takes_the_work_away(world, plan):
    with acting_as(world.ics_lead):
        co_author = workflow.add_co_author(plan, person=world.partner, section=None, by=world.ics_lead)
        workflow.end_co_author(co_author, by=world.ics_lead)
    with acting_as(world.partner):
        assert not Task.objects.mine(world.partner).exists()


def test_an_early_read_is_asked_of_psc_and_members_and_ends_at_submission(world, plan):
    written(world, plan)
    with acting_as(world.ics_lead):
        for _ in range(2):
            workflow.ask_for_early_read(plan, wanted_by=clock.today() + timedelta(days=7), by=world.ics_lead)
    for reader in (world.psc_lead, world.network_member, world.partner):
        with acting_as(reader):
            assert [task.verb for task in Task.objects.mine(reader)] == ["Read"]
    moved(world, plan, "submit", world.ics_lead)
    with acting_as(world.network_member):
        assert not Task.objects.mine(world.network_member).exists()
        assert EarlyRead.objects.get().ended_at is not None


def test_who_has_commented_has_done_their_part_of_the_early_read(world, plan):
    with acting_as(world.ics_lead):
        workflow.ask_for_early_read(plan, wanted_by=clock.today() + timedelta(days=7), by=world.ics_lead)
    with acting_as(world.partner):
        workflow.add_comment(plan, text="Well said.", token=uuid.uuid4(), by=world.partner)
        assert not Task.objects.mine(world.partner).exists()
    with acting_as(world.network_member):
        assert Task.objects.mine(world.network_member).exists()


def test_a_comment_form_sent_twice_is_one_comment(world, plan):
    token = uuid.uuid4()
    with acting_as(world.partner):
        for _ in range(2):
            workflow.add_comment(plan, text="Well said.", token=token, by=world.partner)
        assert Comment.objects.get().role == "Patient safety partner"


def test_a_comment_is_settled_by_the_lead_alone(world, plan):
    with acting_as(world.partner):
        comment = workflow.add_comment(plan, text="Well said.", token=uuid.uuid4(), by=world.partner)
        with pytest.raises(PermissionDenied):
            workflow.settle_comment(comment, by=world.partner)
    with acting_as(world.ics_lead):
        workflow.settle_comment(comment, by=world.ics_lead)
        assert Comment.objects.get().settled_by == world.ics_lead


def test_a_meeting_has_two_dates_that_move_with_it(world, plan):
    first, later = clock.today() + timedelta(days=20), clock.today() + timedelta(days=50)
    with acting_as(world.ics_lead):
        for day in (first, later):
            workflow.set_meeting(
                plan,
                meeting_of="System Quality Group",
                meeting_on=day,
                papers_due_on=day - timedelta(days=10),
                by=world.ics_lead,
                reason="The meeting was moved.",
            )
        dates = Deadline.objects.open().about(plan).filter(kind__code__in=["papers_due", "decision_meeting"])
        assert {(each.kind.code, each.due_on, each.revision) for each in dates.select_related("kind")} == {
            ("papers_due", later - timedelta(days=10), 2),
            ("decision_meeting", later, 2),
        }
        assert Plan.objects.get(pk=plan.pk).meeting_on == later
