"""The front door of responses, for the migrations that make their tables.

The functions behind it stand in the migration 0003_gate. It refuses the web and the clock, never the owner.
"""

from django.db.migrations import RunSQL

from plans.guards import guard


def gate(table: str) -> RunSQL:
    """Nobody adds a row to this table of responses before its organisation may enter them.

    Stands on the table that begins a response, which has the column organisation_id. What has begun goes on:
    those affected wait for an answer.
    """
    return guard("ssip_guard_entry", table, "INSERT", each="STATEMENT")
