"""The suite's settings: real servers, the owner's connection that becomes the web's role after set-up."""

import os

os.environ.setdefault("SSIP_DATABASE_ROLE", "owner")  # the site that a journey starts says "app"
os.environ["STRICT_CONTEXT"] = "true"

from ssip.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = STORAGES | {  # noqa: F405
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
SECURE_SSL_REDIRECT = False
SECOND_FACTOR = env.bool("SECOND_FACTOR", default=False)  # noqa: F405  its own tests switch it on
DATABASES["default"]["CONN_MAX_AGE"] = 0  # noqa: F405
