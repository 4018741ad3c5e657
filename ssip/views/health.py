"""What an operator's probes ask: is the process up, could it answer a page, and is mail on its way?"""

from collections.abc import Iterator

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.template.loader import render_to_string
from django.utils.crypto import constant_time_compare
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from ssip.core import standing
from ssip.reminders.queries.figures import Figures, figures

PLAIN = "text/plain; charset=utf-8"
PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"
AWAY = "The database does not answer.\n"


def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers; it asks nobody else, so that a database away does not restart the web."""
    return HttpResponse("up\n", content_type=PLAIN)


def ready(request: HttpRequest) -> HttpResponse:
    """The database answers, its tables are there and its walls stand; 503 until then. A dead broker stops no page.

    The second line is for people: mail that waits is no reason to take the web away.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM django_migrations")
        troubles = standing.troubles()
        waits = figures().mail_oldest
    except DatabaseError:
        return HttpResponse(AWAY, status=503, content_type=PLAIN)
    if troubles:
        return HttpResponse(f"{troubles[0]}\n", status=503, content_type=PLAIN)
    return HttpResponse(f"ready\noldest unsent mail: {waits.total_seconds():.0f} s\n", content_type=PLAIN)


def metrics(request: HttpRequest) -> HttpResponse:
    """For Prometheus, in its text format. Without METRICS_TOKEN, or with another in the request, it does not exist."""
    given = request.headers.get("Authorization", "")
    if not (settings.METRICS_TOKEN and constant_time_compare(given, f"Bearer {settings.METRICS_TOKEN}")):
        # A probe's page asks nobody who is there: the database may be what is away.
        return HttpResponseNotFound(render_to_string("404.html", request=None))
    try:
        registry = CollectorRegistry()
        registry.register(Measured(figures()))
    except DatabaseError:
        return HttpResponse(AWAY, status=503, content_type=PLAIN)
    return HttpResponse(generate_latest(registry), content_type=PROMETHEUS)


class Measured(Collector):
    def __init__(self, now: Figures) -> None:
        self.now = now

    def collect(self) -> Iterator[GaugeMetricFamily]:
        now = self.now
        for name, words, value in (
            ("ssip_mail_waiting", "Mails that are still to be sent.", now.mail_waiting),
            ("ssip_mail_oldest_seconds", "Age of the oldest of them.", now.mail_oldest.total_seconds()),
            ("ssip_mail_given_up", "Mails that could not be sent.", now.mail_given_up),
            ("ssip_notices_waiting", "Changes that nobody has been told of yet.", now.notices_waiting),
            ("ssip_dates_behind", "Dates whose reminders should have been planned before today.", now.dates_behind),
        ):
            yield GaugeMetricFamily(name, words, value=value)
