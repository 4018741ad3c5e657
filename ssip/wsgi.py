"""The web process: Django as ssip_app, behind gunicorn."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ssip.settings")
os.environ.setdefault("SSIP_DATABASE_ROLE", "app")

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()

from ssip.core import standing  # noqa: E402  once the apps are loaded

standing.require()
