"""What an operator's probes ask: is the process up, and could it answer a page?"""

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse

from ssip.core import standing

PLAIN = "text/plain; charset=utf-8"


def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers; it asks nobody else, so that a database away does not restart the web."""
    return HttpResponse("up\n", content_type=PLAIN)


def ready(request: HttpRequest) -> HttpResponse:
    """The database answers, its tables are there and its walls stand; 503 until then. A dead broker stops no page."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM django_migrations")
        troubles = standing.troubles()
    except DatabaseError:
        return HttpResponse("The database does not answer.\n", status=503, content_type=PLAIN)
    if troubles:
        return HttpResponse(f"{troubles[0]}\n", status=503, content_type=PLAIN)
    return HttpResponse("ready\n", content_type=PLAIN)
