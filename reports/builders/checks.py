"""What must hold before a report may exist: the figures agree with each other and the entries."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from reports.builders.figures import Figures, Table, table_named


class FiguresDisagreeError(Exception):
    """Two ways of counting gave two results; the message names the first pair."""


def differences(figures: Figures, entries: list[dict[str, Any]]) -> Iterable[str]:
    """Names of the tables whose sums or rows are wrong, counted again from the entries."""
    total = figures["total"]
    if len(entries) != total:
        yield "entries"
    for table in figures["tables"]:
        if table["kind"] != "several" and column_sum(table, 0) != total:
            yield table["name"]
    lines = table_named(figures, "action_line")
    if column(lines, 0) != positive(Counter(entry["main_action_line"] for entry in entries)):
        yield "main_action_line"
    named = Counter(
        code
        for entry in entries
        for code in (entry["main_action_line"], *entry["other_action_lines"])
    )
    if column(lines, 1) != positive(named):
        yield "all_action_lines"
    goals = Counter(code for entry in entries for code in entry["sdgs"] or [""])
    if column(table_named(figures, "sdg"), 0) != positive(goals):
        yield "sdg_of_entries"


def column(table: Table, index: int) -> dict[str, int]:
    return positive({row["code"]: row["values"][index] for row in table["rows"]})


def positive(found: dict[str, int]) -> dict[str, int]:
    return {code: n for code, n in found.items() if n}


def column_sum(table: Table, index: int) -> int:
    return sum(row["values"][index] for row in table["rows"])


def require_agreement(figures: Figures, entries: list[dict[str, Any]]) -> None:
    """Raises FiguresDisagreeError."""
    wrong = list(differences(figures, entries))
    if wrong:
        raise FiguresDisagreeError(
            _("The figures do not agree with each other (%(names)s); nothing was published.")
            % {"names": ", ".join(wrong)}
        )
