"""What somebody had typed when a page could not be saved, to be copied from the page that says so."""

from django.http import HttpRequest


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
