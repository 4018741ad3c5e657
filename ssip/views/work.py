"""My work: everybody's first page. What to do now, what one waits for, what comes up, what was done lately."""

from typing import NamedTuple

from django.http import HttpResponse
from django.shortcuts import render

from plans.queries.plans import being_written_by
from ssip.core import clock
from ssip.core.doors import PersonsRequest
from ssip.reminders.queries import work as queries
from ssip.tenancy import access
from ssip.views import navigation

# What each group is called, and what an empty one says.
GROUPS = {
    "do_now": ("Do now", "Nothing needs you now."),
    "waiting": ("Waiting for others", "You are not waiting for anybody."),
    "coming_up": ("Coming up", "No date of yours falls in the next 14 days."),
    "done_lately": ("Done lately", "What is done in the next 14 days will be shown here."),
}


class Group(NamedTuple):
    key: str
    title: str
    empty: str
    rows: list[queries.Row]


def my_work(request: PersonsRequest) -> HttpResponse:
    """Everybody's first page; who has no role yet is told whom to ask."""
    lists = queries.my_work(request.user, clock.today())
    groups = [Group(key, title, empty, lists[key]) for key, (title, empty) in GROUPS.items()]
    places = [(grant, navigation.way_to(grant)) for grant in access.roles_of(request.user)]
    page = {"groups": groups, "headlines": being_written_by(request.user), "places": places}
    return render(request, "site/work.html", page)
