"""Who is free to take a step on a plan: not who wrote it."""

import pytest

from ssip.core.context import acting_as
from ssip.tenancy import queries, workflow
from ssip.tenancy.models import Role

pytestmark = pytest.mark.django_db

QUALITY, LEAD, PSC_LEAD = Role.ICB_QUALITY_LEAD, Role.ICS_LEAD, Role.PSC_LEAD
# (roles of Ann and of Bea, who is free to endorse, who is free to approve) in an ICS where nobody else has a role
TRUTH = [
    ((), (), "", ""),
    ((QUALITY,), (), "Ann", ""),
    ((PSC_LEAD,), (), "", "Ann"),
    ((LEAD,), (), "", ""),
    ((QUALITY, LEAD), (), "", ""),
    ((PSC_LEAD, LEAD), (), "", ""),
    ((QUALITY, PSC_LEAD), (), "Ann", "Ann"),
    ((QUALITY,), (QUALITY,), "Ann Bea", ""),
    ((QUALITY, LEAD), (QUALITY,), "Bea", ""),
    ((PSC_LEAD, LEAD), (PSC_LEAD,), "", "Bea"),
    ((PSC_LEAD,), (PSC_LEAD,), "", "Ann Bea"),
    ((LEAD,), (QUALITY, PSC_LEAD), "Bea", "Bea"),
    ((Role.PSC_ADMINISTRATOR, Role.NETWORK_MEMBER), (Role.PATIENT_SAFETY_PARTNER,), "", ""),
]


@pytest.fixture
def give(world, as_owner):
    """Roles in Moorland and its PSC, given by the operator. The one who is there already is taken away."""
    from ssip.tenancy.models import Grant

    def give(name, *roles, **more):
        for role in roles:
            scope = world.western if role.value.startswith("psc") else world.moorland
            workflow.grant(f"{name}@x.example", role, scope, by=None, reason="For the table", name=name, **more)

    for held in Grant.objects.filter(psc=world.western) | Grant.objects.filter(ics=world.moorland):
        workflow.end(held, by=None, reason="For the table")
    return give


@pytest.mark.parametrize(("of_ann", "of_bea", "endorse", "approve"), TRUTH)
def test_free_is_who_may_and_does_not_write(world, give, of_ann, of_bea, endorse, approve):
    give("Ann", *of_ann)
    give("Bea", *of_bea)

    free = [[str(p) for p in queries.free_to(step, world.moorland)] for step in ("endorse_plan", "approve_plan")]

    assert free == [endorse.split(), approve.split()]


@pytest.mark.parametrize(("of_ann", "of_bea", "endorse", "approve"), TRUTH)
def test_a_step_with_nobody_or_one_person_free_is_warned_of(world, give, of_ann, of_bea, endorse, approve):
    give("Ann", *of_ann)
    give("Bea", *of_bea)

    said = [warning.text for warning in queries.warnings(world.moorland)]

    assert said == expected("endorse", endorse.split()) + expected("approve", approve.split())


def expected(verb, free):
    if not free:
        return [f"Nobody would be free to {verb} a plan of Moorland."]
    return [f"If {free[0]} is away, nobody can {verb} a plan of Moorland."] if len(free) == 1 else []


def test_a_role_of_somebody_switched_off_frees_nobody(world, give):
    from ssip.core.models import User

    give("Ann", QUALITY)
    User.objects.filter(email="ann@x.example").update(is_active=False)

    assert queries.free_to("endorse_plan", world.moorland) == []


def test_who_writes_another_icss_plan_is_free_here(world, give):
    give("Ann", QUALITY)
    workflow.grant("ann@x.example", LEAD, world.fenland, by=None, reason="Elsewhere")

    assert [str(person) for person in queries.free_to("endorse_plan", world.moorland)] == ["Ann"]


def test_a_warning_says_what_to_do(world):
    with acting_as(world.ics_lead):
        endorse, approve = queries.warnings(world.fenland)

    assert endorse.advice.startswith("A PSC administrator can give the role ICB quality lead to a second person")
    assert approve.advice.startswith("A PSC administrator can give the role PSC improvement lead to a second person")


def test_a_psc_reads_of_all_its_icss_and_the_same_thing_once(world):
    with acting_as(world.psc_lead):
        said = [warning.text for warning in queries.warnings(world.eastern)]

    assert said == [
        "Nobody would be free to endorse a plan of Broadland.",
        "If Quality lead is away, nobody can endorse a plan of Fenland.",
        "If Psc lead is away, nobody can approve a plan of Broadland or Fenland.",
    ]


def test_an_organisation_has_no_plan_to_decide_on(world):
    with acting_as(world.specialist):
        assert queries.warnings(world.broadmere) == []


def test_the_number_of_icss_does_not_change_the_number_of_questions(world, django_assert_num_queries):
    one, several = world.fenland, world.eastern
    with acting_as(world.psc_lead), django_assert_num_queries(2):
        queries.warnings(one)
    with acting_as(world.psc_lead), django_assert_num_queries(3):
        queries.warnings(several)
