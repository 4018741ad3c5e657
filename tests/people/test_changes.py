"""Who joined, moved and left, told from the roles; and when somebody last signed in, to those who need to know."""

from datetime import date

import pytest

from ssip.core.context import acting_as
from ssip.core.models import User
from ssip.people.queries.changes import changes
from ssip.tenancy.models import Grant, Role, RoleGroup
from tests.pages import text
from tests.people.given import give
from tests.reminders.given import at

pytestmark = pytest.mark.django_db
FENLAND = "/manage/ics-XAA/people/"
R = Role
NOON = "T12:00Z"


@pytest.fixture
def lived(world, become):
    """Roles of one new person in Fenland: [(role, from, until, ended)]; then what the ICS lead reads on that day."""

    def tell(roles, today="2026-11-23 09:00"):
        with become("ssip_owner"):
            person = User.objects.create_user("mover@example.org", "Mo Ver")
            for role, begun, until, ended in roles:
                group = RoleGroup.objects.get(role=role, ics=world.fenland).group
                Grant.objects.create(
                    person=person, role=role, ics=world.fenland, group=group, from_date=begun, until=until,
                    by=world.ics_lead, reason=f"Gave {role.label}",
                    **({"ended_at": ended + NOON, "ended_by": world.quality_lead, "ended_reason": f"Ended {role.label}"}
                       if ended else {}),
                )  # fmt: skip
        with at(today), acting_as(world.ics_lead):
            return [each for each in changes(world.ics_lead, world.fenland) if each.person == person]

    return tell


STORIES = [
    # one role
    ([(R.NETWORK_MEMBER, "2026-09-01", None, None)], [("2026-09-01", "Joined", "Network member")]),
    (
        [(R.NETWORK_MEMBER, "2026-09-01", None, "2026-10-01")],
        [("2026-10-01", "Left", "Network member"), ("2026-09-01", "Joined", "Network member")],
    ),
    ([(R.NETWORK_MEMBER, "2026-09-01", None, "2026-09-01")], [("2026-09-01", "Joined and left", "Network member")]),
    # of long ago, and of tomorrow
    ([(R.NETWORK_MEMBER, "2024-01-01", None, None)], []),
    ([(R.NETWORK_MEMBER, "2024-01-01", None, "2024-06-01")], []),
    ([(R.NETWORK_MEMBER, "2024-01-01", None, "2026-10-01")], [("2026-10-01", "Left", "Network member")]),
    ([(R.NETWORK_MEMBER, "2024-01-01", "2026-12-31", None)], []),
    # a last day
    ([(R.NETWORK_MEMBER, "2024-01-01", "2026-10-31", None)], [("2026-11-01", "Left", "Network member")]),
    ([(R.NETWORK_MEMBER, "2024-01-01", "2026-11-23", None)], []),
    # two roles
    (
        [(R.NETWORK_MEMBER, "2024-01-01", None, "2026-10-01"), (R.ICS_LEAD, "2026-10-01", None, None)],
        [("2026-10-01", "Moved", "from Network member to ICS lead")],
    ),
    (
        [(R.NETWORK_MEMBER, "2024-01-01", None, "2026-10-05"), (R.ICS_LEAD, "2026-10-01", None, None)],
        [("2026-10-05", "Moved", "no longer Network member"), ("2026-10-01", "Moved", "also ICS lead")],
    ),
    (
        [(R.NETWORK_MEMBER, "2024-01-01", None, "2026-09-01"), (R.ICS_LEAD, "2026-10-01", None, None)],
        [("2026-10-01", "Joined again", "ICS lead"), ("2026-09-01", "Left", "Network member")],
    ),
    (
        [(R.NETWORK_MEMBER, "2024-01-01", None, "2026-10-01"), (R.ICS_LEAD, "2024-01-01", None, "2026-10-01")],
        [("2026-10-01", "Left", "Network member and ICS lead")],
    ),
    # the same role again, the next morning and at once: nothing has changed
    (
        [(R.NETWORK_MEMBER, "2024-01-01", "2026-10-01", "2026-10-02"), (R.NETWORK_MEMBER, "2026-10-02", None, None)],
        [],
    ),
    (
        [(R.NETWORK_MEMBER, "2024-01-01", None, "2026-10-02"), (R.NETWORK_MEMBER, "2026-10-02", None, None)],
        [],
    ),
]


@pytest.mark.parametrize(("roles", "story"), STORIES)
def test_the_story_of_one_person(lived, roles, story):
    assert [(each.on.isoformat(), each.kind, each.roles) for each in lived(roles)] == story


def test_each_change_says_by_whom_and_why(lived):
    (moved,) = lived(
        [(R.NETWORK_MEMBER, date(2024, 1, 1), None, "2026-10-01"), (R.ICS_LEAD, date(2026, 10, 1), None, None)]
    )
    assert moved.said == [("Quality lead", "Ended Network member"), ("Ics lead", "Gave ICS lead")]


def test_a_role_that_ended_by_itself_names_its_last_day_and_nobody(lived):
    (left,) = lived([(R.NETWORK_MEMBER, date(2024, 1, 1), date(2026, 10, 31), None)])
    assert left.said == [("", "The last day was 31 October 2026")]


