"""Do the walls stand? Asked when a process starts, by /ready, and by `manage.py check --database default`.

Row-level security protects nobody from a role that owns the tables or may pass it, nor a table
without a policy. Each trouble is one sentence for the operator.
"""

from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, register
from django.db import DatabaseError, connection

PASSES_WALLS = "SELECT rolname FROM pg_roles WHERE rolname = current_user AND (rolsuper OR rolbypassrls)"
OWNS = "SELECT tableowner FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user LIMIT 1"
# A table with a tenant's column has row-level security and a policy, or says why it is public.
OPEN_TABLES = """
SELECT c.relname
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
WHERE c.relkind IN ('r', 'p')
  AND EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND NOT a.attisdropped
              AND a.attname IN ('psc_id', 'ics_id', 'organisation_id'))
  AND NOT (c.relrowsecurity AND EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid))
  AND coalesce(obj_description(c.oid, 'pg_class'), '') NOT LIKE 'Public: %'
ORDER BY 1
"""
VIEWS = """
SELECT c.relname
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
WHERE c.relkind = 'v' AND NOT coalesce(c.reloptions @> ARRAY['security_invoker=true'], false)
ORDER BY 1
"""

GUARDS_OFF = """
SELECT t.tgname || ' on ' || c.relname
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND NOT t.tgisinternal AND t.tgenabled <> 'O'
ORDER BY 1
"""


class WallsDown(Exception):
    """The process must not serve anybody like this."""


def troubles() -> list[str]:
    """What is wrong, one sentence each; nothing when the walls stand. The owner's own commands may own tables."""
    found = []
    if names := _names(PASSES_WALLS):
        found.append(
            f"The database role {names[0]} passes row-level security: give it neither SUPERUSER nor BYPASSRLS."
        )
    if settings.DATABASE_ROLE != "owner" and (names := _names(OWNS)):
        found.append(f"The database role {names[0]} owns tables, so no policy holds for it: connect as ssip_app.")
    found += [
        f"The table {name} belongs to tenants and has no policy: see ssip/tenancy/walls.py."
        for name in _names(OPEN_TABLES)
    ]
    found += [
        f"The view {name} runs as its owner and passes the walls: create it WITH (security_invoker=true)."
        for name in _names(VIEWS)
    ]
    found += [f"The guard {name} is switched off: enable its trigger." for name in _names(GUARDS_OFF)]
    return found


def require() -> None:
    """Stop a process whose walls are down. A database that does not answer yet is /ready's to tell."""
    try:
        found = troubles()
    except DatabaseError:
        return
    finally:
        connection.close()
    if found:
        raise WallsDown(found[0])


@register(Tags.database)
def walls_stand(databases: Any = None, **kwargs: Any) -> list[Error]:
    return [Error(sentence, id="core.E002") for sentence in troubles()] if databases else []


def _names(query: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return [name for (name,) in cursor.fetchall()]
