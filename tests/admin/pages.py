"""Forms of the admin as a browser holds them: read from the served page, sent back as they are."""

from html.parser import HTMLParser


class Form(HTMLParser):
    """The fields of one form of a page: name → value, and what each of them is."""

    def __init__(self, html, form_id):
        super().__init__()
        self.form_id, self.inside = form_id, False
        self.data, self.kinds, self.options = {}, {}, {}
        self.select = self.area = None
        self.feed(html)

    def handle_starttag(self, tag, pairs):
        attrs = dict(pairs)
        if tag == "form":
            self.inside = attrs.get("id") == self.form_id
        if not self.inside:
            return
        name = attrs.get("name")
        if tag == "input" and name:
            self._input(name, attrs)
        elif tag == "select" and name:
            self.select, self.kinds[name] = name, "select"
            self.options[name] = []
        elif tag == "option" and self.select:
            self.options[self.select].append(attrs.get("value", ""))
            if "selected" in attrs:
                self.data.setdefault(self.select, []).append(attrs.get("value", ""))
        elif tag == "textarea" and name:
            self.area, self.kinds[name], self.data[name] = name, "textarea", ""

    def _input(self, name, attrs):
        kind = attrs.get("type", "text")
        if kind in {"submit", "button", "file", "image"}:
            return
        if kind in {"checkbox", "radio"}:
            self.kinds[name] = kind
            if "checked" in attrs:
                self.data.setdefault(name, []).append(attrs.get("value", "on"))
            return
        is_date = {"vDateField", "vTimeField"} & set(attrs.get("class", "").split())
        self.kinds[name] = "date" if is_date else kind
        self.data[name] = attrs.get("value", "")

    def handle_data(self, text):
        if self.area:
            self.data[self.area] += text

    def handle_endtag(self, tag):
        if tag == "select":
            self.select = None
        elif tag == "textarea" and self.area:
            self.data[self.area] = self.data[self.area].removeprefix("\n")
            self.area = None
        elif tag == "form":
            self.inside = False

    def writable(self):
        """Names of the record's own fields that take a text, or something else to choose."""
        rank = {
            "textarea": 0,
            "text": 1,
            "url": 2,
            "email": 3,
            "number": 4,
            "select": 5,
            "checkbox": 6,
        }
        hidden = {"csrfmiddlewaretoken", "_popup"}
        names = [
            n for n, kind in self.kinds.items() if kind in rank and n not in hidden
        ]
        return sorted(names, key=lambda name: rank[self.kinds[name]])

    def with_text(self, name, text, number):
        """The form with something else in one field: what two people would type there."""
        kind = self.kinds[name]
        others = [
            o
            for o in self.options.get(name, ())
            if o and o not in self.data.get(name, [])
        ]
        value = {
            "textarea": text,
            "text": text,
            "url": f"https://{text.lower()}.example/",
            "email": f"{text.lower()}@a.example",
            "number": str(number),
            "select": others[number - 11] if len(others) > number - 11 else None,
            "checkbox": None,
        }[kind]
        return None if value is None else self.data | {name: value, "_save": "Save"}
