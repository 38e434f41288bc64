"""Pages of an app by their names, each looked at with `walk` and on the narrowest of phones."""

from typing import Any

from django.urls import reverse
from django.utils import translation

from tests.browser.test_pages import walk

NARROWEST = {"width": 320, "height": 640}
WIDEST = {"width": 1280, "height": 800}
TOO_WIDE = "document.scrollingElement.scrollWidth - window.innerWidth"
# Groups of fields that something beside them leaves no room for.
SQUEEZED = """() => [...document.querySelectorAll("main fieldset, #content fieldset")].filter(
    one => one.offsetParent && one.getBoundingClientRect().width < 100
).length"""


def walked(
    page: Any, live_server: Any, language: str, app: str, places: dict[str, list[Any]]
) -> list[Any]:
    """What is wrong with the pages. `places`: name of a page in the app, or with another app
    before a colon → its arguments; what follows a space tells two of one name apart, what follows
    a question mark is asked of the page."""
    with translation.override(language):
        addresses = [
            (_title(app, name), _address(app, name, args))
            for name, args in places.items()
        ]
    found = []
    for name, path in addresses:
        found += walk(page, live_server, language, [(name, path)])
        page.set_viewport_size(NARROWEST)
        by = page.evaluate(TOO_WIDE)
        found += [(name, 320, "too wide", by)] if by > 0 else []
        page.set_viewport_size(WIDEST)
        number = page.evaluate(SQUEEZED)
        found += [(name, 1280, "groups without room", number)] if number else []
    return found


def _address(app: str, name: str, args: list[Any]) -> str:
    name, _mark, asked = name.partition("?")
    name = name.split(" ")[0]
    path = reverse(name if ":" in name else f"{app}:{name}", args=args)
    return f"{path}?{asked}" if asked else path


def _title(app: str, name: str) -> str:
    return f"{app}-{name}".replace("?", "-").replace("=", "-").replace("&", "-")
