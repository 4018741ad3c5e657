"""The story of a plan, told from the audit: who did what, in which role, when, and what was decided.

The audit holds no words that somebody wrote; decisions and moved dates add theirs.
"""

from datetime import date, datetime
from typing import NamedTuple

from plans.models import Decision, DecisionVerdict, Plan
from plans.queries import versions
from plans.queries.versions import Said
from ssip.core import audit, clock
from ssip.core.models import AuditEvent
from ssip.reminders.models import DeadlineMove
from ssip.tenancy.models import Role

# What each action is called here. What is not in it is not told: a kept draft is its writer's own business.
SENTENCES = {
    "open plan": "Opened the plan in its planning round",
    "set meeting": "Named the meeting that looks at the plan",
    "invite co-author": "Invited a co-author",
    "end co-author": "Ended the invitation of a co-author",
    "ask for early read": "Asked for an early read",
    "end early read": "Ended the early read",
    "comment": "Commented",
    "settle comment": "Took a comment into account",
    "submit": "Submitted the plan for approval",
    "endorse": "Recorded the endorsement of the ICB",
    "ask_for_changes": "Asked for changes",
    "approve": "Approved the plan",
    "publish": "Published the plan",
    "withdraw": "Withdrew the plan",
    "reopen": "Opened the plan again as a draft",
    "supersede": "Replaced the plan by a newer edition",
}
SAVE = "save section"
ENDS_OF_WRITING = {"submit", "withdraw"}
VERDICTS = {
    "endorse": DecisionVerdict.ENDORSED,
    "approve": DecisionVerdict.APPROVED,
    "ask_for_changes": DecisionVerdict.CHANGES,
}


class Entry(NamedTuple):
    """One thing that happened. `decision` and `said`: what was decided, and about single sections."""

    at: datetime
    by: str
    role: str
    sentence: str
    detail: str = ""
    version: int | None = None
    note: str = ""
    decision: Decision | None = None
    said: tuple[Said, ...] = ()


def story(plan: Plan) -> list[Entry]:
    """All of it, the newest first."""
    events = list(audit.of(plan))
    decided = {(each.version.number, each.verdict): each for each in versions.decisions(plan)}
    titles = {section.key: section.title for section in versions.sections_now(plan)}
    said = versions.comments_of_decisions(plan)
    entries = [_entry(event, decided, said, titles) for event in events if event.action in SENTENCES]
    entries += _saves(events, titles) + _moved_dates(plan)
    return sorted(entries, key=lambda entry: entry.at, reverse=True)


def _entry(
    event: AuditEvent,
    decided: dict[tuple[int, str], Decision],
    said: dict[int, list[Said]],
    titles: dict[str, str],
) -> Entry:
    data, sentence = event.data, SENTENCES[event.action]
    if title := titles.get(data.get("section", "")):
        sentence = f"{sentence}: {title}"
    decision = decided.get((data.get("version", 0), VERDICTS.get(event.action, "")))
    return Entry(
        at=event.at,
        by=_by(event),
        role=_roles(event),
        sentence=sentence,
        detail=_dates(data),
        version=data.get("version"),
        note=decision.note if decision else "",
        decision=decision,
        said=tuple(said.get(decision.pk, ())) if decision else (),
    )


def _dates(data: dict[str, str | None]) -> str:
    """The days that an action named, in words."""
    named = {"meeting_on": "Meeting on", "papers_due_on": "papers due on", "wanted_by": "Comments wanted by"}
    return ", ".join(
        f"{words} {clock.spoken(date.fromisoformat(day))}" for key, words in named.items() if (day := data.get(key))
    )


def _saves(events: list[AuditEvent], titles: dict[str, str]) -> list[Entry]:
    """One entry a person and day, with the sections they wrote in; before a submission and after it are two."""
    days: dict[tuple[int | None, date, int], list[AuditEvent]] = {}
    ends = 0
    for event in events:
        ends += event.action in ENDS_OF_WRITING
        if event.action == SAVE:
            days.setdefault((event.actor_id, clock.local_date(event.at), ends), []).append(event)
    return [_writing(saves, titles) for saves in days.values()]


def _writing(saves: list[AuditEvent], titles: dict[str, str]) -> Entry:
    wrote = [titles.get(key, key) for key in dict.fromkeys(save.data["section"] for save in saves)]
    sentence = f"Wrote in {len(wrote)} section{'s' if len(wrote) > 1 else ''}"
    times = f", saved {len(saves)} times" if len(saves) > 1 else ""
    return Entry(saves[-1].at, _by(saves[-1]), _roles(saves[-1]), sentence + times, detail="; ".join(wrote))


def _moved_dates(plan: Plan) -> list[Entry]:
    moves = DeadlineMove.objects.filter(
        ics_id=plan.ics_id, deadline__about_kind=plan._meta.label_lower, deadline__about_id=plan.pk
    )
    return [
        Entry(
            at=move.at,
            by=str(move.by),
            role="",
            sentence=f"Moved a date ({move.deadline.kind})"
            f" from {clock.spoken(move.from_date)} to {clock.spoken(move.to_date)}",
            note=move.reason,
        )
        for move in moves.select_related("by", "deadline__kind")
    ]


def _by(event: AuditEvent) -> str:
    return str(event.actor) if event.actor else "The operator of the site"


def _roles(event: AuditEvent) -> str:
    labels = dict(Role.choices)
    return ", ".join(str(labels.get(role, role)) for role in event.actor_roles)
