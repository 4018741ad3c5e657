"""The people of each place, and of the site."""

from ssip.core.doors import GET_POST, Door, page, signed_in
from ssip.people import queries
from ssip.people.policies import REVIEWED_WITH
from ssip.people.views import people as views
from ssip.people.views import reviews
from ssip.tenancy import access
from ssip.tenancy.models import ICS, PSC, Organisation

PLACES = (PSC, ICS, Organisation)
GIVE = ("manage_people", "manage_members", "manage_organisation_people", "manage_accounts")
READ = ("view_psc", "view_ics", "view_organisation", *GIVE)

SEEN = Door(PLACES, *queries.SEEN_WITH)

urlpatterns = [
    page("why/<str:kind>-<slug:code>/<slug:permission>/", views.why, name="why", door=SEEN),
    page("manage/site/people/", views.site_people, name="site_people", door=signed_in()),
    page("manage/<str:kind>-<slug:code>/people/", views.people, name="people", door=Door(PLACES, *READ)),
    page(
        "manage/<str:kind>-<slug:code>/people/give/",
        views.give_role,
        name="people_give",
        door=Door(PLACES, *GIVE, methods=GET_POST),
    ),
    page(
        "manage/<str:kind>-<slug:code>/people/<int:pk>/end/",
        views.end_role,
        name="people_end",
        door=Door(PLACES, *GIVE, methods=GET_POST),
    ),
    page(
        "manage/<str:kind>-<slug:code>/people/review/",
        reviews.review,
        name="people_review",
        door=Door(PLACES, *dict.fromkeys(REVIEWED_WITH.values()), methods=GET_POST),
    ),
    page(
        "manage/<str:kind>-<slug:code>/people/reviews/<int:number>/",
        reviews.review_done,
        name="people_reviewed",
        door=Door(PLACES, *access.SEES.values()),
    ),
]
