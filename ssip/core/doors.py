"""Every address says who may come in.

`page()` is `path()` with a door. A pattern without one fails the start (the check below), and
a view reached without one answers 404. The door is the declaration that the matrix of tests is
made from; which record a person may see is decided by `visible_to` and the app's policies.
Behind a door that is `recorded`, that somebody opened the record is a row of the audit.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.checks import Error, register
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseForbidden, HttpResponseNotAllowed
from django.template.loader import render_to_string
from django.urls import ResolverMatch, URLPattern, URLResolver, get_resolver
from django.urls import path as bare_path  # noqa: TID251  the one place that gives it a door
from django.utils.cache import add_never_cache_headers

from ssip.core import audit
from ssip.core.models import User
from ssip.core.typed import typed

GET = ("GET", "HEAD")
GET_POST = ("GET", "HEAD", "POST")
POST = ("POST",)


@dataclass(frozen=True, init=False)
class Door:
    """Who may come in: holders of any of `permissions` in the record's scope, anybody signed in, or the public.

    `recorded`: the record behind it is sensitive, so that it was opened stands in the audit. The view says which
    record that is with `opens()`, and an answer without it fails.
    """

    scopes: tuple[str, ...]
    permissions: tuple[str, ...]
    methods: tuple[str, ...]
    kind: str
    who: str
    recorded: bool

    def __init__(
        self,
        scope: Any = None,
        *permissions: str,
        methods: tuple[str, ...] = GET,
        kind: str = "page",
        who: str = "holders",
        recorded: bool = False,
    ) -> None:
        scopes = () if scope is None else scope if isinstance(scope, tuple) else (scope,)
        if who == "holders" and not (scopes and permissions):
            raise TypeError("A door for holders names a kind of scope and at least one permission.")
        object.__setattr__(self, "scopes", tuple(getattr(each, "scope_kind", each) for each in scopes))
        object.__setattr__(self, "permissions", permissions)
        object.__setattr__(self, "methods", methods)
        object.__setattr__(self, "kind", kind)
        object.__setattr__(self, "who", who)
        object.__setattr__(self, "recorded", recorded)

    @property
    def is_public(self) -> bool:
        return self.who == "public"


class PersonsRequest(HttpRequest):
    """For annotations: a request that has come through a door which only somebody signed in passes."""

    user: User
    opened: tuple[Model, dict[str, Any]]
    resolver_match: ResolverMatch


def public(methods: tuple[str, ...] = GET, kind: str = "page") -> Door:
    """Anybody, signed in or not."""
    return Door(methods=methods, kind=kind, who="public")


def signed_in(methods: tuple[str, ...] = GET, kind: str = "page") -> Door:
    """Any person with an account; the page shows each their own."""
    return Door(methods=methods, kind=kind, who="signed in")


def page(route: str, view: Callable[..., HttpResponse], *, name: str, door: Door, **kwargs: Any) -> URLPattern:
    """An address, its view and its door."""

    @wraps(view)
    def behind_door(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if door.recorded and response.status_code == HTTPStatus.OK:
            _record_read(request, response)
        return response

    behind_door.door = door  # type: ignore[attr-defined]
    return bare_path(route, behind_door, kwargs or None, name=name)


def opens(request: PersonsRequest, thing: Model, **particulars: Any) -> None:
    """Say which record the answer to this request shows. What finds the record for its views is the place for it:
    whether it is recorded is then up to the door alone. No words that somebody wrote, as everywhere in the audit.
    """
    request.opened = (thing, particulars)


def _record_read(request: PersonsRequest, response: HttpResponse) -> None:
    """Once for each answer that shows the record, whatever the method, and for no refusal, redirect or error.

    In the transaction of the request: if the row cannot be written, nothing is shown. No browser keeps the page,
    so looking at it again is a read again.
    """
    thing, particulars = request.opened
    audit.record(audit.READ, thing, by=request.user, page=request.resolver_match.view_name, **particulars)
    add_never_cache_headers(response)


class DoorMiddleware:
    """Nobody passes an address that declares no door, with a method that it does not declare, or unknown to us."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        door = getattr(view, "door", None)
        if door is None:
            raise Http404
        if not door.is_public and not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path()) if request.method in GET else _signed_out(request, door)
        if request.method not in door.methods:
            # A probe's page asks nobody who is there: the database may be what is away.
            probed = request.path in settings.WITHOUT_DATABASE
            return HttpResponseNotAllowed(
                door.methods, render_to_string("405.html", request=None if probed else request)
            )
        return None


def _signed_out(request: HttpRequest, door: Door) -> HttpResponse:
    """To redirect would lose what was typed: it is shown again, with a way back to the page it was typed into."""
    back = request.get_full_path() if "GET" in door.methods else settings.LOGIN_REDIRECT_URL
    said = {
        "minutes": settings.SESSION_COOKIE_AGE // 60,
        "sign_in": redirect_to_login(back).url,
        "typed": typed(request),
    }
    return HttpResponseForbidden(render_to_string("site/signed_out.html", said, request))


def walk(resolver: URLResolver | None = None, prefix: str = "", namespace: str = "") -> Iterator[tuple[str, str, Any]]:
    """Every address of the site: (route, name with its namespace, view)."""
    for pattern in (resolver or get_resolver()).url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from walk(pattern, route, inner)
        else:
            yield route, f"{namespace}{pattern.name}", pattern.callback


@register()
def every_address_has_a_door(app_configs: Any = None, **kwargs: Any) -> list[Error]:
    return [
        Error(
            f"The address {route!r} declares no door.",
            hint="Write it with ssip.core.doors.page(..., door=...).",
            id="core.E001",
        )
        for route, _, view in walk()
        if not hasattr(view, "door")
    ]
