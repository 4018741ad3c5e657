"""The story of a plan, told from the audit: who did what, in which role, when, and what was decided.

The audit holds no words that somebody wrote; decisions and moved dates add theirs.
"""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from django.urls import reverse

from plans.models import Decision, DecisionVerdict, Plan
from plans.queries import versions
from plans.queries.versions import Said
from ssip.core import audit, clock
from ssip.core.models import AuditEvent
from ssip.reminders.models import DeadlineMove
from ssip.tenancy import history
from ssip.tenancy.history import Change, Entry, Told, Words

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
TOLD = Told(
    Plan,
    SENTENCES,
    {
        "status": "Where it stands",
        "meeting_of": "Name of the meeting",
        "meeting_on": "Meeting",
        "papers_due_on": "Papers are due",
        "wanted_by": "Comments are wanted by",
    },
)
SAVE = "save section"
ENDS_OF_WRITING = {"submit", "withdraw"}
VERDICTS = {
    "endorse": DecisionVerdict.ENDORSED,
    "approve": DecisionVerdict.APPROVED,
    "ask_for_changes": DecisionVerdict.CHANGES,
}


class Known(NamedTuple):
    """What the plan itself adds to its audit: decisions with their words, titles of sections, names of people."""

    decided: Mapping[tuple[int, str], Decision]
    said: Mapping[int, list[Said]]
    titles: Mapping[str, str]
    names: Mapping[int, str]


def story(plan: Plan) -> list[Entry]:
    """All of it, the newest first."""
    events = list(audit.of(plan))
    known = Known(
        decided={(each.version.number, each.verdict): each for each in versions.decisions(plan)},
        said=versions.comments_of_decisions(plan),
        titles={section.key: section.title for section in versions.sections_now(plan)},
        names=history.names_in(events),
    )
    entries = [_entry(plan, event, known) for event in events if event.action in SENTENCES]
    entries += _saves(plan, events, known.titles) + _moved_dates(plan)
    return sorted(entries, key=lambda entry: entry.at, reverse=True)


def _entry(plan: Plan, event: AuditEvent, known: Known) -> Entry:
    data, entry = event.data, history.entry(event, TOLD, known.names)
    if title := known.titles.get(data.get("section", "")):
        entry = entry._replace(sentence=f"{entry.sentence}: {title}")
    if number := data.get("version"):
        href = reverse("plans:version", args=[plan.pk, number])
        entry = entry._replace(link=f"version {number}", href=href)
    if decision := known.decided.get((number or 0, VERDICTS.get(event.action, ""))):
        note = [Words(decision.note)] if decision.note else []
        said = [Words(words.text, words.about) for words in known.said.get(decision.pk, ())]
        entry = entry._replace(details=(_body(decision),), words=(*note, *said))
    return entry


def _body(decision: Decision) -> str:
    """In whose name it was decided, and where that is minuted."""
    if not decision.met_on:
        return decision.on_behalf_of
    met = clock.spoken(decision.met_on)
    return f"{decision.on_behalf_of}, meeting of {met}, minute {decision.minute_reference}"


def _saves(plan: Plan, events: list[AuditEvent], titles: Mapping[str, str]) -> list[Entry]:
    """One entry a person and day, with the sections they wrote in; before a submission and after it are two."""
    days: dict[tuple[int | None, date, int], list[AuditEvent]] = {}
    ends = 0
    for event in events:
        ends += event.action in ENDS_OF_WRITING
        if event.action == SAVE:
            days.setdefault((event.actor_id, clock.local_date(event.at), ends), []).append(event)
    return [_writing(plan, saves, titles) for saves in days.values()]


def _writing(plan: Plan, saves: list[AuditEvent], titles: Mapping[str, str]) -> Entry:
    of_section: dict[str, list[int]] = {}
    for save in saves:
        of_section.setdefault(save.data["section"], []).append(save.data["version"])
    last = saves[-1]
    times = f", saved {len(saves)} times" if len(saves) > 1 else ""
    return Entry(
        at=last.at,
        by=history.actor(last),
        role=history.roles(last),
        sentence=f"Wrote in {len(of_section)} section{'s' if len(of_section) > 1 else ''}{times}",
        changes=tuple(_versions(plan, key, titles.get(key, key), numbers) for key, numbers in of_section.items()),
    )


def _versions(plan: Plan, key: str, title: str, saved: list[int]) -> Change:
    """From the version before the first save to the last, which the page it leads to shows beside the one before."""
    before, after = min(saved) - 1, max(saved)
    how = f"from version {before} to version {after}" if before else f"version {after}"
    return Change(title, how, f"{reverse('plans:section_history', args=[plan.pk, key])}?version={after}")


def _moved_dates(plan: Plan) -> list[Entry]:
    moves = DeadlineMove.objects.filter(
        ics_id=plan.ics_id, deadline__about_kind=plan._meta.label_lower, deadline__about_id=plan.pk
    )
    return [
        Entry(
            at=move.at,
            by=str(move.by),
            role="",
            sentence="Moved a date",
            changes=(
                Change(str(move.deadline.kind), f"from {clock.spoken(move.from_date)} to {clock.spoken(move.to_date)}"),
            ),
            words=(Words(move.reason),) if move.reason else (),
        )
        for move in moves.select_related("by", "deadline__kind")
    ]
