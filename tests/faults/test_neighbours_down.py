"""The mail server, the broker or the database is away, or the web's own process dies: what people meet, what is kept.

The site runs as in the demonstration; the clock's ticks run by themselves, since without a broker nobody calls them.
"""

import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from email import message_from_string
from email.policy import default
from http.client import RemoteDisconnected

import pytest
from aiosmtpd.controller import Controller
from django.db import connection

from plans.models import Comment, HeldDraft, Plan, PlanVersion, Section, SectionRevision
from ssip.core import audit, clock
from ssip.core.context import acting_as
from ssip.core.doors import walk
from ssip.local.state import free_port, wait_until
from ssip.reminders.models import Message, Notice
from tests.faults.ground import is_friendly
from tests.reminders.conftest import Sink
from tests.reminders.test_killed import Clock, owner
from tests.stories import a_draft, a_published_plan, written

pytestmark = pytest.mark.faults
SOON = 3  # seconds within which a page answers
LOADED_ONCE = {"GUNICORN_CMD_ARGS": "--preload"}  # the next worker is there at once
TYPED = "Fewer falls on every ward, typed on a bad day."
DECISION = {"answer": "endorse", "body": "System Quality Group", "minute_reference": "SQG 7.2"}
NEW_HERE = {"email": "new.here@example.org", "name": "Newly Here", "role": "specialist_member", "reason": "Asked for."}
WAITING = """
SELECT pid FROM pg_stat_activity WHERE datname = %s AND usename = 'ssip_app' AND wait_event_type = 'Lock'
"""
ENDED = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s AND usename = 'ssip_app'"


def nobody_listens():
    return f"127.0.0.1:{free_port()}"


def endorsement(**more):
    today = clock.today()
    return DECISION | {"met_on_day": today.day, "met_on_month": today.month, "met_on_year": today.year} | more


# Mail and broker


