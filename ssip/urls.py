"""Every address of the site and its door, app by app."""

from allauth.account import views as account
from django.urls import include, register_converter
from django.urls import path as prefix  # noqa: TID251  each page behind it declares its own door
from django.urls.converters import StringConverter

from ssip.core.doors import GET_POST, Door, page, public, signed_in
from ssip.reminders import urls as reminders
from ssip.tenancy import policies
from ssip.tenancy import urls as tenancy
from ssip.tenancy.models import ICS, PSC, Organisation
from ssip.views import audit, health, networks, overviews, site, work


class Base36(StringConverter):
    """The account's number in the link that sets a password."""

    regex = "[0-9A-Za-z]+"


register_converter(Base36, "base36")

# Of allauth only what is used here; its other addresses, sign-up among them, do not exist.
SIGN_IN = [
    page("account/login/", account.login, name="account_login", door=public(GET_POST, "sign-in")),
    page("account/logout/", account.logout, name="account_logout", door=public(GET_POST, "sign-in")),
    page("account/inactive/", account.account_inactive, name="account_inactive", door=public(kind="sign-in")),
    page(
        "account/reauthenticate/",
        account.reauthenticate,
        name="account_reauthenticate",
        door=signed_in(GET_POST, "sign-in"),
    ),
    page(
        "account/password/change/",
        account.password_change,
        name="account_change_password",
        door=signed_in(GET_POST, "sign-in"),
    ),
    page(
        "account/password/reset/",
        account.password_reset,
        name="account_reset_password",
        door=public(GET_POST, "sign-in"),
    ),
    page(
        "account/password/reset/done/",
        account.password_reset_done,
        name="account_reset_password_done",
        door=public(kind="sign-in"),
    ),
    page(
        "account/password/reset/key/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
        door=public(kind="sign-in"),
    ),
    page(
        "account/password/reset/key/<base36:uidb36>-<str:key>/",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
        door=public(GET_POST, "sign-in"),
    ),
]

urlpatterns = [
    page("", site.home, name="home", door=public()),
    page("words/", site.words, name="words", door=public()),
    page("accessibility/", site.accessibility, name="accessibility", door=public()),
    page("privacy/", site.privacy, name="privacy", door=public()),
    page("cookies/", site.cookies, name="cookies", door=public()),
    page("work/", work.my_work, name="work", door=signed_in()),
    page("psc/<slug:code>/", overviews.psc, name="psc", door=Door(PSC, "view_psc")),
    page("ics/<slug:code>/", overviews.ics, name="ics", door=Door(ICS, "view_ics")),
    page(
        "organisations/<slug:code>/",
        overviews.organisation,
        name="organisation",
        door=Door(Organisation, "view_organisation"),
    ),
    page(
        "networks/<int:pk>/",
        networks.network,
        name="network",
        door=Door((PSC, ICS), "view_psc", "view_psc_networks", "view_ics"),
    ),
    page(
        "manage/<str:kind>-<slug:code>/audit/",
        audit.audit_of,
        name="audit",
        door=Door(tenancy.PLACES, *policies.READS_AUDIT),
    ),
    page(
        "manage/<str:kind>-<slug:code>/audit/file/",
        audit.audit_file,
        name="audit_file",
        door=Door(tenancy.PLACES, *policies.READS_AUDIT, kind="export"),
    ),
    page("healthz", health.healthz, name="healthz", door=public(kind="probe")),
    page("ready", health.ready, name="ready", door=public(kind="probe")),
    prefix("", include("plans.urls")),
    prefix("", include("networks.urls")),
    *SIGN_IN,
    *reminders.urlpatterns,
    *tenancy.urlpatterns,
]

handler403 = "ssip.views.site.handler403"
handler404 = "ssip.views.site.handler404"
handler500 = "ssip.views.site.handler500"
