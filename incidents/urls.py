"""Addresses of what an organisation must have in place before responses."""

from incidents import views
from ssip.core.doors import GET_POST, Door, page
from ssip.tenancy.models import Organisation

app_name = "incidents"
SEE = Door(Organisation, "view_organisation")
RECORD = Door(Organisation, "record_assurance", methods=GET_POST)

urlpatterns = [
    page("organisations/<slug:code>/going-live/", views.going_live, name="going_live", door=SEE),
    page("organisations/<slug:code>/going-live/<slug:item>/", views.record, name="record", door=RECORD),
    page("organisations/<slug:code>/going-live/<slug:item>/withdraw/", views.withdraw, name="withdraw", door=RECORD),
]
