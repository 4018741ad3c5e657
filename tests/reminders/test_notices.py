"""A change is told at once, once to each of those concerned, and to nobody who may not hear of it by then."""

import pytest

from ssip.core import clock
from ssip.core.context import acting_as
from ssip.reminders import workflow
from ssip.reminders.models import Message, Notice
from ssip.tenancy.models import Grant
from tests.reminders.given import notify, send_all

pytestmark = pytest.mark.django_db


def told(become):
    """Write the messages, send them; the names of those who got one."""
    with become("ssip_worker"):
        workflow.tell()
        send_all()
        return sorted(m.recipient.email.split("@")[0] for m in Message.objects.exclude(sent_at=None))


def test_each_holder_gets_one_mail_but_not_who_did_it(world, become, sink):
    with acting_as(world.ics_lead):
        notify(world, but=[world.ics_lead.pk])
    assert told(become) == ["network_member", "partner", "psc_lead", "quality_lead"]
    assert len(sink.mails) == 4
    assert told(become) == ["network_member", "partner", "psc_lead", "quality_lead"]
    assert len(sink.mails) == 4


def test_a_notice_for_one_person_is_nobody_elses(world, become, sink):
    with acting_as(world.ics_lead):
        notify(world, permission="", person=world.network_member)
    assert told(become) == ["network_member"]


def test_a_role_narrows_who_is_told(world, become, sink):
    with acting_as(world.ics_lead):
        notify(world, role="patient_safety_partner")
    assert told(become) == ["partner"]


def test_somebody_named_who_sees_nothing_of_the_place_is_not_told(world, become, sink):
    with acting_as(world.ics_lead):
        notify(world, permission="", person=world.outside_lead)
    assert told(become) == []


def test_a_tick_killed_before_its_commit_is_made_good_by_the_next(world, become, sink):
    from django.db import transaction

    with acting_as(world.ics_lead):
        notify(world)
    with become("ssip_worker"):
        with transaction.atomic():
            assert workflow.tell() == 1
            transaction.set_rollback(True)
        assert Message.objects.count() == 0
    assert len(told(become)) == 5


def test_a_notice_told_twice_writes_no_second_message(world, become, sink):
    with acting_as(world.ics_lead):
        notify(world)
    told(become)
    with become("ssip_owner"):
        Notice.objects.update(told_at=None)
    told(become)
    assert len(sink.mails) == 5


def test_who_lost_the_role_before_the_mail_went_gets_nothing(world, become, sink):
    with acting_as(world.ics_lead):
        notify(world, permission="endorse_plan")
    with become("ssip_worker"):
        workflow.tell()
    with become("ssip_owner"):
        Grant.objects.filter(person=world.quality_lead).update(ended_at=clock.now(), ended_reason="Left")
    assert told(become) == []
    with become("ssip_worker"):
        assert Message.objects.get().dropped_at


def test_who_joined_after_the_change_is_not_told_of_it(world, become, sink):
    with acting_as(world.ics_lead):
        notify(world, permission="endorse_plan")
    told(become)
    with become("ssip_owner"):
        Grant.objects.filter(person=world.ics_lead).update(role="icb_quality_lead")
    assert told(become) == ["quality_lead"]


def test_mail_with_a_link_to_sign_in_goes_before_everybodys_news(world, become, sink):
    from django.core.mail import send_mail

    with acting_as(world.ics_lead):
        notify(world)
    with become("ssip_worker"):
        workflow.tell()
    send_mail("Choose a password", "Follow the link", None, ["nobody@example.org"])
    with become("ssip_worker"):
        send_all()
    assert sink.mails[0][0] == ["nobody@example.org"]
