"""What a background task must say before it starts: the clock's role, or the person it works for."""

from collections.abc import Callable
from functools import cache
from typing import Any

from celery import Task, shared_task  # noqa: TID251  the one place that says for whom a task runs
from django.conf import settings

from ssip.core import standing
from ssip.core.context import acting_as
from ssip.core.models import User


class ClockTask(Task):
    """Runs as the database role of the clock, which sees dates and people but no narrative."""

    abstract = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if settings.DATABASE_ROLE != "worker":
            raise RuntimeError(f"{self.name} is the clock's: start its worker with SSIP_DATABASE_ROLE=worker.")
        _walls_stand()
        return super().__call__(*args, **kwargs)


class PersonsTask(Task):
    """Runs for one person, whose permissions are derived again when it runs."""

    abstract = True

    def __call__(self, *args: Any, as_user: int, **kwargs: Any) -> Any:
        _walls_stand()
        with acting_as(User.objects.get(pk=as_user, is_active=True)):
            return super().__call__(*args, **kwargs)


@cache
def _walls_stand() -> None:
    """Once a process; refused again at each task while they do not."""
    standing.require()


def clock_task(function: Callable[..., Any]) -> Task:
    """A tick of the clock. It must be safe to run twice, at once, late, or killed in the middle."""
    return shared_task(base=ClockTask, queue="clock", ignore_result=True)(function)


def persons_task(function: Callable[..., Any]) -> Task:
    """A person's job; call it with `as_user=person.pk`."""
    return shared_task(base=PersonsTask, queue="jobs", ignore_result=True)(function)