@pytest.fixture
def mail_address(settings):
    """Where mail is to go one day; nobody listens there yet."""
    port = free_port()
    settings.WAY_OUT = {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": port}
    return f"127.0.0.1:{port}"


@pytest.fixture
def lonely_site(start_site, mail_address):
    return start_site(REDIS_URL=f"redis://{nobody_listens()}/0", EMAIL_URL=f"smtp://{mail_address}")


@pytest.fixture
def open_the_mail_server(settings):
    """Call it, and the mail server is back; what comes is kept in `mails`."""
    servers = []

    def start():
        servers.append(Controller(Sink(), hostname="127.0.0.1", port=settings.WAY_OUT["EMAIL_PORT"]))
        servers[0].start()
        return servers[0].handler

    yield start
    for server in servers:
        server.stop()


def a_day_at_work(site, visit, plan):
    """From a blank plan to its endorsement, a new colleague, and somebody who forgot their password."""
    here = f"/plans/{plan.pk}/"
    lead, quality, administrator, reader = (
        visit(site, email) for email in ("ics_lead@example.org", "quality_lead@example.org",
                                         "psc_administrator@example.org", "")
    )  # fmt: skip
    lead.read("/work/")
    lead.read(here)
    lead.send(f"{here}sections/aims/edit/", text=TYPED)
    lead.send(f"{here}submit/")
    quality.read("/work/")
    quality.send(f"{here}decide/", **endorsement())
    administrator.read("/manage/psc-EAST/people/")
    administrator.send("/manage/psc-EAST/people/give/", **NEW_HERE)
    reader.read("/published/")
    reader.send("/account/password/reset/", email="partner@example.org")
    return [lead, quality, administrator, reader]


def words_of(content):
    text = message_from_string(content, policy=default).get_body(("plain",)).get_content()
    return " ".join(text.split())


SAYS = {
    ("ics_lead@example.org", "A planning round has begun. The plan is yours to draft."),
    ("quality_lead@example.org", "A network plan has been submitted and waits for the ICB's endorsement."),
    ("psc_lead@example.org", "A network plan has been endorsed and waits for your approval."),
    ("ics_lead@example.org", "Your network plan has been endorsed. It waits for the PSC's approval."),
    ("new.here@example.org", "/account/password/reset/key/"),
    ("partner@example.org", "/account/password/reset/key/"),
}


def test_without_mail_and_broker_a_day_at_work_goes_on_and_its_mail_arrives_once_later(
    world, committed_db, lonely_site, visit, open_the_mail_server
):
    plan = written(world, a_draft(world))
    people = a_day_at_work(lonely_site, visit, plan)
    assert [person.slow_or_wrong(SOON) for person in people] == [[], [], [], []]
    with acting_as(world.ics_lead):
        assert Plan.objects.get(pk=plan.pk).status == "endorsed"
        assert PlanVersion.objects.get(plan=plan).sections.get(key="aims").content == {"text": TYPED}
    with owner():
        assert Notice.objects.filter(told_at=None).count() == 4
        assert sorted(Message.objects.values_list("to", flat=True)) == ["new.here@example.org", "partner@example.org"]

    the_clock = Clock(committed_db)
    the_clock.tick("tell_notices")
    the_clock.tick("send_mail")  # nobody takes it: each keeps its words for the next try
    with owner():
        tried = list(Message.objects.waiting().values_list("attempts", "error"))
        Message.objects.update(not_before=clock.now())
    assert tried == [(1, "ConnectionRefusedError")] * len(SAYS)

    mails = open_the_mail_server().mails
    the_clock.tick("send_mail")
    with ThreadPoolExecutor(2) as at_once:
        list(at_once.map(the_clock.tick, ["tell_notices", "send_mail"]))
    assert len(mails) == len(SAYS)
    found = {(to, says) for to, says in SAYS if any(to in who and says in words_of(content) for who, content in mails)}
    assert found == SAYS
    with owner():
        assert Message.objects.waiting().count() == 0
        assert {(message.text, message.html, bool(message.sent_at)) for message in Message.objects.all()} == {
            ("", "", True)
        }


def test_without_mail_and_broker_every_page_that_can_be_opened_answers(world, lonely_site, visit):
    """Every address of the site that is read, at the plan of Fenland."""
    plan = a_published_plan(world)
    fixed = {"pk": plan.pk, "key": "aims", "number": 1, "kind": "ics", "code": "XAA", "uidb36": "1"}
    pages = [
        "/" + re.sub(r"<\w+:(\w+)>", lambda found: str(fixed.get(found[1], 1)), route)
        for route, _, view in walk()
        if "GET" in view.door.methods and route != "account/logout/"
    ]
    lead, administrator = (visit(lonely_site, f"{name}@example.org") for name in ("ics_lead", "psc_administrator"))
    seen = Counter(visitor.ask("GET", page)[0] for visitor in (lead, administrator) for page in pages)
    assert seen[200] > 40
    assert lead.slow_or_wrong(SOON) + administrator.slow_or_wrong(SOON) == []


# The database


def test_without_a_database_from_the_start_pages_say_sorry_and_the_probes_tell(start_site, visit):
    site = start_site(DATABASE_URL=f"postgres://ssip_app:secret@{nobody_listens()}/nowhere")
    assert (site.probe("/healthz"), site.probe("/ready")) == (200, 503)
    visitor = visit(site)
    for page in ("/", "/published/", "/account/login/", "/work/", "/plans/1/"):
        status, text = visitor.ask("GET", page)
        assert status == 500
        assert is_friendly(text), page


def test_a_database_that_goes_away_and_comes_back_is_found_again_by_who_was_at_work(
    world, committed_db, start_site, visit, operator
):
    plan = a_draft(world)
    edit = f"/plans/{plan.pk}/sections/aims/edit/"
    site = start_site()
    lead = visit(site, "ics_lead@example.org")
    form = lead.fill(edit, text=TYPED)

    connection.close()
    operator(f'ALTER DATABASE "{committed_db}" ALLOW_CONNECTIONS false')
    operator("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", committed_db)
    for method, page, sent in (("POST", edit, form), ("GET", "/work/", None), ("GET", "/", None)):
        status, text = lead.ask(method, page, sent)
        assert status == 500
        assert is_friendly(text), page
    assert (site.probe("/healthz"), site.probe("/ready")) == (200, 503)

    operator(f'ALTER DATABASE "{committed_db}" ALLOW_CONNECTIONS true')
    assert site.probe("/ready") == 200
    assert lead.ask("POST", edit, form)[0] == 302  # the back button, and pressed again
    assert TYPED in lead.read(f"/plans/{plan.pk}/sections/aims/")


def test_connections_that_are_ended_while_nobody_asks_are_replaced_before_anybody_notices(
    world, committed_db, start_site, visit, operator
):
    lead = visit(start_site(), "ics_lead@example.org")
    lead.read("/work/")
    ended = operator(ENDED, committed_db)
    assert ended
    lead.read("/work/")


def test_a_connection_that_is_ended_in_the_middle_of_saving_leaves_nothing_and_the_next_request_is_fine(
    world, committed_db, start_site, visit, operator
):
    plan = a_draft(world)
    edit = f"/plans/{plan.pk}/sections/aims/edit/"
    lead = visit(start_site(), "ics_lead@example.org")
    form = lead.fill(edit, text=TYPED)
    with ThreadPoolExecutor(1) as beside, owner(), connection.cursor() as cursor:
        cursor.execute("BEGIN; LOCK TABLE plans_plan IN EXCLUSIVE MODE")
        saving = beside.submit(lead.ask, "POST", edit, form)
        assert wait_until(lambda: operator(WAITING, committed_db), 20)
        ((pid,),) = operator(WAITING, committed_db)
        operator("SELECT pg_terminate_backend(%s)", pid)
        status, text = saving.result(timeout=20)
        cursor.execute("COMMIT")
    assert status == 500
    assert is_friendly(text)
    assert kept(world, plan) == NOTHING

    assert lead.ask("GET", "/work/")[0] == 200
    assert lead.ask("POST", edit, form)[0] == 302
    assert kept(world, plan) == SAVED_ONCE


# The web's own process


def kept(world, plan):
    """What is there of the section `aims`: its words and version, revisions, held drafts, rows of the audit."""
    with acting_as(world.ics_lead):
        section = Section.objects.get(plan=plan, key="aims")
        rows = SectionRevision.objects.filter(section=section), HeldDraft.objects.filter(section=section)
        saved = audit.of(plan).filter(action="save section", data__section="aims")
        return section.text, section.version, *(each.count() for each in (*rows, saved))


NOTHING, SAVED_ONCE = ("", 0, 0, 0, 0), (TYPED, 1, 1, 0, 1)


def traces(world, plan):
    """What there is of this plan, by kind: rows, actions in the audit, news on their way."""
    with acting_as(world.ics_lead):
        found = Counter(audit.of(plan).values_list("action", flat=True))
        found["revisions"] = SectionRevision.objects.filter(section__plan=plan).count()
        found["held drafts"] = HeldDraft.objects.filter(section__plan=plan).count()
        found["comments"] = Comment.objects.filter(plan=plan).count()
        found["versions"] = PlanVersion.objects.filter(plan=plan).count()
    with owner():
        found["news"] = Notice.objects.filter(about_kind="plans.plan", about_id=plan.pk).count()
    return found


# The page with the form, where it is sent, what is typed, and what it leaves when it counts once.
PRESSES = [
    ("sections/aims/edit/", "sections/aims/edit/", {"text": TYPED}, {"save section": 1, "revisions": 1}),
    ("sections/aims/", "comment/", {"text": TYPED}, {"comment": 1, "comments": 1}),
    ("submit/", "submit/", {}, {"submit": 1, "versions": 1, "news": 1}),
]


@pytest.mark.parametrize(("dies", "leaves"), [("before commit", "nothing"), ("after commit", "all")])
def test_a_web_worker_killed_while_it_saves_leaves_all_or_nothing_and_pressing_again_counts_once(
    world, start_site, visit, dies, leaves
):
    """Each form is sent to a web whose worker is killed there, then once more, as it was, to one that lives."""
    plan = written(world, a_draft(world))
    lead, dying = visit(start_site(), "ics_lead@example.org"), start_site(SSIP_FAILPOINT=dies, **LOADED_ONCE)
    for page, target, typed, once in PRESSES:
        before, form = traces(world, plan), lead.fill(f"/plans/{plan.pk}/{page}", **typed)
        with pytest.raises((RemoteDisconnected, ConnectionResetError)):
            lead.moved_to(dying).ask("POST", f"/plans/{plan.pk}/{target}", form)
        assert traces(world, plan) - before == (once if leaves == "all" else {})
        assert wait_until(lambda: dying.probe("/healthz") == 200, 20)  # another worker takes over

        assert lead.ask("POST", f"/plans/{plan.pk}/{target}", form)[0] == 302
        assert traces(world, plan) - before == once
