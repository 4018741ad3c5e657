"""Setting up and changing networks: the only code that writes one."""

from datetime import date

from django.db import IntegrityError, transaction

from networks import policies
from networks.models import Network
from ssip.core import audit
from ssip.core.models import User
from ssip.core.references import next_reference
from ssip.core.verdicts import require
from ssip.tenancy.models import Scope
from ssip.tenancy.models.grants import in_scope

TAKEN = "There is a network of this name here already. Choose another name."


class NameTaken(Exception):
    """The scope has a network of this name."""


@transaction.atomic
def set_up(*, scope: Scope, name: str, kind: str, begun_on: date, by: User, **more: str) -> Network:
    """A new network. `more`: purpose, chair, meets."""
    require(policies.can_set_up(by, scope))
    reference = next_reference(scope, "NETWORK")  # of two at once, the second waits here
    _refuse_taken(scope, name)
    network = Network(reference=reference, name=name, kind=kind, begun_on=begun_on, **more, **in_scope(scope))
    _keep(network)
    audit.record("set up network", network, by=by, kind=kind)
    return network


@transaction.atomic
def change(network: Network, *, by: User, **values: str) -> Network:
    """Change name, kind, purpose, chair or meets."""
    network = Network.objects.select_for_update(of=("self",)).get(pk=network.pk)
    require(policies.can_set_up(by, network.scope))
    before = {name: getattr(network, name) for name in values}
    changed = sorted(name for name, value in values.items() if before[name] != value)
    if "name" in changed:
        _refuse_taken(network.scope, values["name"], but=network)
    for name in changed:
        setattr(network, name, values[name])
    if changed:
        _keep(network, changed)
        audit.record("change network", network, by=by, **audit.difference(before, values, values=("kind",)))
    return network


def _refuse_taken(scope: Scope | None, name: str, but: Network | None = None) -> None:
    named = Network.objects.filter(**in_scope(scope), name__iexact=name).values_list("pk", flat=True)
    if set(named) - ({but.pk} if but else set()):
        raise NameTaken(TAKEN)


def _keep(network: Network, fields: list[str] | None = None) -> None:
    """Somebody may take the name between our look and our save; the database then refuses ours."""
    try:
        with transaction.atomic():
            network.save(update_fields=fields)
    except IntegrityError as taken:
        raise NameTaken(TAKEN) from taken
