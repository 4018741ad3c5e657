"""What tests of reviews begin with: roles by the name of their person, and a review by somebody."""

from ssip.core.context import acting_as
from ssip.people import workflow
from ssip.people.models import ReviewedRole
from ssip.people.queries import reviews as queries
from ssip.tenancy import workflow as tenancy
from ssip.tenancy.models import Grant

Outcome = ReviewedRole.Outcome


def role_of(person, scope):
    """Its only open role there, asked as the person."""
    with acting_as(person):
        return Grant.objects.in_scope(scope).get(person=person, ended_at=None)


def review(scope, by, *, ended=(), reason="Not needed any more", seen=None):
    """Keep every role but those of the people named."""
    with acting_as(by):
        now = queries.asked(by, scope)
        decided = {row.grant.pk: Outcome.ENDED if row.grant.person in ended else Outcome.KEPT for row in now.rows}
        seen = now.number if seen is None else seen
        return workflow.review(scope, by=by, seen=seen, decided=decided, reason=reason)


def outcomes(done, reader):
    """By the name of each person."""
    with acting_as(reader):
        return {role.grant.person.email.split("@")[0]: role.outcome for role in queries.roles_in(done, reader)}


def give(email, role, scope, *, by=None, **more):
    """By the operator, as the owner of the tables, unless somebody else is named."""
    if by is None:
        return tenancy.grant(email, role, scope, by=None, reason="Needed here", name=email.split("@")[0], **more)
    with acting_as(by):
        return tenancy.grant(email, role, scope, by=by, reason="Needed here", name=email.split("@")[0], **more)
