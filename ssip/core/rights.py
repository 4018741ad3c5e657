"""What the two working database roles may do with a table, said in the migration that makes it.

`ssip_app` is the web and people's jobs, `ssip_worker` the clock. Neither owns anything; a table
about which nothing is said is closed to both.
"""

from django.db.migrations import RunSQL

OWNER, APP, WORKER = "ssip_owner", "ssip_app", "ssip_worker"


def rights(table: str, *, app: str = "", worker: str = "") -> RunSQL:
    """Let each role do the named things ("SELECT, INSERT") with the table, and nothing else."""
    forward, back = [], []
    for role, verbs in ((APP, app), (WORKER, worker)):
        if verbs:
            forward.append(f"GRANT {verbs} ON {table} TO {role};")
            back.append(f"REVOKE ALL ON {table} FROM {role};")
    return RunSQL("\n".join(forward), "\n".join(back))


def functions(make: str, drop: str, *, app: tuple[str, ...] = (), worker: tuple[str, ...] = ()) -> RunSQL:
    """Make functions of the database; `app` and `worker` name those that each role may call."""
    closing = [f"REVOKE ALL ON FUNCTION {name} FROM PUBLIC;" for name in sorted({*app, *worker})]
    opening = [
        f"GRANT EXECUTE ON FUNCTION {name} TO {role};"
        for role, names in ((APP, app), (WORKER, worker))
        for name in names
    ]
    return RunSQL("\n".join([make, *closing, *opening]), drop)
