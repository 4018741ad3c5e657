"""The forms of a page as a browser sees them, filled in as a person would, and with somebody else's ids."""

from dataclasses import dataclass, field
from datetime import timedelta
from html.parser import HTMLParser

from django.urls import resolve

from ssip.core import clock

WORDS = "Words that somebody typed"
TOKEN = "csrfmiddlewaretoken"  # says nothing of a record
NAME = "Meadowsweet"  # of a person, a network or a round
# In how many days a date lies; any other is today.
AHEAD = {
    "wanted_by": 5, "papers_due_on": 13, "meeting_on": 20, "plans_due_on": 42, "ends_on": 120, "until": 90,
    "review_by": 400,
}  # fmt: skip
CHOSEN = ("hidden", "select", "radio", "checkbox")


@dataclass
class Asked:
    """One field: how it is asked, what stands in it, and what can be chosen."""

    kind: str
    value: str = ""
    options: list[str] = field(default_factory=list)


@dataclass
class Form:
    """What a page sends, and to which address."""

    action: str
    asked: dict[str, Asked] = field(default_factory=dict)
    is_shown: bool = True

    @property
    def route(self):
        return resolve(self.action.split("?")[0]).route

    def filled(self, last=False):
        """Ready to send; where there is a choice the first answer, or the last."""
        given = {}
        for name, asked in self.asked.items():
            given[name] = _answer(name, asked, -1 if last else 0)
        return given

    @property
    def chosen(self):
        """Fields that name a record or an answer; in the others somebody types."""
        return [name for name, asked in self.asked.items() if asked.kind in CHOSEN]


def _answer(name, asked, which):
    of, _, part = name.rpartition("_")
    if part in ("day", "month", "year"):
        return str(getattr(clock.today() + timedelta(days=AHEAD.get(of, 0)), part))
    if asked.kind == "checkbox":
        return list(asked.options)
    if asked.options:
        return [each for each in asked.options if each][which] if any(asked.options) else ""
    if asked.kind == "email":
        return "somebody.new@example.org"
    if name == "name":
        return NAME
    return asked.value or (WORDS if asked.kind in ("text", "textarea") else "")


class _Reader(HTMLParser):
    def __init__(self, path):
        super().__init__()
        self.path, self.forms, self.form, self.open = path, [], None, None

    def handle_starttag(self, tag, attrs):
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.form = Form(said.get("action") or self.path) if said.get("method", "").lower() == "post" else None
            self.forms += [self.form] if self.form else []
        elif self.form and tag in ("input", "select", "textarea") and said.get("name", TOKEN) != TOKEN:
            self._asked(tag, said)
        elif self.form and tag == "option" and self.open:
            self.open.options.append(said.get("value", ""))

    def _asked(self, tag, said):
        kind = said.get("type", "text") if tag == "input" else tag
        asked = self.form.asked.setdefault(said["name"], Asked(kind))
        if kind in ("radio", "checkbox"):
            asked.options.append(said.get("value", "on"))
        else:
            asked.value = said.get("value", "")
        self.open = asked if tag in ("select", "textarea") else None

    def handle_data(self, data):
        if self.open and self.open.kind == "textarea":
            self.open.value += data.strip("\n")

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None
        if tag in ("select", "textarea"):
            self.open = None


def forms_in(answer, path):
    """Those that send something; not the one that signs out."""
    if "html" not in answer.get("Content-Type", "") or answer.status_code != 200:
        return []
    reader = _Reader(path)
    reader.feed(answer.content.decode())
    return [form for form in reader.forms if not form.route.startswith("account/")]
