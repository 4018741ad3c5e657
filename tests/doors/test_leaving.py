"""What leaves the site beside its pages: mail, files, pages about errors, lines of the log: no words of anybody."""

import pytest
from django.db import connection, transaction
from django.urls import reverse

from plans.models import Section
from ssip.reminders import workflow as reminders
from ssip.reminders.letters import letter
from ssip.reminders.models import Message
from tests.doors import cast, conftest, mirror
from tests.doors.canaries import found_in
from tests.doors.forms import NAME, WORDS
from tests.doors.places import everything, readable
from tests.world import PEOPLE

pytestmark = pytest.mark.django_db
# What a mail may name of a record: its number, and the sentence about what happened, which here is a canary too.
SAID = ("reference", "line")
OF = {
    "XAA": ("ics_lead", "quality_lead", "network_member", "psc_lead", "psc_administrator", "specialist"),
    "XCC": ("outside_lead", "outsider"),
}


@pytest.fixture
def a_day_of_work(walker, targets, become):
    """Everybody of a tenant sends every form of theirs, and what comes of it is kept; the former are no more told."""

    def run(code):
        with become("ssip_owner"):
            for name in cast.FORMER:
                cast.shut_out(name)
        for name in OF[code]:
            person = walker(name)
            for form in person.forms(targets[code]):
                with transaction.atomic():
                    person.ask("post", form.action, form.filled(), kept=True)

    return run


@pytest.mark.parametrize("code", OF)
def test_after_a_days_work_no_mail_and_no_file_says_what_somebody_wrote(code, targets, walker, a_day_of_work, become):
    lead, address = OF[code][0], f"/manage/ics-{code}/audit/file/"
    before = walker(lead).ask("get", address).content
    a_day_of_work(code)
    with become("ssip_owner"), connection.cursor() as cursor:
        conftest.seal(cursor)
        held = cast.held()
    with become("ssip_worker"):
        letters = new_letters()
    file = walker(lead).ask("get", address).content

    assert letters
    assert len(file.splitlines()) > len(before.splitlines())
    assert [said(words) for words in letters if WORDS in said(words) or NAME in said(words)] == []
    assert WORDS.encode() not in file
    assert [said(words) for words in letters if not may_say(said(words), held.get(words.to, {}), targets)] == []


def new_letters():
    """What the clock makes of what was done, as it would be sent now. As the clock."""
    known = set(Message.objects.values_list("pk", flat=True))
    reminders.plan_reminders()
    reminders.tell()
    reminders.gather_digests()
    mails = Message.objects.waiting().exclude(pk__in=known).select_related("recipient", "notice")
    return [words for words in map(letter, mails) if words]


def said(words):
    return f"{words.subject} {words.text} {words.html}"


def may_say(text, own, targets):
    """References of records that its reader may see, and nothing else of a record."""
    mine = readable(own, targets)
    return all(canary.field in SAID and canary.code in mine for canary in found_in(text))


def broken(*args, **kwargs):
    """As a constraint breaks it: PostgreSQL quotes the row, but not of a table behind a wall."""
    Section.objects.update(version=-1)


def test_an_error_says_no_word_of_a_record_on_its_page_or_in_the_log(walker, targets, monkeypatch, caplog):
    monkeypatch.setattr("plans.views.plans.plans.overview", broken)
    answer = walker("ics_lead").ask("get", f"/plans/{targets['XAA'].ids['plans']}/")

    assert answer.status_code == 500
    assert "IntegrityError" in caplog.text
    assert not found_in(everything(answer))
    assert not found_in(caplog.text)


def test_too_many_tries_are_refused_without_repeating_what_was_typed(client, targets, become, caplog):
    with become("ssip_app"):
        for _ in range(60):
            answer = client.post(reverse("account_reset_password"), {"email": "canaryXAA@example.org"})
            if answer.status_code == 429:
                break

    assert answer.status_code == 429
    assert not found_in(everything(answer))
    assert not found_in(caplog.text)


def test_who_works_for_a_day_are_people_of_tenants_of_the_mirror():
    assert OF.keys() <= mirror.MIRRORED.keys()
    assert {name for names in OF.values() for name in names} <= PEOPLE.keys()
