"""docs/plan-workflow.md says what the code does."""

from pathlib import Path

from plans.models import Status
from plans.workflow import MOVES
from ssip.tenancy.models import ICS, PSC
from ssip.tenancy.roles import ROLES

PAGE = Path("docs/plan-workflow.md").read_text()
NEEDS = {
    "submit": "draft_plan",
    "endorse": "endorse_plan",
    "approve": "approve_plan",
    "publish": "publish_plan",
    "withdraw": "draft_plan",
    "reopen": "draft_plan",
}
SAID = {
    "ask_for_changes": "whoever's decision is awaited",
    "supersede": "nobody: publishing a newer edition does it",
}


def holders(permission):
    return [
        role.label
        for role, mays in ROLES.items()
        if any(kind in mays and permission in mays[kind].permissions for kind in (ICS, PSC))
    ]


def arrows():
    yield f"    [*] --> {Status.DRAFT}: open"
    for name, move in MOVES.items():
        for source in move.sources:
            yield f"    {source} --> {move.target}: {name.replace('_', ' ')}"


def rows():
    for name, move in MOVES.items():
        sources = ", ".join(source.label.lower() for source in move.sources)
        who = SAID.get(name) or ", ".join(holders(NEEDS[name]))
        yield f"| {name.replace('_', ' ')} | {sources} | {move.target.label.lower()} | {who} |"


def test_the_diagram_in_the_docs_is_the_code():
    drawn = [line for line in PAGE.splitlines() if " --> " in line]

    assert drawn == list(arrows())


def test_the_table_in_the_docs_is_the_code():
    table = [line for line in PAGE.splitlines() if line.startswith("| ")]

    assert table[1 : len(MOVES) + 1] == list(rows())
