"""The life of a plan: the only code that writes one. Rounds open it, people write it, MOVES carry it on."""

from plans.workflow.drafting import (
    add_co_author,
    add_comment,
    ask_for_early_read,
    end_co_author,
    end_early_read,
    save_section,
    set_meeting,
    settle_comment,
    settle_draft,
)  # fmt: skip
from plans.workflow.moves import MOVES, Missing, Move, WrongState, make_move, moves_for
from plans.workflow.rounds import NameTaken, add_networks, close_round, open_round

__all__ = [
    "MOVES", "Missing", "Move", "NameTaken", "WrongState", "add_co_author", "add_comment",
    "add_networks", "ask_for_early_read", "close_round", "end_co_author", "end_early_read", "make_move", "moves_for",
    "open_round", "save_section", "set_meeting", "settle_comment", "settle_draft",
]  # fmt: skip
