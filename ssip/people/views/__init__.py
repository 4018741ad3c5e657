"""The pages about people; what other pages of a place ask of them."""

from ssip.people.views.people import scope_for

__all__ = ["scope_for"]
