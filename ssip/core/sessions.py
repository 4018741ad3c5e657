"""A session ends 30 minutes after its last request, and is written at most once a minute."""

import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

ONCE_A = 60  # seconds


class TouchSessionMiddleware:
    """Keep the session of a person at work alive; the session's age does the rest."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        # Only a session that the request has read anyway: a page without a person stays without a query.
        if request.session.accessed and not request.session.is_empty():
            minute = int(time.time()) // ONCE_A
            if request.session.get("seen") != minute:
                request.session["seen"] = minute
        return response
