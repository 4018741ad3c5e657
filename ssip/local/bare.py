"""A Django site of one view and nothing else: what `make bench` holds the product's pages against."""

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path  # noqa: TID251  no page of the product

settings.configure(ALLOWED_HOSTS=["127.0.0.1"], ROOT_URLCONF=__name__, SECRET_KEY="of no use", DATABASES={})


def hello(request: HttpRequest) -> HttpResponse:
    return HttpResponse("hello\n")


urlpatterns = [path("", hello)]
application = get_wsgi_application()
