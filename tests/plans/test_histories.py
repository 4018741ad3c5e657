"""The histories of a planning round and of a plan: both sides of each change, links to the words, who may read."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from plans import workflow
from plans.models import Round, Section
from ssip.core import audit, clock
from ssip.core.context import acting_as
from tests.pages import text
from tests.stories import a_draft, a_network, a_returned_plan, a_round, a_submitted_plan, written

pytestmark = pytest.mark.django_db


def history_of(planning_round):
    return reverse("plans:round_history", args=[planning_round.pk])


def story_of(plan):
    return reverse("plans:timeline", args=[plan.pk])


def told(answer):
    """Each entry: its sentence, and how fields changed."""
    return [(entry.sentence, [str(change) for change in entry.changes]) for entry in answer.context["entries"]]


# A planning round


def test_a_round_tells_its_days_who_joined_and_that_it_was_closed(world, as_):
    opened, late = a_round(world, [a_network(world)]), a_network(world, name="Late network")
    with acting_as(world.psc_administrator):
        workflow.add_networks(opened, [late], by=world.psc_administrator)
        workflow.add_networks(opened, [late], by=world.psc_administrator)
        workflow.close_round(opened, by=world.psc_administrator)
    answer = as_(world.psc_lead).get(history_of(opened))

    assert told(answer) == [
        ("Closed the planning round", []),
        ("Gave networks a plan to draft", ["Plans in the round: from 1 to 2"]),
        ("Gave networks a plan to draft", ["Plans in the round: from 0 to 1"]),
        (
            "Opened the planning round",
            [
                f"Begins: {clock.spoken(opened.begins_on)}",
                f"Drafts are due: {clock.spoken(opened.plans_due_on)}",
                f"Ends: {clock.spoken(opened.ends_on)}",
            ],
        ),
    ]
    assert "Psc administrator, PSC administrator" in text(answer)


def test_an_ics_learns_nothing_of_the_plans_of_others_from_a_rounds_history(world, as_):
    opened = a_round(world, [a_network(world)])
    client = as_(world.ics_lead)

    assert history_of(opened) not in client.get(reverse("plans:round", args=[opened.pk])).content.decode()
    answer = client.get(history_of(opened))
    assert answer.status_code == 403
    assert "told to the people of Eastern PSC" in text(answer)


def test_the_page_of_a_round_leads_the_psc_to_it(world, as_):
    opened = a_round(world, [])
    for who in (world.psc_lead, world.psc_administrator):
        assert history_of(opened) in as_(who).get(reverse("plans:round", args=[opened.pk])).content.decode()


@pytest.mark.parametrize("who", ["outsider", "outside_lead", "specialist_member", "ward_team", "nobody"])
def test_of_a_round_of_another_psc_there_is_no_history(world, as_, who):
    opened, client = a_round(world, []), as_(getattr(world, who))
    answer, of_nothing = client.get(history_of(opened)), client.get(history_of(Round(pk=987654)))

    assert (answer.status_code, text(answer)) == (404, text(of_nothing))


def test_a_round_that_30_networks_joined_takes_as_many_queries_as_one_of_3(world, as_, django_assert_num_queries):
    opened, client = a_round(world, []), as_(world.psc_administrator)

    def join(numbers):
        networks = [a_network(world, name=f"Network {number}") for number in numbers]
        with acting_as(world.psc_administrator):
            for network in networks:
                workflow.add_networks(opened, [network], by=world.psc_administrator)

    join(range(3))
    client.get(history_of(opened))
    with CaptureQueriesContext(connection) as few:
        client.get(history_of(opened))
    join(range(3, 30))
    with django_assert_num_queries(len(few)):
        assert len(client.get(history_of(opened)).context["entries"]) == 31


# A plan


def test_a_move_says_where_the_plan_stood_before_and_after(world, as_):
    found = dict(told(as_(world.network_member).get(story_of(a_returned_plan(world)))))

    assert found["Submitted the plan for approval"] == ["Where it stands: from Draft to Submitted"]
    assert found["Asked for changes"] == ["Where it stands: from Endorsed to Changes asked for"]


def test_what_was_written_says_from_which_version_to_which_and_leads_to_the_words(world, as_):
    plan = written(world, a_draft(world))
    with acting_as(world.ics_lead):
        section = Section.objects.get(plan=plan, key="aims")
        for number in (1, 2):
            content = {"text": f"Aim {number}."}
            workflow.save_section(section, content=content, base_version=number, by=world.ics_lead)
    client = as_(world.network_member)
    (entry,) = [each for each in client.get(story_of(plan)).context["entries"] if each.sentence.startswith("Wrote")]
    aims = next(change for change in entry.changes if change.field == "Aims")

    assert (aims.how, entry.changes[0].how) == ("version 3", "version 1")
    assert "Version 3 of 3" in text(client.get(aims.href))


def test_what_was_written_after_a_submission_goes_on_from_the_version_before(world, as_):
    plan = written(world, a_returned_plan(world), words="In other words.")
    found = told(as_(world.network_member).get(story_of(plan)))

    assert "Aims: from version 1 to version 2" in found[0][1]
    assert "Aims: version 1" in found[-2][1]


def test_a_meeting_says_both_of_its_days_and_nothing_of_its_name(world, as_):
    plan = a_draft(world)
    day = clock.add_working_days(clock.today(), 30)
    with acting_as(world.ics_lead):
        for name, days in (("Quality Group", 0), ("Board of Meadowsweet", 7)):
            workflow.set_meeting(
                plan, meeting_of=name, meeting_on=clock.add_working_days(day, days), papers_due_on=None,
                by=world.ics_lead, reason="Moved.",
            )  # fmt: skip
        assert "Meadowsweet" not in str([event.data for event in audit.of(plan)])
    found = [how for sentence, how in told(as_(world.network_member).get(story_of(plan))) if "meeting" in sentence]

    later = clock.spoken(clock.add_working_days(day, 7))
    assert found == [
        ["Name of the meeting: changed", f"Meeting: from {clock.spoken(day)} to {later}"],
        ["Name of the meeting: added", f"Meeting: {clock.spoken(day)}"],
    ]


def test_a_row_about_a_meeting_of_before_both_sides_were_kept_is_told_still(world, as_):
    plan = a_draft(world)
    with acting_as(world.ics_lead):
        audit.record("set meeting", plan, by=world.ics_lead, meeting_on="2026-12-03", papers_due_on=None)
    found = told(as_(world.network_member).get(story_of(plan)))

    assert found[0] == ("Named the meeting that looks at the plan", ["Meeting: 3 December 2026"])


def test_who_was_invited_is_named(world, as_):
    plan = a_draft(world)
    with acting_as(world.ics_lead):
        workflow.add_co_author(plan, person=world.partner, section=None, by=world.ics_lead)
    first = as_(world.network_member).get(story_of(plan)).context["entries"][0]

    assert (first.sentence, first.details) == ("Invited a co-author", ("Partner",))


# Where the audit ends, on the pages of an approval


def test_who_decides_has_the_end_of_the_audit_before_their_eyes_on_screen_and_on_paper(world, as_):
    plan = a_submitted_plan(world)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
    with acting_as(world.quality_lead):
        head = audit.head(world.fenland)
    html = as_(world.quality_lead).get(reverse("plans:decide", args=[plan.pk])).content.decode()
    said = html.index(f"Audit of Fenland at this moment: row {head.sequence}, check code")

    assert head.sequence
    assert head.hash[:12] in html[said : said + 200]
    assert not html.rindex("<form") < said < html.rindex("</form>")  # a form is not printed
