"""On whose behalf the database is asked.

Row-level security reads the person's id from the transaction-local setting `ssip.user_id`:
a number, 0 for nobody signed in, unset where the code forgot to say. Only this module sets it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse

from ssip.core import failpoints

NOBODY = 0
_cache: ContextVar[dict[Any, Any] | None] = ContextVar("ssip_request_cache", default=None)
_person_id: ContextVar[int | None] = ContextVar("ssip_person_id", default=None)


def request_cache() -> dict[Any, Any]:
    """What has been looked up for this request; outside of one, nothing is kept."""
    kept = _cache.get()
    return {} if kept is None else kept


def current_person_id() -> int | None:
    """The id of the person acted for, 0 for nobody, None outside any context."""
    return _person_id.get()


@contextmanager
def acting_as(person: Any) -> Iterator[None]:
    """Ask the database on behalf of `person` (None or anonymous: nobody), in one transaction."""
    with _on_behalf_of(getattr(person, "pk", None) or NOBODY) as restore:
        yield
        restore()


class ContextMiddleware:
    """One transaction round view and template, with the person's id in it; a 5xx rolls it back."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path in settings.WITHOUT_DATABASE:
            return self.get_response(request)
        with _on_behalf_of(request.user.pk or NOBODY) as restore:
            response = self.get_response(request)
            if response.status_code >= 500:
                transaction.set_rollback(True)
            else:
                restore()
            failpoints.reached("before commit")
        failpoints.reached("after commit")
        return response


@contextmanager
def _on_behalf_of(person_id: int) -> Iterator[Callable[[], None]]:
    """Yield a function that puts the old value back.

    A rollback puts it back by itself, a released savepoint does not; and after an error no
    statement can run. So the caller restores on success, and the database on failure.
    """
    kept, was = _cache.set({}), _person_id.set(person_id)
    try:
        with transaction.atomic():
            before = _set(str(person_id))
            yield lambda: _set_back(before)
    finally:
        _cache.reset(kept)
        _person_id.reset(was)


def _set_back(before: str) -> None:
    _set(before)


def _set(value: str) -> str:
    """Set the person for the rest of the transaction; return what was set before."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('ssip.user_id', true), set_config('ssip.user_id', %s, true)",
            [value],
        )
        return cursor.fetchone()[0] or ""
