"""What a person is told when something cannot be done; each carries its sentence."""


class WrongState(Exception):
    """Somebody got there first."""


class NobodyElse(Exception):
    """Handing the task back would leave it with nobody."""
