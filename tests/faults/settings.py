"""The suite's settings for a site of its own, which keeps its connections to the database as the real one does."""

from tests.settings import *  # noqa: F403

DATABASES["default"]["CONN_MAX_AGE"] = 60  # noqa: F405
