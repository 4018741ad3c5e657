"""My work: everybody's first page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ssip.tenancy import access


def my_work(request: HttpRequest) -> HttpResponse:
    """Where this person works and since when."""
    return render(request, "site/work.html", {"grants": access.roles_of(request.user)})
