"""What somebody reads on a page that a client was given."""

import re


def text(answer):
    """Its words, without markup."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", answer.content.decode()))


def told(answer):
    """What the page says happened just now."""
    return [str(message) for message in answer.context["messages"]]
