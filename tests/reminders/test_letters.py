"""What a mail says and does not say."""

import email
import re
from datetime import date
from email import policy
from pathlib import Path

import pytest
from django.conf import settings

from ssip.core.context import acting_as
from ssip.reminders import workflow
from ssip.reminders.letters import letter
from ssip.reminders.models import Deadline, Message, Notice
from tests.reminders.given import at, notify, open_deadline, send_all

pytestmark = pytest.mark.django_db
LETTERS = sorted(Path(settings.BASE_DIR, "templates/reminders/emails").iterdir())
CANARY = {"thing": "Thing-canary", "place": "Place-canary", "set_by": "Person-canary"}


@pytest.fixture(autouse=True)
def undefined_shows(settings):
    engine = settings.TEMPLATES[0]
    settings.TEMPLATES = [engine | {"OPTIONS": engine["OPTIONS"] | {"string_if_invalid": "NOT GIVEN: %s"}}]


@pytest.fixture
def reminder(world, become):
    """The letter of a day on which one date is near and another has passed."""
    with acting_as(world.ics_lead):
        open_deadline(world, due_on=date(2026, 12, 7), reference="XAA-7", path="/plans/7/", **CANARY)
        open_deadline(world, due_on=date(2026, 12, 3), kind="plan_changes", reference="XAA-3", **CANARY)
    with at("2026-12-04 09:00"), become("ssip_worker"):
        workflow.plan_reminders()
        workflow.gather_digests()
        return letter(Message.objects.get(purpose="digest"))


@pytest.fixture
def news(world, become):
    with acting_as(world.ics_lead):
        notify(world, permission="endorse_plan", path="/plans/7/", reference="XAA-7")
    with become("ssip_worker"):
        workflow.tell()
        return letter(Message.objects.get(purpose="notice"))


@pytest.mark.parametrize("version", ["text", "html"])
def test_a_reminder_says_what_by_when_and_where_to_go(reminder, version):
    words = getattr(reminder, version)
    for said in ("Plan to be submitted", "XAA-7", "Monday 7 December 2026", "one of your roles"):
        assert said in words
    assert f"{settings.SITE_URL}/plans/7/" in words
    assert re.search(r"agreed date was\s+Thursday 3 December 2026", words)


@pytest.mark.parametrize("version", ["text", "html"])
def test_a_notice_says_what_changed_and_where_to_go(news, version):
    words = getattr(news, version)
    for said in ("A network plan has been submitted.", "XAA-7", f"{settings.SITE_URL}/plans/7/", "one of your roles"):
        assert said in words


def test_a_subject_says_nothing_of_anybody(reminder, news):
    assert reminder.subject == "SSIP: 1 date is near, 1 date has passed"
    assert news.subject == "SSIP: something changed in your work"


def test_nothing_in_a_mail_is_undefined(reminder, news):
    assert "NOT GIVEN" not in " ".join([*reminder, *news])


def test_no_name_of_a_place_a_person_or_a_plan_is_in_a_reminder(reminder):
    assert "canary" not in " ".join(reminder)


@pytest.mark.parametrize("path", LETTERS, ids=lambda path: path.name)
def test_a_template_of_mail_shows_only_what_the_product_itself_says(path):
    shown = set(re.findall(r"{{\s*([\w.]+)", path.read_text()))
    assert shown <= {
        *("site", "notice.line", "notice.reference", "notice.path"),
        *("date.what", "date.reference", "date.due_on", "date.path"),
    }


def test_the_clock_can_reach_no_field_that_a_person_wrote():
    """What is told comes from these tables; words of a person are in none of them."""
    names = {field.name for model in (Deadline, Notice) for field in model._meta.fields}
    assert not names & {"reason", "word", "note", "text", "comment", "description", "why"}


def test_the_address_is_the_one_that_the_person_has_now(world, become, sink):
    with acting_as(world.ics_lead):
        notify(world, permission="endorse_plan")
    with become("ssip_worker"):
        workflow.tell()
    with become("ssip_owner"):
        type(world.nobody).objects.filter(pk=world.quality_lead.pk).update(email="new@example.org")
    with become("ssip_worker"):
        send_all()
    assert [recipients for recipients, _ in sink.mails] == [["new@example.org"]]


def test_the_mail_carries_both_versions_and_leaves_no_words_behind(world, become, sink):
    with acting_as(world.ics_lead):
        notify(world, permission="endorse_plan")
    with become("ssip_worker"):
        workflow.tell()
        send_all()
        message = Message.objects.get()
    mail = email.message_from_string(sink.mails[0][1], policy=policy.default)
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert (message.subject, message.text, message.html) == ("", "", "")
