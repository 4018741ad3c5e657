"""Who knocks: each role, an outsider of each kind, and those who come with a session that should open nothing."""

from allauth.mfa.models import Authenticator
from django.utils import timezone

from ssip.core.models import User
from ssip.tenancy import workflow
from ssip.tenancy.models import PSC, Coverage, Grant, Role
from ssip.tenancy.roles import NEEDS_SECOND_FACTOR, ROLES
from tests.doors import places
from tests.world import PEOPLE, SINCE

# Signed in, and without any right here: the session is older than the end of the role or of the account.
FORMER = ("former_lead", "lapsed_lead", "deactivated_lead")
PERSONS = (*places.PERSONS, *FORMER)
SIGNED_OUT = ("anonymous", "deactivated_lead")
# Whoever decides or gives roles: not even their own pages open before a second step is set up.
DECIDING = [
    name
    for name, (role, *_) in PEOPLE.items()
    if any(NEEDS_SECOND_FACTOR & set(may.permissions) for may in ROLES[role].values())
]
PASSWORD = "correct horse battery"


def email_of(name):
    return f"{name}@example.org"


def build():
    """As the owner of the tables: those who are not in the world of other tests, and everybody's second step."""
    User.objects.create_user(email_of("superuser"), "Superuser", PASSWORD, is_superuser=True)
    lead = Grant.objects.get(person__email=email_of("ics_lead"))
    for name in FORMER:
        User.objects.create_user(email_of(name), name.replace("_", " ").capitalize(), PASSWORD)
        workflow.grant(email_of(name), Role.ICS_LEAD, lead.scope, by=None, reason="Set up for the tests")
    Grant.objects.filter(person__email__in=map(email_of, FORMER)).update(from_date=SINCE)
    for person in User.objects.filter(email__in=map(email_of, DECIDING)):
        Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={})


def shut_out(name):
    """What happens to the former after they have signed in. As the owner of the tables."""
    grant = Grant.objects.filter(person__email=email_of(name))
    if name == "former_lead":
        grant.update(ended_at=timezone.now(), ended_reason="Moved on")
    elif name == "lapsed_lead":
        grant.update(until=SINCE)
    elif name == "deactivated_lead":
        User.objects.filter(email=email_of(name)).update(is_active=False)


def held():
    """Who holds what, from the grants and ROLES alone: {email: {(kind, code): {permission}}}. The former: nothing."""
    served = {}
    for each in Coverage.objects.current().select_related("psc", "ics"):
        served.setdefault(each.psc.code, []).append(each.ics.code)
    found = {}
    grants = Grant.objects.live().exclude(person__email__in=map(email_of, FORMER))
    for grant in grants.select_related("person", "psc", "ics", "organisation"):
        own = found.setdefault(grant.person.email, {})
        for kind, may in ROLES[Role(grant.role)].items():
            if kind is None:
                own["site"] = set(may.permissions)
            elif isinstance(grant.scope, kind):
                reached = [(kind.scope_kind, grant.scope.code)]
                reached += [("ics", code) for code in served.get(grant.scope.code, [])] if kind is PSC else []
                for scope in reached:
                    own.setdefault(scope, set()).update(may.permissions)
    return found
