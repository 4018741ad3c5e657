"""Giving and ending roles: the only code that writes grants.

The web's database role may write neither grants nor groups; it calls two functions of the
database, which ask again who may grant what to whom and write grant and group together.
"""

from datetime import date
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.core.exceptions import PermissionDenied
from django.db import ProgrammingError, connection, transaction
from django.db.models import Q
from psycopg2 import errors

from ssip.core import accounts, audit, clock
from ssip.core.context import request_cache
from ssip.core.models import User
from ssip.core.verdicts import require
from ssip.tenancy import policies
from ssip.tenancy.models import (
    ICS,
    PSC,
    Grant,
    ICSGroupPermission,
    Organisation,
    OrganisationGroupPermission,
    PSCGroupPermission,
    Role,
    RoleGroup,
    Scope,
)
from ssip.tenancy.models.grants import GrantQuerySet, in_scope
from ssip.tenancy.roles import ROLES, May

_GROUP_PERMISSIONS: dict[type[Scope], Any] = {
    PSC: PSCGroupPermission,
    ICS: ICSGroupPermission,
    Organisation: OrganisationGroupPermission,
}


class AlreadyHeld(Exception):
    """The person holds this role here already."""


@transaction.atomic
def grant(
    email: str,
    role: Role,
    scope: Scope | None,
    *,
    by: User | None,
    reason: str,
    name: str = "",
    until: date | None = None,
) -> Grant:
    """Give a role from today until the end of `until`. A new address gets an account and a link to set a password.

    `by` is None for the operator, who connects as the owner of the tables.
    """
    person = User.objects.filter(email=User.objects.tidy(email)).first()
    if by:
        require(policies.can_grant(by, role, scope, to=person))
    is_new = person is None
    person = person or User.objects.create_user(email, name)
    if _still_open(person, role, scope).exists():
        raise AlreadyHeld(f"{person} is already {role.label} here.")

    held = Grant.objects.get(pk=_in_database("ssip_grant", person.pk, role.value, *_key(scope), until, reason))
    audit.record("grant", held, by=by, role=role.value, person=person.pk, until=until)
    request_cache().clear()
    if is_new:
        accounts.invite(person)
    return held


@transaction.atomic
def end(held: Grant, *, by: User | None, reason: str) -> Grant:
    """End a role now; the person's next request goes without it."""
    if by:
        require(policies.can_end(by, held))
    _in_database("ssip_end_grant", held.pk, reason)
    audit.record("end grant", held, by=by, role=held.role, person=held.person_id)
    request_cache().clear()
    held.refresh_from_db()
    return held


@transaction.atomic
def sync_roles() -> int:
    """Make every group equal to ROLES; run by the owner after migrate. Returns how many groups there are."""
    codenames = {(p.content_type.model, p.codename): p for p in Permission.objects.select_related("content_type")}
    groups = 0
    for role, mays in ROLES.items():
        for kind, may in mays.items():
            made = _groups(role, kind, may)
            groups += len(made)
            if kind:
                wanted = [codenames[kind.scope_kind, codename] for codename in may.permissions]
                _allow(kind, made, wanted)
    return groups


def _still_open(person: User, role: Role, scope: Scope | None) -> GrantQuerySet:
    """Open and not past its last day; one that is past it makes room in the database for a new one."""
    lasting = Q(until=None) | Q(until__gte=clock.today())
    return Grant.objects.filter(lasting, person=person, role=role, ended_at=None, **in_scope(scope))


def _groups(role: Role, kind: type[Scope] | None, may: May) -> list[RoleGroup]:
    """The groups of this role, one a scope of this kind; those that are missing are made."""
    if kind:
        here = RoleGroup.objects.filter(role=role, **{f"{kind.scope_kind}__isnull": False})
        missing = list(kind.objects.exclude(pk__in=here.values(kind.scope_kind)))
    else:
        here = RoleGroup.objects.filter(role=role, **in_scope(None))
        missing = [] if here.exists() else [None]
    for scope in missing:
        name = f"{scope.scope_kind} {scope.code} {role.value}" if scope else f"site {role.value}"
        group = Group.objects.create(name=name)
        RoleGroup.objects.create(group=group, role=role, granted_with=may.granted_with, **in_scope(scope))
    here.exclude(granted_with=may.granted_with).update(granted_with=may.granted_with)
    return list(here.all())


def _allow(kind: type[Scope], made: list[RoleGroup], wanted: list[Permission]) -> None:
    """Give these groups these permissions on their scope, and no other."""
    table = _GROUP_PERMISSIONS[kind]
    table.objects.filter(group__in=[each.group_id for each in made]).exclude(permission__in=wanted).delete()
    table.objects.bulk_create(
        (
            table(group_id=each.group_id, permission=permission, content_object=each.scope)
            for each in made
            for permission in wanted
        ),
        ignore_conflicts=True,
    )


def _key(scope: Scope | None) -> tuple[str, int | None]:
    return (scope.scope_kind, scope.pk) if scope else ("site", None)


def _in_database(function: str, *arguments: Any) -> int:
    """Call a function that writes grants; its refusal is a PermissionDenied, in its own words."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SELECT {function}({', '.join(['%s'] * len(arguments))})", arguments)
            return cursor.fetchone()[0]
    except ProgrammingError as refused:
        if isinstance(refused.__cause__, errors.InsufficientPrivilege):
            raise PermissionDenied(refused.__cause__.diag.message_primary) from refused
        raise
