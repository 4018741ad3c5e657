"""Reviewing who has access: who may, what is stored, what ends, and what the database refuses."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction

from ssip.core import audit, clock
from ssip.core.context import acting_as
from ssip.people import policies, workflow
from ssip.people.models import AccessReview, ReviewedRole
from ssip.people.queries import reviews as queries
from ssip.reminders.models import Deadline, Task
from ssip.tenancy import workflow as tenancy
from ssip.tenancy.models import ICS, PSC, Grant, Organisation, Role
from tests.people.given import Outcome, give, outcomes, review, role_of
from tests.world import PEOPLE

pytestmark = pytest.mark.django_db
PLACES = {"EAST": PSC, "XAA": ICS, "XBB": ICS, "XCC": ICS, "ZAA": Organisation, "ZBB": Organisation}
# Who may review which places.
REVIEWERS = {"psc_administrator": {"EAST", "XAA", "XBB"}, "specialist": {"ZAA"}}


@pytest.mark.parametrize("code", PLACES)
@pytest.mark.parametrize("who", [*PEOPLE, "nobody"])
def test_who_may_review_which_place(world, who, code):
    person, scope = getattr(world, who), PLACES[code].objects.get(code=code)
    with acting_as(person):
        verdict = policies.can_review(person, scope)

    assert verdict.allowed == (code in REVIEWERS.get(who, ()))
    assert verdict.allowed or "is reviewed by" in verdict.reason


def test_a_review_keeps_and_ends_roles_and_says_so(world):
    done = review(world.fenland, world.psc_administrator, ended=[world.network_member], reason="Left in May")

    assert (done.number, done.kept, done.ended, done.not_reviewed) == (1, 3, 1, 0)
    assert outcomes(done, world.ics_lead) == {
        "network_member": "ended", "ics_lead": "kept", "quality_lead": "kept", "partner": "kept",
    }  # fmt: skip
    with acting_as(world.psc_administrator):
        held = Grant.objects.get(person=world.network_member)
        assert (held.ended_by, held.ended_reason) == (world.psc_administrator, "Left in May")
        assert audit.of(done).get().data == {"kept": 3, "ended": 1, "not_reviewed": 0}
    with acting_as(world.network_member):
        assert not Grant.objects.live().filter(person=world.network_member).exists()


def test_roles_that_reach_an_ics_from_its_psc_are_reviewed_with_the_psc(world):
    with acting_as(world.psc_administrator):
        asked = queries.asked(world.psc_administrator, world.fenland)

    assert {row.grant.person.name for row in asked.reaching} == {"Psc lead", "Psc administrator"}
    assert "psc_lead" not in outcomes(review(world.fenland, world.psc_administrator), world.psc_lead)
    assert "psc_lead" in outcomes(review(world.eastern, world.psc_administrator), world.psc_lead)


def test_nobody_reviews_a_role_of_their_own(world):
    own = role_of(world.specialist, world.broadmere)
    done = review(world.broadmere, world.specialist, ended=[world.specialist])
    assert outcomes(done, world.specialist)["specialist"] == "not reviewed"

    with acting_as(world.specialist):
        decided = {row.grant.pk: Outcome.KEPT for row in queries.asked(world.specialist, world.broadmere).rows}
        with pytest.raises(workflow.Changed):
            workflow.review(world.broadmere, by=world.specialist, seen=1, decided=decided | {own.pk: Outcome.KEPT})


def test_a_role_that_the_reviewer_may_not_end_does_not_end(world, become):
    with become("ssip_owner"):
        give("second@example.org", Role.PSC_ADMINISTRATOR, world.eastern)
    administrator = world.psc_administrator
    with acting_as(administrator):
        decided = {row.grant.pk: Outcome.ENDED for row in queries.asked(administrator, world.eastern).rows}
        with pytest.raises(PermissionDenied, match="PSC administrator"):
            workflow.review(world.eastern, by=administrator, seen=0, decided=decided, reason="No")
    with acting_as(world.psc_administrator):
        assert not AccessReview.objects.exists()


def test_a_review_of_roles_that_have_changed_since_is_refused_whole(world):
    with acting_as(world.psc_administrator):
        decided = {row.grant.pk: Outcome.KEPT for row in queries.asked(world.psc_administrator, world.fenland).rows}
        decided[role_of(world.partner, world.fenland).pk] = Outcome.ENDED
    give("late@example.org", Role.NETWORK_MEMBER, world.fenland, by=world.ics_lead)
    with acting_as(world.psc_administrator), pytest.raises(workflow.Changed):
        workflow.review(world.fenland, by=world.psc_administrator, seen=0, decided=decided, reason="No")
    with acting_as(world.psc_administrator):
        assert not AccessReview.objects.exists()
        assert Grant.objects.get(person=world.partner).ended_at is None


def test_the_second_to_finish_is_told_who_was_first(world, become):
    with become("ssip_owner"):
        give("second@example.org", Role.PSC_ADMINISTRATOR, world.eastern)
        second = Grant.objects.get(person__email="second@example.org").person
    review(world.fenland, world.psc_administrator, seen=0)
    with pytest.raises(workflow.WrongState, match="Psc administrator finished this review on"):
        review(world.fenland, second, seen=0)
    with pytest.raises(workflow.WrongState, match="You have finished"):
        review(world.fenland, world.psc_administrator, seen=0)


# What follows


def test_a_review_meets_its_date_and_opens_the_next_six_months_on(world, become):
    with become("ssip_worker"):
        workflow.plan_reviews()
    done = review(world.fenland, world.psc_administrator)
    with acting_as(world.psc_administrator):
        dates = Deadline.objects.about(world.fenland).filter(kind__code="access_review").order_by("id")
        assert [each.state for each in dates] == ["met", "open"]
        assert done.due_on == dates[0].due_on
        six_months_on = clock.add_months(clock.today(), 6)
        assert dates[1].due_on == clock.working_day_on_or_after(six_months_on)
        task = Task.objects.get(about_kind="tenancy.ics", about_id=world.fenland.pk)
        assert (task.closed_by, task.closed_because) == (world.psc_administrator, "reviewed")


def test_a_review_that_nobody_had_asked_for_yet_is_as_good(world):
    done = review(world.fenland, world.psc_administrator)

    assert done.due_on is None
    with acting_as(world.psc_administrator):
        assert queries.standing(world.psc_administrator, world.fenland).due_on > clock.today()


def test_the_reviewer_s_own_role_is_for_the_others_to_look_at(world, become):
    other = give("other@example.org", Role.PATIENT_SAFETY_SPECIALIST, world.broadmere, by=world.specialist).person
    first = review(world.broadmere, world.specialist)
    with acting_as(world.specialist):
        assert not Task.objects.mine(world.specialist).about(first).exists()
        assert Task.objects.waiting(world.specialist).about(first).exists()
    with acting_as(other):
        asked = queries.asked(other, world.broadmere)
        assert asked.only_left_over
        assert [row.grant.person for row in asked.rows] == [world.specialist]
        next_on = queries.standing(other, world.broadmere).due_on

    second = review(world.broadmere, other)
    assert (second.kept, second.ended, second.not_reviewed) == (1, 0, 0)
    with acting_as(other):
        assert not Task.objects.mine(other).about(first).exists()
        assert queries.standing(other, world.broadmere).due_on == next_on
        assert not queries.asked(other, world.broadmere).only_left_over


def test_where_nobody_else_reviews_no_work_is_opened(world):
    done = review(world.broadmere, world.specialist)
    with acting_as(world.specialist):
        assert not Task.objects.about(done).exists()


def test_once_the_next_review_is_due_what_was_left_over_is_part_of_it(world, become):
    other = give("other@example.org", Role.PATIENT_SAFETY_SPECIALIST, world.broadmere, by=world.specialist).person
    review(world.broadmere, world.specialist)
    with become("ssip_owner"):
        Deadline.objects.filter(state="open").update(due_on=clock.today())
    with become("ssip_worker"):
        workflow.plan_reviews()
    with acting_as(other):
        asked = queries.asked(other, world.broadmere)
        assert not asked.only_left_over
        assert len(asked.rows) == 3
    review(world.broadmere, other)
    with acting_as(world.specialist):
        # What the second reviewer could not decide, and nothing else.
        assert [task.thing for task in Task.objects.mine(world.specialist)] == [
            "what the last reviewer in Fenland Trust left"
        ]


# What the database refuses, whatever the code says


def insert(person, **row):
    with acting_as(person), transaction.atomic():
        return AccessReview.objects.create(
            **{"number": 9, "kept": 0, "ended": 0, "not_reviewed": 0, "by": person} | row
        )


@pytest.mark.parametrize(
    ("who", "place"),
    [
        ("outsider", "fenland"),
        ("sibling_lead", "fenland"),
        ("psc_lead", "fenland"),
        ("ics_lead", "fenland"),
        ("network_member", "fenland"),
        ("psc_administrator", "moorland"),
        ("ward_team", "broadmere"),
        ("psc_administrator", "broadmere"),
        ("site_administrator", "eastern"),
        ("nobody", "eastern"),
    ],
)
def test_who_does_not_review_a_place_adds_no_review_of_it_in_direct_sql(world, who, place):
    scope = getattr(world, place)
    with pytest.raises(DatabaseError, match="row-level security"):
        insert(getattr(world, who), **{scope.scope_kind: scope})


def test_nobody_adds_a_review_in_somebody_else_s_name(world):
    with pytest.raises(DatabaseError, match="row-level security"):
        insert(world.psc_administrator, ics=world.fenland, by=world.psc_lead)


@pytest.mark.parametrize(
    ("whose", "place", "outcome"),
    [
        ("specialist", "broadmere", "kept"),  # the reviewer's own
        ("ward_team", "broadmere", "ended"),  # it has not
        ("ics_lead", "broadmere", "kept"),  # of another place
    ],
)
def test_a_review_says_nothing_of_a_role_that_is_not_so(world, become, whose, place, outcome):
    its = insert(world.specialist, organisation=world.broadmere)
    with become("ssip_owner"):
        grant = Grant.objects.get(person=getattr(world, whose))
    with acting_as(world.specialist), pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        ReviewedRole.objects.create(organisation=world.broadmere, review=its, grant=grant, outcome=outcome)


@pytest.mark.parametrize("table", ["people_accessreview", "people_reviewedrole"])
@pytest.mark.parametrize("words", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {}"])
@pytest.mark.parametrize("role", ["ssip_app", "ssip_worker"])
def test_a_review_is_written_once(world, become, table, words, role):
    review(world.fenland, world.psc_administrator)
    with become(role), acting_as(world.psc_administrator), connection.cursor() as cursor:
        savepoint = transaction.savepoint()
        with pytest.raises(DatabaseError, match="permission denied"):
            cursor.execute(words.format(table))
        transaction.savepoint_rollback(savepoint)


@pytest.mark.parametrize("who", ["outsider", "sibling_lead", "specialist", "nobody", "specialist_member"])
def test_an_outsider_finds_no_review_in_direct_sql(world, who):
    review(world.fenland, world.psc_administrator)
    review(world.eastern, world.psc_administrator)
    with acting_as(getattr(world, who)), connection.cursor() as cursor:
        for table in ("people_accessreview", "people_reviewedrole"):
            cursor.execute(f"SELECT count(*) FROM {table}")
            assert cursor.fetchone() == (0,)


def test_the_clock_reads_no_review_and_opens_no_work_about_a_record(world, become):
    review(world.fenland, world.psc_administrator)
    with become("ssip_worker"):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            AccessReview.objects.exists()
        task = {"verb": "x", "thing": "x", "place": "x", "why": "x", "permission": "view_plan", "path": "/"}
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            Task.objects.create(ics=world.fenland, about_kind="plans.plan", about_id=1, **task)
        kind = Deadline._meta.get_field("kind").related_model.objects.get(code="plan_due")
        given = {"kind": kind, "thing": "x", "place": "x", "permissions": ["view_plan"], "path": "/"}
        days = {"due_on": date(2027, 1, 4), "original_due_on": date(2027, 1, 4)}
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            Deadline.objects.create(ics=world.fenland, about_kind="plans.plan", about_id=1, **given, **days)


def test_a_role_ended_in_the_same_moment_stops_the_review(world, monkeypatch):
    """Somebody who reviews nothing, such as the ICS lead, ends a role between our look and our end."""
    first = tenancy.end

    def late(held, **more):
        with acting_as(world.ics_lead):
            first(held, by=world.ics_lead, reason="First")
        return first(Grant.objects.get(pk=held.pk), **more)

    monkeypatch.setattr(tenancy, "end", late)
    with pytest.raises(workflow.Changed, match="in the same moment"):
        review(world.fenland, world.psc_administrator, ended=[world.network_member])


def test_a_role_that_was_to_be_kept_and_ended_in_the_same_moment_stops_the_review(world, monkeypatch):
    """The database stores no word of a role that is not so any more."""

    def late(*args, **more):
        with acting_as(world.ics_lead):
            tenancy.end(Grant.objects.get(person=world.network_member), by=world.ics_lead, reason="First")

    monkeypatch.setattr(workflow, "_end_roles", late)
    with pytest.raises(workflow.Changed, match="in the same moment"):
        review(world.fenland, world.psc_administrator)
