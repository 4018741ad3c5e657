"""Writing a section on its pages: saved, refused beside the field, kept when somebody was faster, looked back at."""

import pytest

from plans import workflow
from plans.models import HeldDraft, Section, SectionRevision
from ssip.core.context import acting_as
from tests.stories import a_draft, moved, written

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(world):
    return a_draft(world)


@pytest.fixture
def lead(world, client):
    client.force_login(world.ics_lead)
    return client


def section(world, plan, key="aims"):
    with acting_as(world.ics_lead):
        return Section.objects.get(plan=plan, key=key)


def address(plan, page="edit", key="aims"):
    return f"/plans/{plan.pk}/sections/{key}/{page}/" if page else f"/plans/{plan.pk}/sections/{key}/"


def save(client, plan, text, base=0, button="save", key="aims"):
    return client.post(address(plan, key=key), {"text": text, "base_version": base, button: "x"})


def saved_by(world, plan, person, text, base, key="aims"):
    with acting_as(person):
        return workflow.save_section(
            section(world, plan, key), content={"text": text}, base_version=base, by=person
        )  # fmt: skip


def invited(world, plan, key=None):
    with acting_as(world.ics_lead):
        found = section(world, plan, key) if key else None
        return workflow.add_co_author(plan, person=world.partner, section=found, by=world.ics_lead)


# Saving


def test_a_saved_section_is_shown_with_what_is_still_needed(world, plan, lead):
    answer = save(lead, plan, "Fewer falls.")

    assert answer.headers["Location"] == address(plan, "")
    page = lead.get(answer.headers["Location"]).content.decode()
    assert "“Aims” is saved. Needed before the plan can be submitted: Why we need this plan" in page
    assert "<p>Fewer falls.</p>" in page


def test_saving_can_lead_on_to_the_next_section(plan, lead):
    assert save(lead, plan, "Fewer falls.", button="next").headers["Location"] == address(plan, key="drivers")


def test_the_last_section_has_no_next_one(plan, lead):
    page = lead.get(address(plan, key="sign_off")).content.decode()

    assert "Save and go to the next section" not in page
    assert save(lead, plan, "Seen.", button="next", key="sign_off").headers["Location"] == address(
        plan, "", key="sign_off"
    )


def test_the_same_form_sent_twice_saves_once(world, plan, lead):
    save(lead, plan, "Fewer falls.")
    again = save(lead, plan, "Fewer falls.")

    assert again.headers["Location"] == address(plan, "")
    assert section(world, plan).version == 1


def test_line_breaks_of_a_browser_are_one_character(world, plan, lead):
    save(lead, plan, "One.\r\n\r\nTwo.")

    assert section(world, plan).text == "One.\n\nTwo."


@pytest.mark.parametrize(
    ("text", "told", "kept"),
    [
        ("Fewer\x00 falls", "contained a character that cannot be saved", "Fewer falls"),
        ("x" * 50_001, "must be 50,000 characters or fewer", "x" * 50_001),
    ],
)
def test_what_cannot_be_saved_is_told_at_the_field_and_stays_there(world, plan, lead, text, told, kept):
    answer = save(lead, plan, text)
    page = answer.content.decode()

    assert answer.status_code == 200
    assert told in page
    assert 'href="#id_text"' in page
    assert kept in page
    assert section(world, plan).version == 0


def test_script_is_saved_as_text_and_shown_as_text(world, plan, lead):
    save(lead, plan, "<script>alert(1)</script> and [a](javascript:alert(2))")
    page = lead.get(address(plan, "")).content.decode()

    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page
    assert 'href="javascript' not in page


@pytest.mark.parametrize("base", ["", "x", "-1", "9" * 30, "٣"])
def test_a_version_that_is_none_never_overwrites(world, plan, lead, base):
    save(lead, plan, "First.")
    answer = save(lead, plan, "Second.", base=base)

    assert answer.headers["Location"] == address(plan, "kept")
    assert section(world, plan).text == "First."


# Who may


def test_somebody_who_was_not_invited_is_told_who_writes(world, plan, client):
    client.force_login(world.partner)
    answer = client.get(address(plan))

    assert answer.status_code == 403
    assert "Sections are written by the ICS lead" in answer.content.decode()


def test_a_co_author_of_one_section_writes_that_one_only(world, plan, client):
    invited(world, plan, "aims")
    client.force_login(world.partner)

    assert save(client, plan, "Our words.").headers["Location"] == address(plan, "")
    assert client.get(address(plan, key="drivers")).status_code == 403
    assert save(client, plan, "More words.", key="drivers").status_code == 403
    assert section(world, plan, "drivers").version == 0


def test_words_typed_when_the_invitation_had_ended_are_shown_to_be_copied(world, plan, client):
    co_author = invited(world, plan, "aims")
    with acting_as(world.ics_lead):
        workflow.end_co_author(co_author, by=world.ics_lead)
    client.force_login(world.partner)
    answer = save(client, plan, "An hour of <work>.")

    assert answer.status_code == 403
    assert "An hour of &lt;work&gt;." in answer.content.decode()
    assert section(world, plan).version == 0


@pytest.mark.parametrize("place", ["", "edit", "kept", "history"])
@pytest.mark.parametrize("who", ["sibling_lead", "outsider", "ward_team", "site_administrator"])
def test_a_section_of_another_ics_does_not_exist(world, plan, client, who, place):
    client.force_login(getattr(world, who))

    assert client.get(address(plan, place)).status_code == 404
    assert client.get(address(plan, place, key="nothing")).status_code == 404


def test_a_section_that_does_not_exist_is_not_found(plan, lead):
    assert lead.get(address(plan, key="nothing")).status_code == 404


