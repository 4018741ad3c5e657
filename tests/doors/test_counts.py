"""Numbers on pages count the reader's own records: the counts of the tenants are primes, and no sum is another's."""

import re
from itertools import combinations

import pytest

from tests.doors import mirror
from tests.pages import text

pytestmark = pytest.mark.django_db
LEADS = {"XAA": "ics_lead", "XBB": "sibling_lead", "XCC": "outside_lead"}
COUNTED = re.compile(
    r"\b(\d+) (?:of \d+ )?(plans?|networks?|comments?|sections?|people|versions?|members?|things?|roles?|rounds?)\b"
)


def not_theirs(code):
    """What a count could be that holds rows of others: theirs, or any sum with theirs in it."""
    counts = mirror.COUNTS
    sums = (each for size in (1, 2, 3) for each in combinations(counts, size))
    return {sum(counts[one] for one in some) for some in sums if set(some) - {code, "EAST", "WEST"}} - {counts[code]}


@pytest.mark.parametrize("code", LEADS)
def test_a_count_is_that_of_the_readers_own_tenant(code, targets, walker):
    pages = walker(LEADS[code]).pages(targets[code])
    counted = [(path, *found) for path, answer in pages for found in COUNTED.findall(text(answer))]

    assert str(mirror.COUNTS[code]) in {number for _, number, _ in counted}
    assert [each for each in counted if int(each[1]) in not_theirs(code)] == []


@pytest.mark.parametrize("code", LEADS)
@pytest.mark.parametrize(("path", "model"), [("/plans/", "plantitle"), ("/networks/", "networkname")])
def test_a_list_has_as_many_rows_as_its_readers_tenant(code, path, model, targets, knock):
    page = knock(LEADS[code])("get", path).content.decode()

    assert len(set(re.findall(rf"canary{code}{model} \d+", page))) == mirror.COUNTS[code]
