"""The wall round a table: row-level security, written in the migration that makes the table.

A policy says which tenants' rows the person acted for may see and write; which of those rows a
page shows is `visible_to`. The clock sees only the tables that name it. ENABLE, never FORCE: the
owner's backup must hold every row.
"""

from typing import Literal

from django.db.migrations import RunSQL

from ssip.core.rights import APP, WORKER, rights

Owner = Literal["psc", "ics", "organisation", "any"]
SEE = {"psc": "view_psc", "ics": "view_ics", "organisation": "view_organisation"}


def ids(kind: str, permission: str) -> str:
    """The scopes where the person holds the permission: a scalar sub-select, so found once a statement."""
    return f"((SELECT ssip_{kind}_ids('{permission}'))::bigint[])"


def condition(owner: Owner, permission: str = "", around: str = "") -> str:
    """Rows of scopes where the person holds the permission; `around`: also of PSCs that serve an ICS where they do."""
    if owner == "any":
        return " OR ".join(f"{kind}_id = ANY {ids(kind, codename)}" for kind, codename in SEE.items())
    rows = f"{owner}_id = ANY {ids(owner, permission)}"
    return f"{rows} OR psc_id = ANY {ids('serving_psc', around)}" if around else rows


def wall(
    table: str,
    owner: Owner,
    permission: str = "",
    *,
    see: str = "",
    around: str = "",
    app: str = "SELECT, INSERT, UPDATE",
    worker: str = "",
) -> list[RunSQL]:
    """Close the table to all but holders of the permission in the row's scope; give the roles their rights.

    `see`: another permission is enough to read; `permission` is then what it takes to write.
    """
    seen, write = condition(owner, see or permission, around), condition(owner, permission)
    policies = f"""
        ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
        CREATE POLICY app_sees ON {table} FOR SELECT TO {APP} USING ({seen});
        CREATE POLICY app_inserts ON {table} FOR INSERT TO {APP} WITH CHECK ({write});
        CREATE POLICY app_updates ON {table} FOR UPDATE TO {APP} USING ({write}) WITH CHECK ({write});
        CREATE POLICY app_deletes ON {table} FOR DELETE TO {APP} USING ({write});
    """
    undo = "".join(f"DROP POLICY app_{verb} ON {table};" for verb in ("sees", "inserts", "updates", "deletes"))
    if worker:
        policies += f"CREATE POLICY clock ON {table} TO {WORKER} USING (true) WITH CHECK (true);"
        undo += f"DROP POLICY clock ON {table};"
    undo += f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;"
    return [RunSQL(policies, undo), rights(table, app=app, worker=worker)]


def public(table: str, why: str) -> RunSQL:
    """A table that everybody may read, signed in or not. `why` says what makes that right."""
    comment = f"COMMENT ON TABLE {table} IS 'Public: {why}';"
    given = rights(table, app="SELECT", worker="SELECT")
    return RunSQL(f"{given.sql}\n{comment}", f"{given.reverse_sql}\nCOMMENT ON TABLE {table} IS NULL;")