# Two at once


def test_whoever_saves_second_sees_both_texts_and_loses_none(world, plan, lead):
    invited(world, plan)
    saved_by(world, plan, world.partner, "Fewer falls by May.", 0)
    answer = save(lead, plan, "Fewer falls by June.")
    page = lead.get(answer.headers["Location"]).content.decode()

    assert answer.headers["Location"] == address(plan, "kept")
    assert "Partner saved this section while you were writing. Nothing is lost" in page
    assert ">[taken out: </span>May.<" in page
    assert ">[put in: </span>June.<" in page
    assert section(world, plan).text == "Fewer falls by May."


def test_after_reading_the_second_can_save_their_own(world, plan, lead):
    saved_by(world, plan, world.ics_lead, "Theirs.", 0)
    save(lead, plan, "Mine.")
    answer = save(lead, plan, "Mine and theirs.", base=1)

    assert answer.headers["Location"] == address(plan, "")
    assert section(world, plan).text == "Mine and theirs."
    assert lead.get(address(plan, "kept")).status_code == 302


def test_the_form_with_ones_own_text_begins_from_what_is_saved_now(world, plan, lead):
    saved_by(world, plan, world.ics_lead, "Theirs.", 0)
    saved_by(world, plan, world.ics_lead, "Theirs, twice.", 1)
    save(lead, plan, "Mine.")
    form = lead.get(address(plan, "kept")).context["form"]

    assert form["text"].value() == "Mine."
    assert form["base_version"].value() == 2


def test_keeping_theirs_puts_ones_own_text_away(world, plan, lead):
    saved_by(world, plan, world.ics_lead, "Theirs.", 0)
    save(lead, plan, "Mine.")
    lead.post(address(plan, "kept"))

    assert section(world, plan).text == "Theirs."
    assert "A text of yours could not be saved" not in lead.get(address(plan, "")).content.decode()


@pytest.mark.parametrize("place", ["", "edit"])
def test_a_kept_text_is_told_to_its_writer_and_to_nobody_else(world, plan, client, place):
    saved_by(world, plan, world.ics_lead, "Theirs.", 0)
    invited(world, plan)
    saved_by(world, plan, world.partner, "Mine.", 0)
    told = "A text of yours could not be saved"

    client.force_login(world.partner)
    assert told in client.get(address(plan, place)).content.decode()
    client.force_login(world.ics_lead)
    assert told not in client.get(address(plan, place)).content.decode()


def test_a_text_that_came_after_submission_is_shown_to_be_copied(world, plan, lead):
    written(world, plan)
    moved(world, plan, "submit", world.ics_lead)
    answer = save(lead, plan, "Too late.", base=1)
    page = lead.get(answer.headers["Location"]).content.decode()

    assert "The plan was submitted before you saved" in page
    assert "readonly>Too late.</textarea>" in page
    assert "Save this text in its place" not in page


def test_a_text_that_came_after_withdrawal_is_told_so(world, plan, lead):
    moved(world, plan, "withdraw", world.ics_lead)

    assert "The plan was withdrawn before you saved" in lead.get(save(lead, plan, "Late.").url).content.decode()


def test_a_plan_that_is_not_written_now_shows_no_form(world, plan, lead):
    written(world, plan)
    moved(world, plan, "submit", world.ics_lead)

    assert lead.get(address(plan)).headers["Location"] == address(plan, "")


def test_somebody_elses_kept_text_cannot_be_opened(world, plan, client):
    saved_by(world, plan, world.ics_lead, "Theirs.", 0)
    invited(world, plan)
    saved_by(world, plan, world.partner, "Mine.", 0)
    client.force_login(world.ics_lead)

    assert client.get(address(plan, "kept")).headers["Location"] == address(plan, "")
    with acting_as(world.partner):
        assert HeldDraft.objects.get(settled_at=None).text == "Mine."


# Looking back


def test_the_history_shows_each_save_beside_the_one_before(world, plan, lead):
    for base, text in enumerate(["Fewer falls.", "Far fewer falls.", "Far fewer falls by May."]):
        saved_by(world, plan, world.ics_lead, text, base)
    page = lead.get(address(plan, "history") + "?version=2").content.decode()

    assert "Version 2 of 3" in page
    assert ">[put in: </span>Far fewer<" in page
    assert "May" not in page


def test_a_version_that_was_never_saved_is_told_kindly(world, plan, lead):
    saved_by(world, plan, world.ics_lead, "Fewer falls.", 0)

    assert "There is no such version" in lead.get(address(plan, "history") + "?version=7").content.decode()


def test_beginning_from_an_earlier_text_fills_the_form_and_saves_nothing(world, plan, lead):
    saved_by(world, plan, world.ics_lead, "Old words.", 0)
    saved_by(world, plan, world.ics_lead, "New words.", 1)
    answer = lead.get(address(plan) + "?from=1")

    assert answer.context["form"]["text"].value() == "Old words."
    assert answer.context["form"]["base_version"].value() == 2
    assert "Nothing changes until you save it" in answer.content.decode()
    assert section(world, plan).text == "New words."


def test_older_saves_are_a_page_away(world, plan, lead):
    for base in range(22):
        saved_by(world, plan, world.ics_lead, f"Words {base}.", base)
    first = lead.get(address(plan, "history"))
    second = lead.get(address(plan, "history") + f"?before={first.context['past'].older}")

    assert [save.version for save in first.context["past"].saves] == list(range(22, 2, -1))
    assert [save.version for save in second.context["past"].saves] == [2, 1]
    with acting_as(world.ics_lead):
        assert SectionRevision.objects.count() == 22
