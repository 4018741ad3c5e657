"""What no page may fall over: numbers that nothing has, characters that cannot be kept, forms of others."""

import re

import pytest

from ssip.core import doors
from tests.stories import a_draft

pytestmark = pytest.mark.django_db

HUGE = "9" * 30
NUMBERS = re.compile(r"<int:\w+>")
NUMBERED = sorted({route for route, _, _ in doors.walk() if NUMBERS.search(route)})


@pytest.mark.parametrize("route", NUMBERED)
@pytest.mark.parametrize("number", [HUGE, "9" * 19, "0", "2147483648"])
def test_a_number_that_nothing_has_is_not_found(world, as_, route, number):
    plan = a_draft(world)
    address = NUMBERS.sub(number, route.replace("<int:pk>", str(plan.pk), 1) if NUMBERS.findall(route)[1:] else route)
    address = "/" + re.sub(r"<slug:key>", "aims", re.sub(r"<str:kind>-<slug:code>", "ics-XAA", address))
    for method in ("get", "post"):
        answer = getattr(as_(world.ics_lead), method)(address)
        assert answer.status_code in (403, 404, 405), (method, address)
