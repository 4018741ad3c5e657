"""Work to do that belongs to no record, and how long dates run in a place."""

from ssip.core.doors import GET_POST, Door, page, signed_in
from ssip.reminders.policies import SETS_DATES
from ssip.reminders.views import rules, work
from ssip.tenancy import access
from ssip.tenancy.models import ICS, PSC, Organisation

PLACES = (PSC, ICS, Organisation)

urlpatterns = [
    page("work/<int:pk>/not-mine/", work.not_mine, name="not_mine", door=signed_in(GET_POST)),
    page("manage/<str:kind>-<slug:code>/dates/", rules.dates, name="dates", door=Door(PLACES, *access.SEES.values())),
    page(
        "manage/<str:kind>-<slug:code>/dates/<slug:name>/",
        rules.choose,
        name="dates_choose",
        door=Door((ICS, Organisation), *SETS_DATES, methods=GET_POST),
    ),
]
