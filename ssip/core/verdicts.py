"""The answer a policy gives: may they, and if not, the sentence we show them."""

from typing import NamedTuple

from django.core.exceptions import PermissionDenied


class Verdict(NamedTuple):
    allowed: bool
    reason: str = ""

    def __bool__(self) -> bool:
        return self.allowed


YES = Verdict(True)


def no(reason: str) -> Verdict:
    return Verdict(False, reason)


def require(verdict: Verdict) -> None:
    """Turn a refusal into a 403 that carries its reason."""
    if not verdict:
        raise PermissionDenied(verdict.reason)
