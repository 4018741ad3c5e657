"""Every address of the site and its door, app by app."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.urls import include, register_converter, reverse_lazy
from django.urls import path as prefix  # noqa: TID251  each page behind it declares its own door
from django.urls.converters import StringConverter

from ssip.core.doors import GET_POST, Door, page, public, signed_in
from ssip.core.second_factor import PAGES, private
from ssip.people import urls as people
from ssip.reminders import urls as reminders
from ssip.tenancy import policies
from ssip.tenancy.models import ICS, PSC, Organisation
from ssip.views import audit, health, networks, overviews, second_factor, site, work


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

remove_key = webauthn.RemoveWebAuthnView.as_view(success_url=reverse_lazy("mfa_index"))
OWN, OWN_FORM = signed_in(kind=PAGES), signed_in(GET_POST, PAGES)

# The names are those that allauth looks for. Asked at sign-in is only who has a second step, so that page is public.
SECOND_STEP = [
    page("account/2fa/", second_factor.overview, name="mfa_index", door=OWN),
    page("account/2fa/sign-in/", private(mfa.authenticate), name="mfa_authenticate", door=public(GET_POST, "sign-in")),
    page("account/2fa/confirm/", mfa.reauthenticate, name="mfa_reauthenticate", door=OWN_FORM),
    page(
        "account/2fa/confirm/key/",
        webauthn.reauthenticate_webauthn,
        name="mfa_reauthenticate_webauthn",
        door=OWN_FORM,
    ),
    page("account/2fa/app/", private(totp.activate_totp), name="mfa_activate_totp", door=OWN_FORM),
    page("account/2fa/app/remove/", private(totp.deactivate_totp), name="mfa_deactivate_totp", door=OWN_FORM),
    page("account/2fa/keys/add/", private(webauthn.add_webauthn), name="mfa_add_webauthn", door=OWN_FORM),
    page("account/2fa/keys/<int:pk>/remove/", private(remove_key), name="mfa_remove_webauthn", door=OWN_FORM),
    page("account/2fa/codes/", private(second_factor.recovery_codes), name="mfa_view_recovery_codes", door=OWN),
    page(
        "account/2fa/codes/recovery-codes.txt",
        private(second_factor.recovery_codes_file),
        name="mfa_download_recovery_codes",
        door=OWN,
    ),
    page(
        "account/2fa/codes/new/",
        private(codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
        door=OWN_FORM,
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
        door=Door(people.PLACES, *policies.READS_AUDIT, recorded=True),
    ),
    page(
        "manage/<str:kind>-<slug:code>/audit/file/",
        audit.audit_file,
        name="audit_file",
        door=Door(people.PLACES, *policies.READS_AUDIT, kind="export", recorded=True),
    ),
    page("healthz", health.healthz, name="healthz", door=public(kind="probe")),
    page("ready", health.ready, name="ready", door=public(kind="probe")),
    page("metrics", health.metrics, name="metrics", door=public(kind="probe")),
    prefix("", include("plans.urls")),
    prefix("", include("networks.urls")),
    prefix("", include("incidents.urls")),
    *SIGN_IN,
    *SECOND_STEP,
    *reminders.urlpatterns,
    *people.urlpatterns,
]

handler403 = "ssip.views.site.handler403"
handler404 = "ssip.views.site.handler404"
handler500 = "ssip.views.site.handler500"
