"""Pressing the button of a page as a browser does: with the token of the form, cookies, and the
origin that the page's Referrer-Policy lets it tell."""

import re

from django.test import Client

SITE = "http://testserver"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
SILENT = "no-referrer"


class Browser(Client):
    """A client that forgets neither the token nor the Origin."""

    def __init__(self, **settings):
        super().__init__(enforce_csrf_checks=True, **settings)

    def press(self, path, data=None):
        """Open the page at `path` and send its form there."""
        page = self.get(path)
        token = TOKEN.search(page.content.decode())
        fields = (data or {}) | ({"csrfmiddlewaretoken": token[1]} if token else {})
        origin = "null" if page.headers.get("Referrer-Policy") == SILENT else SITE
        return self.post(
            path, fields, headers={"origin": origin, "referer": SITE + path}
        )
