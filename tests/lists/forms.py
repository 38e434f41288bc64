"""The forms of a page that search and filter, filled and sent as a browser does: every field with
a name goes along, the empty ones too; of a group of boxes only those that are ticked."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin, urlsplit

NOT_SENT = {"submit", "button", "reset", "image", "file"}
WORD = "data"
YEAR = "2020"
DAY = "2026-05-04"


@dataclass
class Field:
    name: str
    kind: str
    values: list[str] = field(default_factory=list)  # as the page shows them
    options: list[str] = field(default_factory=list)
    several: bool = False
    attrs: dict = field(default_factory=dict)

    def filled(self):
        """What a reader might enter: a word, the first real choice."""
        choices = [value for value in self.options if value]
        if self.kind in {"select", "checkbox", "radio"}:
            return choices[:1]
        if self.kind == "hidden" or self.values != [""]:
            return self.values
        if self.kind == "date" or "DateField" in self.attrs.get("class", ""):
            return [DAY]
        if self.attrs.get("list"):
            return [self.attrs.get("placeholder", "")]
        is_number = self.kind == "number" or self.attrs.get("inputmode") == "numeric"
        return [YEAR] if is_number else [WORD]


@dataclass
class SearchForm:
    action: str
    label: str = ""
    fields: dict = field(default_factory=dict)
    buttons: list = field(default_factory=list)

    @property
    def names(self):
        return tuple(sorted(self.fields))

    def address(self, page, how):
        """Where the button leads: the form as it is served ("empty") or filled."""
        pairs = [
            (one.name, value)
            for one in self.fields.values()
            for value in (one.values if how == "empty" else one.filled())
        ]
        target = urlsplit(urljoin(page, self.action or "")).path
        return f"{target}?{urlencode(pairs)}"

    def one_choice_each(self, page):
        """The form sent with one choice of one select after the other."""
        for chosen in self.fields.values():
            choices = [value for value in chosen.options if value]
            if chosen.kind not in {"select", "checkbox"} or not choices:
                continue
            pairs = [
                (one.name, value)
                for one in self.fields.values()
                for value in (choices[-1:] if one is chosen else one.values)
            ]
            yield f"{urlsplit(urljoin(page, self.action or '')).path}?{urlencode(pairs)}"


class Page(HTMLParser):
    """The links and GET forms of a page."""

    def __init__(self, html):
        super().__init__()
        self.links, self.forms = [], []
        self.form = self.select = self.button = None
        self.feed(html)

    def handle_starttag(self, tag, pairs):
        attrs = {name: value or "" for name, value in pairs}
        if tag == "a" and attrs.get("href") and "hreflang" not in attrs:
            self.links.append(attrs["href"])
        elif tag == "form":
            self._form(attrs)
        elif self.form is not None:
            self._part(tag, attrs)

    def _form(self, attrs):
        self.form = None
        if attrs.get("method", "get").lower() == "get":
            self.form = SearchForm(attrs.get("action", ""), attrs.get("aria-label", ""))
            self.forms.append(self.form)

    def _part(self, tag, attrs):
        name = attrs.get("name")
        if tag == "input" and name:
            self._input(name, attrs)
        elif tag == "select" and name:
            self.select = Field(
                name, "select", several="multiple" in attrs, attrs=attrs
            )
            self.form.fields[name] = self.select
        elif tag == "option" and self.select:
            self.select.options.append(attrs.get("value", ""))
            if "selected" in attrs:
                self.select.values.append(attrs.get("value", ""))
        elif tag == "button":
            self.button = [attrs.get("aria-label", "")]
            self.form.buttons.append(self.button)

    def _input(self, name, attrs):
        kind = attrs.get("type", "text")
        if kind in NOT_SENT:
            return
        fields = self.form.fields
        if kind in {"checkbox", "radio"}:
            box = fields.setdefault(name, Field(name, kind, several=kind == "checkbox"))
            box.options.append(attrs.get("value", "on"))
            if "checked" in attrs:
                box.values.append(attrs.get("value", "on"))
            return
        fields[name] = Field(name, kind, [attrs.get("value", "")], attrs=attrs)

    def handle_data(self, text):
        if self.button is not None:
            self.button.append(text)

    def handle_endtag(self, tag):
        if tag == "select" and self.select:
            if not self.select.values and not self.select.several:
                self.select.values = self.select.options[
                    :1
                ]  # a browser chooses the first
            self.select = None
        elif tag == "button":
            self.button = None
        elif tag == "form":
            self.form = None


MAIN = re.compile(r'<main\b.*?</main>|<div id="content"\b.*', re.DOTALL)


def main_of(html):
    found = MAIN.search(html)
    return found[0] if found else ""
