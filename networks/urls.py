"""Addresses of networks. A network's own page shows its plans too, so it is the site's: see ssip/urls.py."""

from networks import views
from ssip.core.doors import GET_POST, Door, page, signed_in
from ssip.tenancy.models import ICS, PSC

app_name = "networks"
SET_UP = Door((PSC, ICS), "manage_members", "manage_rounds", methods=GET_POST)
SEEN = Door((PSC, ICS), "view_psc", "view_ics")

urlpatterns = [
    page("networks/", views.networks, name="list", door=signed_in()),
    page("networks/new/", views.new, name="new", door=SET_UP),
    page("networks/<int:pk>/change/", views.change, name="change", door=SET_UP),
    page("networks/<int:pk>/members/", views.members, name="members", door=SEEN),
    page("networks/<int:pk>/history/", views.history, name="history", door=SEEN),
]
