"""Numbers that people cite: one row of numbers for each scope and kind of thing."""

from typing import Any

from django.db import connection


def next_reference(scope: Any, kind: str) -> str:
    """The next reference in this scope, such as T6Y0W-PLAN-3. A rolled-back one is given again."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT ssip_next_number(%s, %s)", [scope.code, kind])
        return f"{scope.code}-{kind}-{cursor.fetchone()[0]}"
