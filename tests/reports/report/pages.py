"""The editor's page as a browser holds it: read from the served page, sent back as it is."""

import re

from tests.admin.pages import Form

BY_ITSELF = {"HX-Request": "true"}


class Editor:
    """One open page of a section; `type` changes a field, `press` sends the form by a button."""

    def __init__(self, client, section, language="en"):
        self.client, self.section = client, section
        self.url = f"{section.get_absolute_url()}?language={language}"
        self.read(client.get(self.url))

    def read(self, response):
        assert response.status_code == 200, response.status_code
        self.html = response.content.decode()
        files = re.findall(r'type="file" name="([^"]+)"', self.html)
        self.elsewhere = {*files, "new-section"}  # which stands at the side
        self.data = {
            name: value[0] if isinstance(value, list) else value
            for name, value in Form(self.html, "entry").data.items()
        }

    def sent(self, typed):
        """Only what the page offers can be typed."""
        assert set(typed) <= self.data.keys() | self.elsewhere, sorted(typed)
        return self.data | typed

    def press(self, button="save", value="1", **typed):
        typed = {name.replace("_", "-"): text for name, text in typed.items()}
        return self.client.post(self.url, self.sent(typed) | {button: str(value)})

    def by_itself(self, **typed):
        typed = {name.replace("_", "-"): text for name, text in typed.items()}
        return self.client.post(self.url, self.sent(typed), headers=BY_ITSELF)
