"""What somebody typed: into the address, or into a page that could not be saved, to be copied from there."""

from django.http import HttpRequest

MOST_FIGURES = 9


def number_in(request: HttpRequest, name: str) -> int | None:
    """A number from the query; anything else counts as not given."""
    given = request.GET.get(name, "")
    return int(given) if given.isdecimal() and len(given) <= MOST_FIGURES else None


def typed(request: HttpRequest) -> list[str]:
    """Only text with spaces in it: that is what somebody wrote, and never a password, key or choice.

    Browsers let no page lie about Sec-Fetch-Site, so another site cannot make us show its words.
    """
    if request.headers.get("Sec-Fetch-Site") != "same-origin":
        return []
    return [
        value
        for name, values in request.POST.lists()
        for value in values
        if " " in value.strip() and "password" not in name
    ]
