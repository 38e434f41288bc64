"""What must hold before a report may exist: the figures agree with each other and the entries."""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from django.utils.translation import gettext as _

from reports.builders.figures import Figures, Table

SUMMED = frozenset({"partition", "main_and_all", "each"})  # the first column adds up to the total


class FiguresDisagreeError(Exception):
    """Two ways of counting gave two results; the message names the first pair."""


Counted = Callable[[dict[str, Any]], Iterable[str]]


def under(name: str) -> Counted:
    """Counted once, under the code that the entry gives in this field."""
    return lambda entry: [entry[name]]


def with_outcome(name: str, *outcomes: str) -> Counted:
    """Counted under the code in this field when the entry has one of the outcomes."""
    return lambda entry: [entry[name]] if entry["outcome"] in outcomes else []


# (table, column) → the codes under which an entry counts there
COUNTED: dict[tuple[str, str], Counted] = {
    ("action_line", "main"): under("main_action_line"),
    ("action_line", "all"): lambda entry: (entry["main_action_line"], *entry["other_action_lines"]),
    ("sdg", "projects"): lambda entry: entry["sdgs"] or [""],
    ("part", "items"): under("part"),
}
for table in ("category", "region", "stakeholder_type", "country"):
    COUNTED[table, "named"] = under(f"{table}_code")
    COUNTED[table, "champions"] = with_outcome(f"{table}_code", "champion")
    COUNTED[table, "winners"] = with_outcome(f"{table}_code", "winner")


def differences(figures: Figures, entries: list[dict[str, Any]]) -> Iterable[str]:
    """Names of the tables whose sums or rows are wrong, counted again from the entries."""
    total = figures["total"]
    if len(entries) != total:
        yield "entries"
    for table in figures["tables"]:
        if table["kind"] in SUMMED and column_sum(table, 0) != total:
            yield table["name"]
        for index, name in enumerate(table["columns"]):
            codes_of = COUNTED.get((table["name"], name))
            if codes_of is None:
                continue
            again = Counter(code for entry in entries for code in codes_of(entry))
            if column(table, index) != positive(again):
                yield f"{table['name']}, {name}"


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
