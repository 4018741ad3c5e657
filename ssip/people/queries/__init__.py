"""Read models, one a page."""

from ssip.people.queries.people import SEEN_WITH

__all__ = ["SEEN_WITH"]
