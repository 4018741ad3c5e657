"""One at a time: for what two people or processes may not do at once and no row of its own can be locked for."""

from django.db import connection
from django.db.models import Model


def one_at_a_time(what: str, thing: Model) -> None:
    """Until the end of the transaction: who asks for the same waits here, then sees what was written before."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{what} {thing._meta.label} {thing.pk}"]
        )
