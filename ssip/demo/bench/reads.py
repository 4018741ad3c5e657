"""What the bench reads, and as whom: the lists and the records of two apps, by the read models of their pages."""

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

from django.test import Client

from plans.models import Plan
from plans.queries.plan import overview
from plans.queries.plans import being_written_by, page_of_plans
from ssip.core import clock
from ssip.core.context import acting_as
from ssip.core.models import User
from ssip.demo.bench.crowd import Size, email
from ssip.reminders.models import Task
from ssip.reminders.queries.work import my_work
from ssip.tenancy.models import Role

SIZE = Size()
READERS = {
    "ICS lead, loud ICS": email(SIZE.loud, Role.ICS_LEAD),
    "PSC lead, nine ICSs": email("EASTERN", Role.PSC_LEAD),
    "ICS lead, quiet ICS": email(SIZE.quiet, Role.ICS_LEAD),
    "Specialist of a trust": email("T6Y0WT1", Role.PATIENT_SAFETY_SPECIALIST),
}


class Read(NamedTuple):
    """`once` reads it; `is_page`: with its template, through every middleware."""

    reader: str
    person: User
    name: str
    once: Callable[[], Any]
    is_page: bool = False


def all_reads() -> list[Read]:
    people = {name: User.objects.get(email=address) for name, address in READERS.items()}
    return [read for name, person in people.items() for read in (*models(name, person), *_pages(name, person))]


def models(reader: str, person: User) -> list[Read]:
    def work() -> None:
        my_work(person, clock.today())
        being_written_by(person)

    task, plan = _examples(person)
    reads = [
        Read(reader, person, "list of work", work),
        Read(reader, person, "one piece of work", lambda: Task.objects.mine(person).get(pk=task)),
    ]
    if plan:
        reads += [
            Read(reader, person, "list of plans", lambda: page_of_plans(person, {})),
            Read(reader, person, "one plan", lambda: _whole(person, plan)),
        ]
    return reads


def _pages(reader: str, person: User) -> list[Read]:
    client, (_, plan) = Client(headers={"host": "localhost"}), _examples(person)
    client.force_login(person)
    paths = {"My work, the page": "/work/"}
    if plan:
        paths |= {"Plans, the page": "/plans/", "a plan, the page": f"/plans/{plan}/"}
    return [Read(reader, person, name, partial(_get, client, path), True) for name, path in paths.items()]


def _examples(person: User) -> tuple[int, int | None]:
    """A task and a plan of the crowd that this person may see."""
    with acting_as(person):
        plan = (
            Plan.objects.visible_to(person).filter(reference__startswith="CROWD").values_list("pk", flat=True).first()
        )
        return Task.objects.mine(person).values_list("pk", flat=True)[0], plan


def _whole(person: User, pk: int) -> None:
    overview(person, Plan.objects.visible_to(person).with_names().get(pk=pk))


def _get(client: Client, path: str) -> None:
    answer = client.get(path)
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answered {answer.status_code}.")
