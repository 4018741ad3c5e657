"""What the database is told about MOVES, and the triggers that refuse: written into the app's migrations.

The functions behind the triggers stand in the migrations. They refuse the web and the clock, never the
owner, who sets up, restores and loads the demonstration.
"""

from collections.abc import Callable, Mapping
from typing import Literal

from django.db.migrations import RunSQL

from plans import policies
from plans.models import Plan, Status
from plans.workflow.moves import Move
from ssip.core.models import User
from ssip.core.rights import APP, WORKER
from ssip.core.verdicts import Verdict

Row = tuple[str, str, str, str]
Policy = Callable[[User, Plan], Verdict]

PERMISSIONS: dict[Policy, str] = {
    policies.can_lead: "draft_plan",
    policies.can_endorse: "endorse_plan",
    policies.can_approve: "approve_plan",
    policies.can_publish: "publish_plan",
}


def rows(moves: Mapping[str, Move]) -> list[Row]:
    """Each arrow as the table plans_arrow holds it: from where, to where, by which move, with which permission."""
    return sorted(
        (str(source), str(move.target), name, _permission(move.policy, source))
        for name, move in moves.items()
        for source in move.sources
    )


def guard(
    function: str,
    table: str,
    on: Literal["INSERT", "UPDATE", "INSERT OR UPDATE"],
    each: Literal["ROW", "STATEMENT"] = "ROW",
) -> RunSQL:
    """Let the function judge what the web or the clock writes. After the policies: they say whose the row is.

    For each statement it finds the new rows in `added`: many rows are then one question.
    """
    added = "REFERENCING NEW TABLE AS added " if each == "STATEMENT" else ""
    return RunSQL(
        f"""CREATE TRIGGER {function} AFTER {on} ON {table} {added}FOR EACH {each}
        WHEN (ssip_role() IN ('{APP}', '{WORKER}')) EXECUTE FUNCTION {function}();""",
        f"DROP TRIGGER {function} ON {table};",
    )


def _permission(policy: Policy, source: Status) -> str:
    if policy is policies.can_ask_for_changes:  # whoever's decision is awaited
        policy = policies.can_approve if source == Status.ENDORSED else policies.can_endorse
    return PERMISSIONS[policy]
