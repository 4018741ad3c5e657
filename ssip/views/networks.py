"""A network with its plans: the page that puts the two apps together."""

from django.http import HttpResponse
from django.shortcuts import render

from networks import policies
from networks.views import network_for
from plans.models import Plan, Status
from plans.queries.standing import COLOURS
from ssip.core.doors import PersonsRequest


def network(request: PersonsRequest, pk: int) -> HttpResponse:
    shown = network_for(request, pk)
    plans = Plan.objects.visible_to(request.user).with_names().filter(network=shown)
    page = {
        "network": shown,
        "plans": [(plan, COLOURS[Status(plan.status)]) for plan in plans.order_by("-id")],
        "may_change": bool(policies.can_set_up(request.user, shown.scope)),
        "may_read_history": bool(policies.can_read_history(request.user, shown)),
        "may_read_members": bool(policies.can_read_members(request.user, shown)),
    }
    return render(request, "networks/network.html", page)
