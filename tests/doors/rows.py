"""What stands in the tables: whether a request changed a row, whose, and whether one points at somebody else's."""

from functools import cache

from django.db import connection

from ssip.core.models import User
from tests.doors.canaries import KINDS, of_tenants

# Of no tenant, or written by every request: sessions, limits of tries, when somebody last signed in.
APART = {"django_session", "core_cache", "core_user", "django_migrations", "account_emailaddress"}
# What work to do is about.
ABOUT = ("plans.Plan", "plans.Round", "networks.Network")


def digests():
    """One digest a table, of every row. As the owner, who sees all."""
    each = [f"SELECT '{name}', md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {name} t" for name in _tables()]
    return dict(_ask(" UNION ALL ".join(each)))


def changed(before, after):
    return sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))


def by_owner():
    """One digest for each table and place: {(table, "ics 3"): digest}. As the owner."""
    each = [
        f"SELECT '{table}', {owner}, md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {table} t GROUP BY 2"
        for table, owner in _owners("t").items()
    ]
    return {(table, owner): digest for table, owner, digest in _ask(" UNION ALL ".join(each))}


def astray():
    """Rows that point at a record of another place, or at a person whose roles are all elsewhere. As the owner."""
    return set(_ask(" UNION ALL ".join(_pointing_astray())))


def _ask(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


def _tables():
    found = _ask(
        "SELECT table_name FROM information_schema.tables"
        " WHERE table_schema = 'public' AND table_type = 'BASE TABLE' ORDER BY 1"
    )
    return [name for (name,) in found if name not in APART]


def _columns(model):
    return {field.column for field in model._meta.concrete_fields}


def _owners(alias):
    """For each table of a tenant, what names the place that owns a row."""
    found = {}
    for model in of_tenants():
        kinds = [kind for kind in KINDS if f"{kind}_id" in _columns(model)]
        if kinds:
            named = ", ".join(f"'{kind} ' || {alias}.{kind}_id" for kind in kinds)
            found[model._meta.db_table] = f"coalesce({named}, 'site')"
        elif "scope_kind" in _columns(model):
            found[model._meta.db_table] = f"{alias}.scope_kind || ' ' || coalesce({alias}.scope_id, 0)"
    return found


@cache
def _pointing_astray():
    """One statement for each column that names another record, or a person who was chosen."""
    owned = [model for model in of_tenants() if model._meta.db_table in _owners("a")]
    found = []
    for model in owned:
        for field in model._meta.concrete_fields:
            if field.related_model in owned:
                found.append(_astray(model, field.column, field.related_model, f"a.{field.column} = b.id"))
            elif field.related_model is User and field.name == "person" and "ics_id" in _columns(model):
                found.append(_stranger(model))
        if "about_kind" in _columns(model):
            for each in (each for each in owned if each._meta.label in ABOUT):
                joined = f"a.about_kind = '{each._meta.label_lower}' AND a.about_id::text = b.id::text"
                found.append(_astray(model, "about_id", each, joined))
    return found


def _astray(model, column, related, joined):
    """A record of an ICS may point at one of a PSC that serves it."""
    table, target, served = model._meta.db_table, related._meta.db_table, ""
    mine, its = _owners("a")[table], _owners("b")[target]
    if "ics_id" in _columns(model):
        served = (
            f" AND NOT EXISTS (SELECT FROM tenancy_coverage c WHERE c.ics_id = a.ics_id AND 'psc ' || c.psc_id = {its})"
        )
    return (
        f"SELECT '{table}.{column}', a.id::text FROM {table} a JOIN {target} b ON {joined}"
        f" WHERE {mine} <> {its}{served}"
    )


def _stranger(model):
    table = model._meta.db_table
    here = " OR ".join(f"g.{kind}_id = a.{kind}_id" for kind in KINDS if f"{kind}_id" in _columns(model))
    return (
        f"SELECT '{table}.person', a.id::text FROM {table} a"
        f" WHERE EXISTS (SELECT FROM tenancy_grant g WHERE g.person_id = a.person_id)"
        f" AND NOT EXISTS (SELECT FROM tenancy_grant g WHERE g.person_id = a.person_id AND ({here} OR g.psc_id IN"
        f" (SELECT c.psc_id FROM tenancy_coverage c WHERE c.ics_id = a.ics_id)))"
    )
