"""Two people take one name at once: one has it, the other is told."""

from networks import workflow
from networks.models import Network
from ssip.core.context import acting_as
from tests.stories import a_network
from tests.world import World


def test_of_two_networks_given_one_name_at_once_one_keeps_its_own(at_once):
    world = World()
    two = [a_network(world, name="First"), a_network(world, name="Second")]

    def naming(network):
        def name():
            with acting_as(world.ics_lead):
                return workflow.change(network, by=world.ics_lead, name="Fenland falls network").name

        return name

    answers = at_once(*map(naming, two))
    assert "Fenland falls network" in answers
    assert any(isinstance(answer, workflow.NameTaken) for answer in answers)
    with acting_as(world.ics_lead):
        assert len(set(Network.objects.values_list("name", flat=True))) == 2
