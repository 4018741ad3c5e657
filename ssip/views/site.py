"""Pages that belong to no record: the front page, words, statements, and what is said when something is wrong."""

from typing import Any

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden, HttpResponseNotFound, HttpResponseServerError
from django.shortcuts import redirect, render
from django.template.loader import render_to_string

from ssip.core.typed import typed
from ssip.tenancy import access
from ssip.views import glossary, navigation


def site(request: HttpRequest) -> dict[str, Any]:
    """What base.html needs on every page."""
    person = getattr(request, "user", None)
    grants = access.roles_of(person) if person and person.is_authenticated else []
    return {
        "site_name": settings.SITE_NAME,
        "header_logo": settings.HEADER_LOGO,
        "contact_email": settings.CONTACT_EMAIL,
        "demo": settings.DEMO,
        "second_factor": settings.SECOND_FACTOR,
        "person": person,
        "roles": grants,
        "navigation": navigation.entries(grants, request.path),
        "scopes": navigation.scope_entries(grants, request.path),
    }


def home(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect(settings.LOGIN_REDIRECT_URL)
    return render(request, "site/home.html")


def words(request: HttpRequest) -> HttpResponse:
    sought = request.GET.get("q", "").strip()
    return render(request, "site/words.html", {"sought": sought, "words": glossary.search(sought)})


def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "site/accessibility.html")


def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "site/privacy.html")


def cookies(request: HttpRequest) -> HttpResponse:
    head = ["Name", "What it is for", "How long it stays"]
    return render(request, "site/cookies.html", {"head": head, "cookies": _cookies()})


def _cookies() -> list[list[str]]:
    """From the settings that make them, so that the statement stays true."""
    minutes, days = settings.SESSION_COOKIE_AGE // 60, settings.CSRF_COOKIE_AGE // (24 * 60 * 60)
    return [
        [
            settings.SESSION_COOKIE_NAME,
            "Keeps you signed in.",
            f"Until you sign out, close the browser or do nothing for {minutes} minutes.",
        ],
        [
            settings.CSRF_COOKIE_NAME,
            "Makes sure that what you send comes from a page of this site.",
            f"{days} days.",
        ],
        [
            CookieStorage.cookie_name,
            "Carries a message to the next page, such as that your text was saved.",
            "Until you have seen the message.",
        ],
    ]


def handler403(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A refusal carries its reason: see ssip.core.verdicts.require."""
    return HttpResponseForbidden(render_to_string("403.html", {"reason": str(exception)}, request))


def handler404(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The same for what does not exist and for what belongs to somebody else."""
    return HttpResponseNotFound(render_to_string("404.html", {}, request))


def handler500(request: HttpRequest) -> HttpResponse:
    """Without the request: the database may be what is wrong, so nothing here may ask it."""
    return HttpResponseServerError(render_to_string("500.html"))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """What was typed is shown again, to be copied, if a page of this site sent it."""
    return HttpResponseForbidden(render_to_string("site/csrf_failure.html", {"typed": typed(request)}, request))
