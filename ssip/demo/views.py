"""Signing in to a demonstration by a card. These addresses exist in a demonstration only."""

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from ssip.core.models import User
from ssip.demo import cards, tour
from ssip.demo.people import PASSWORD


def role_cards(request: HttpRequest) -> HttpResponse:
    page = {"cards": cards.all_cards(), "password": PASSWORD, "next": _local(request.GET.get("next", ""))}
    return render(request, "demo/role_cards.html", page)


def show_tour(request: HttpRequest) -> HttpResponse:
    return render(request, "demo/tour.html", {"steps": tour.steps()})


def sign_in(request: HttpRequest) -> HttpResponse:
    """As somebody of the cast and nobody else, whoever is signed in now."""
    email = request.POST.get("email", "")
    if not settings.DEMO or email not in cards.emails():
        raise Http404
    person = get_object_or_404(User, email=email, is_active=True)
    login(request, person, backend=settings.AUTHENTICATION_BACKENDS[0])
    return redirect(_local(request.POST.get("next", "")) or settings.LOGIN_REDIRECT_URL)


def _local(address: str) -> str:
    """An address of this site, or nothing."""
    return address if address.startswith("/") and url_has_allowed_host_and_scheme(address, allowed_hosts=None) else ""