def test_a_change_of_another_place_is_not_told(lived, world):
    lived([(R.NETWORK_MEMBER, date(2026, 9, 1), None, None)])
    with at("2026-11-23 09:00"):
        for reader, scope in ((world.sibling_lead, world.broadland), (world.psc_lead, world.eastern)):
            with acting_as(reader):
                assert changes(reader, scope) == []
        with acting_as(world.outsider):
            assert changes(world.outsider, world.fenland) == []


def test_of_many_changes_the_newest_hundred_are_shown(as_, world, become):
    with become("ssip_owner"):
        for number in range(101):
            give(f"crowd{number}@example.org", Role.NETWORK_MEMBER, world.fenland)
    page = text(as_(world.ics_lead).get(FENLAND))

    assert "Joined, moved or left in the last 6 months (101)" in page
    assert "Shown are the newest 100." in page
    assert page.count("What Joined") == 100


# Last signed in


@pytest.fixture
def signed_in(become):
    def _signed_in(person, moment):
        with become("ssip_owner"):
            User.objects.filter(pk=person.pk).update(last_login=moment)

    return _signed_in


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        ("2026-11-23T08:00Z", "Last signed in today"),
        ("2026-11-22T23:59Z", "Last signed in on 22 November 2026"),
        ("2026-08-25T12:00Z", "Last signed in on 25 August 2026"),
        ("2026-08-24T12:00Z", "Last signed in on 24 August 2026 Over 90 days ago"),
        ("2026-06-30T23:30Z", "Last signed in on 1 July 2026 Over 90 days ago"),  # summer in England
        (None, "Never signed in Given over 14 days ago"),
    ],
)
def test_the_day_of_the_last_sign_in_stands_with_the_role(as_, world, signed_in, moment, said):
    signed_in(world.network_member, moment)
    client = as_(world.ics_lead)
    with at("2026-11-23 09:00"):
        client.force_login(world.ics_lead)
        page = text(client.get(FENLAND, {"q": "network_member@"}))

    assert f"Since 1 July 2022 {said} Given by" in page


@pytest.mark.parametrize(("begun", "tag"), [("2026-11-09", False), ("2026-11-08", True)])
def test_a_role_that_was_never_used_stands_out_after_14_days(as_, world, become, begun, tag):
    with become("ssip_owner"):
        Grant.objects.filter(person=world.network_member).update(from_date=begun)
    client = as_(world.ics_lead)
    with at("2026-11-23 09:00"):
        client.force_login(world.ics_lead)
        page = text(client.get(FENLAND, {"q": "network_member@"}))

    assert "Never signed in" in page
    assert ("Given over 14 days ago" in page) == tag


@pytest.mark.parametrize(
    ("who", "page", "count"),
    [
        ("network_member", FENLAND, 0),
        ("quality_lead", FENLAND, 0),
        ("psc_lead", FENLAND, 0),
        ("ics_lead", FENLAND, 2),  # members and partners, whose roles they give
        ("psc_administrator", FENLAND, 4),  # not those held on the PSC
        ("psc_administrator", "/manage/psc-EAST/people/", 3),
        ("ward_team", "/manage/organisation-ZAA/people/", 0),
        ("specialist", "/manage/organisation-ZAA/people/", 3),
        ("site_administrator", "/manage/site/people/", 2),
    ],
)
def test_only_who_looks_after_a_role_is_told(as_, world, who, page, count):
    html = text(as_(getattr(world, who)).get(page))

    assert html.count("Never signed in") + html.count("Last signed in today") == count
    assert ("longest ago first" in html) == bool(count)


# Order and search


def names(answer):
    return [row.grant.person.email.split("@")[0] for row in answer.context["now"]]


def test_the_list_comes_in_the_order_of_roles_names_or_sign_ins(as_, world, signed_in):
    signed_in(world.quality_lead, "2025-01-01T12:00Z")
    signed_in(world.partner, "2024-01-01T12:00Z")
    client = as_(world.psc_administrator)

    by_role = ["ics_lead", "quality_lead", "network_member", "partner", "psc_lead", "psc_administrator"]
    assert names(client.get(FENLAND)) == names(client.get(FENLAND, {"order": "role"})) == by_role
    assert names(client.get(FENLAND, {"order": "name"})) == sorted(by_role)
    last = ["ics_lead", "network_member", "partner", "quality_lead", "psc_administrator", "psc_lead"]
    assert names(client.get(FENLAND, {"order": "signed-in"})) == last


def test_who_is_not_told_of_sign_ins_cannot_order_by_them(as_, world, signed_in):
    signed_in(world.ics_lead, "2026-01-01T12:00Z")
    answer = as_(world.network_member).get(FENLAND, {"order": "signed-in"})

    assert "longest ago first" not in text(answer)
    assert names(answer)[0] == "ics_lead"


def test_the_list_can_be_narrowed_to_one_role(as_, world):
    answer = as_(world.ics_lead).get(FENLAND, {"role": "network_member"})

    assert names(answer) == ["network_member"]
    assert "1 role found." in text(answer)


def test_a_role_of_another_kind_of_place_is_no_choice(as_, world):
    answer = as_(world.ics_lead).get(FENLAND, {"role": "ward_team"})

    assert "There is a problem" in text(answer)
    assert len(names(answer)) == 6
