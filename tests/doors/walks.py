"""Somebody who opens every page of theirs in one tenant, and finds the forms on them."""

from incidents.models import Item
from tests.doors.cells import Cell, Visitor
from tests.doors.forms import Form, forms_in
from tests.doors.places import ADDRESSES, FIXED, own_place, places


class Walker(Visitor):
    """A visitor who stays within what is theirs."""

    def pages(self, target):
        """(path, answer) of each page that opens."""
        for route, door in ADDRESSES:
            if "GET" in door.methods and not door.is_public and not route.startswith("account/"):
                yield from self._open(self._paths(route, door, target))

    def forms(self, target):
        """Each form once, wherever it stands; what is on no page now is sent as it is."""
        found = {}
        for path, answer in self.pages(target):
            for form in forms_in(answer, path):
                found.setdefault((form.route, *sorted(form.asked)), form)
        routes = {form.route for form in found.values()}
        return [*found.values(), *(form for form in self._on_no_page(target) if form.route not in routes)]

    def _open(self, paths):
        for path in paths:
            answer = self.ask("get", path)
            if answer.status_code == 200:
                yield path, answer

    def _paths(self, route, door, target):
        """Where something is asked, of a plan in each state and of each thing to record as well."""
        if "<" not in route:
            return [own_place(route).path]
        own = [place.path for place in places(route, target) if self.may_enter(Cell("get", place, door))]
        if "POST" not in door.methods:
            return own
        return list(dict.fromkeys(varied for path in own for varied in _variants(path, target)))

    def _on_no_page(self, target):
        for route, door in ADDRESSES:
            if "POST" in door.methods and "<" in route and not route.startswith("account/"):
                yield from (Form(path, is_shown=False) for path in self._paths(route, door, target)[:1])


def _variants(path, target):
    """The same page of a plan in another state, or of another thing to record; the first is the page itself."""
    yield path
    yield from (path.replace(FIXED["item"], item) for item in Item.values)
    yield from (path.replace(f"/plans/{target.ids['plans']}/", f"/plans/{pk}/") for pk in target.plans.values())
