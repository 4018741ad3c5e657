"""A site with something broken beside it, on a clone of the database."""

from contextlib import ExitStack, closing

import psycopg2
import pytest
from django.db import connection

from tests.faults.ground import Site, Visitor
from tests.world import World


@pytest.fixture
def world(committed_db):
    return World()


@pytest.fixture
def start_site(committed_db, tmp_path):
    with ExitStack() as at_the_end, (tmp_path / "web.log").open("a") as log:

        def start(**changes):
            site = Site(committed_db, log, **changes)
            at_the_end.callback(site.stop)
            return site

        yield start


@pytest.fixture
def visit():
    """Somebody at a site, signed in if they have an address."""

    def arrive(site, email=""):
        visitor = Visitor(site)
        if email:
            visitor.log_in(email)
        return visitor

    return arrive


@pytest.fixture
def operator(committed_db):
    """Statements of the owner, on a connection beside the clone: `operator(statement, *arguments)` gives the rows."""
    settings = connection.settings_dict
    names = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD"}
    with closing(psycopg2.connect(dbname="postgres", **{name: settings[key] for name, key in names.items()})) as beside:
        beside.autocommit = True

        def run(statement, *arguments):
            with beside.cursor() as cursor:
                cursor.execute(statement, arguments)
                return cursor.fetchall() if cursor.description else []

        yield run
