"""All forms of a page, filled and sent as a browser does, or as somebody who means harm does."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

TYPED = {"text", "textarea", "search", "email", "url", "tel", "password"}
NOT_SENT = {"reset", "image", "button"}


@dataclass
class Field:
    name: str
    kind: str
    values: list[str] = field(default_factory=list)  # as the page shows them
    options: list[str] = field(default_factory=list)
    required: bool = False

    @property
    def is_typed(self):
        return self.kind in TYPED


@dataclass
class Form:
    """`buttons` are the (name, value) pairs of which a browser sends the pressed one."""

    page: str
    action: str
    method: str
    fields: dict = field(default_factory=dict)
    buttons: list = field(default_factory=list)

    @property
    def target(self):
        return urlsplit(urljoin(self.page, self.action or self.page)).path

    @property
    def address(self):
        """With what stands behind the question mark."""
        parts = urlsplit(urljoin(self.page, self.action or self.page))
        return parts.path + (f"?{parts.query}" if parts.query else "")

    @property
    def names(self):
        """The fields; numbers inside names are left out: rows differ in nothing else."""
        plain = {"".join(" " if s.isdigit() else s for s in n) for n in self.fields}
        return tuple(sorted(plain))

    def served(self):
        """Name → values, as the page shows them; of choices that are required the first."""
        sent = {}
        for one in self.fields.values():
            choices = [value for value in one.options if value]
            values = one.values or (choices[:1] if one.required else [])
            if one.kind != "file":
                sent[one.name] = list(values)
        return sent


class Forms(HTMLParser):
    """The forms and links of a page at this address."""

    def __init__(self, page, html):
        super().__init__()
        self.page, self.links, self.forms = page, [], []
        self.by_id, self.loose = {}, []
        self.form = self.select = self.text = None
        self.feed(html)
        for name, tag, attrs in self.loose:
            if name in self.by_id:
                self.form = self.by_id[name]
                self._part(tag, attrs)

    def handle_starttag(self, tag, pairs):
        attrs = {name: value or "" for name, value in pairs}
        if tag == "a" and attrs.get("href"):
            self.links.append(urljoin(self.page, attrs["href"]))
        elif tag == "form":
            method = attrs.get("method", "get").lower()
            self.form = Form(self.page, attrs.get("action", ""), method)
            self.by_id[attrs.get("id")] = self.form
            self.forms.append(self.form)
        elif attrs.get("form"):
            self.loose.append((attrs["form"], tag, attrs))
        elif self.form is not None:
            self._part(tag, attrs)

    def _part(self, tag, attrs):
        name, fields = attrs.get("name"), self.form.fields
        required = "required" in attrs
        if tag == "option" and self.select:
            self.select.options.append(attrs.get("value", ""))
            if "selected" in attrs:
                self.select.values.append(attrs.get("value", ""))
        elif not name:
            return
        elif tag == "button":
            self.form.buttons.append((name, attrs.get("value", "")))
        elif tag == "input":
            self._input(name, attrs)
        elif tag == "select":
            self.select = fields[name] = Field(name, "select", required=required)
        elif tag == "textarea":
            self.text = fields[name] = Field(name, "textarea", [""])

    def _input(self, name, attrs):
        kind, fields = attrs.get("type", "text"), self.form.fields
        value, required = attrs.get("value", ""), "required" in attrs
        if kind == "submit":
            self.form.buttons.append((name, value))
        elif kind in {"checkbox", "radio"}:
            box = fields.setdefault(name, Field(name, kind))
            box.options.append(attrs.get("value", "on"))
            box.required |= required
            if "checked" in attrs:
                box.values.append(attrs.get("value", "on"))
        elif kind not in NOT_SENT:
            fields[name] = Field(name, kind, [value], required=required)

    def handle_data(self, text):
        if self.text is not None:
            self.text.values[0] += text

    def handle_endtag(self, tag):
        if tag == "select":
            self.select = None
        elif tag == "textarea":
            self.text = None
        elif tag == "form":
            self.form = None
