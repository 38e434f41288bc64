"""The sheet of the numbers and claims that stand in the text of a report."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from reports.markup.nodes import inlines_of, nodes_of_body
from reports.output.models import Snapshot

LIVING = frozenset({"figure", "claim"})


def rows_of_numbers(snapshot: Snapshot) -> list[tuple[Any, ...]]:
    """A heading and a row for each, in the order of the text; [] when the text has none."""
    body = snapshot.body
    rows = [
        (one["token"], one["text"], linked(one["address"]))
        for one in inlines_of(nodes_of_body(body), LIVING)
    ]
    return [(_("Token"), _("In the text"), _("Link")), *rows] if rows else []


def linked(address: str) -> str:
    return f"{settings.SITE_URL}{address}" if address else ""


def sheet_of_numbers() -> str:
    return _("Numbers in the text")
