"""Checks before a report may exist: its figures must agree with each other and with its records."""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from django.utils.translation import gettext as _

from reports.builders.added import codes_again
from reports.builders.figures import Figures, Table, every_table
from reports.builders.scope import INTERNATIONAL

SUMMED = frozenset(
    {"partition", "main_and_all", "each"}
)  # the first column adds up to the total


class FiguresDisagreeError(Exception):
    """Two ways of counting gave different results; the message names the first pair."""


Entries = list[dict[str, Any]]
Counted = Callable[[dict[str, Any]], Iterable[str]]


def under(name: str) -> Counted:
    """Counts the records by their code in this field."""
    return lambda entry: [entry[name]]


def with_outcome(name: str, *outcomes: str) -> Counted:
    """Counts by the code in this field, for records with one of the outcomes."""
    return lambda entry: [entry[name]] if entry["outcome"] in outcomes else []


def distinct(name: str, *but: str) -> Callable[[Entries], int]:
    """The number of different values in this field, without those in `but`."""
    return lambda entries: len({entry[name] for entry in entries} - {"", *but})


def how_many(holds: Callable[[dict[str, Any]], Any]) -> Callable[[Entries], int]:
    return lambda entries: sum(bool(holds(entry)) for entry in entries)


def added_up(name: str) -> Callable[[Entries], int]:
    return lambda entries: sum(entry[name] or 0 for entry in entries)


def years(choose: Callable[..., Any]) -> Callable[[Entries], Any]:
    return lambda entries: choose((entry["year"] for entry in entries), default=None)


# Figure that a report states by itself → the same, counted again from the entries. Reports have
# those of their series.
HEADLINES: dict[str, Callable[[Entries], Any]] = {
    "total": len,
    "countries": distinct("country_code", INTERNATIONAL),
    "organizations": distinct("organization_name"),
    "with_text": how_many(lambda entry: entry["summary"]),
    "first_year": years(min),
    "last_year": years(max),
    "described": how_many(lambda entry: entry["description"]),
    "winners": how_many(lambda entry: entry["outcome"] == "winner"),
    "champions": how_many(lambda entry: entry["outcome"] == "champion"),
    "milestones": how_many(lambda entry: entry["milestone"]),
    "reports": how_many(lambda entry: entry["has_report"]),
    "machine_reports": how_many(lambda entry: entry["by_machine"]),
    "on_site": added_up("on_site"),
    "remote": added_up("remote"),
    "recorded_later": how_many(lambda entry: entry["recorded_later"]),
}

# (table, column) → the codes under which an entry counts there
COUNTED: dict[tuple[str, str], Counted] = {
    ("action_line", "main"): under("main_action_line"),
    ("action_line", "all"): lambda entry: (
        entry["main_action_line"],
        *entry["other_action_lines"],
    ),
    ("sdg", "projects"): lambda entry: entry["sdgs"] or [""],
    ("part", "items"): under("part"),
    ("progress", "milestones"): lambda entry: (
        [entry["progress"]] if entry["milestone"] else []
    ),
    ("session_types", "sessions"): under("type_code"),
    ("lines", "sessions"): lambda entry: entry["line_codes"] or [""],
    ("goals", "sessions"): lambda entry: entry["goal_codes"] or [""],
    ("stakeholder_type", "projects"): under("stakeholder_type_code"),
    ("region", "projects"): under("region_code"),
    ("coverage", "projects"): under("coverage_code"),
    ("country", "projects"): under("country_code"),
    ("year", "projects"): lambda entry: [str(entry["year"])],
}
for table in ("category", "region", "stakeholder_type", "country"):
    COUNTED[table, "named"] = under(f"{table}_code")
    COUNTED[table, "champions"] = with_outcome(f"{table}_code", "champion")
    COUNTED[table, "winners"] = with_outcome(f"{table}_code", "winner")


def differences(figures: Figures, entries: Entries) -> Iterable[str]:
    """Names of the figures and tables that differ when counted again from the records."""
    total = figures["total"]
    for name, count in HEADLINES.items():
        if name in figures and count(entries) != figures[name]:
            yield name
    for table in every_table(figures):
        if table["kind"] in SUMMED and column_sum(table, 0) != total:
            yield table["name"]
        for index, name in enumerate(table["columns"]):
            codes_of = counted_by(table, name, figures)
            if codes_of is None:
                continue
            again = Counter(code for entry in entries for code in codes_of(entry))
            if column(table, index) != positive(again):
                yield f"{table['name']}, {name}"


def counted_by(table: Table, column: str, figures: Figures) -> Counted | None:
    if table in figures.get("added", []):
        return codes_again(table, column)
    return COUNTED.get((table["name"], column))


def column(table: Table, index: int) -> dict[str, int]:
    return positive({row["code"]: row["values"][index] for row in table["rows"]})


def positive(numbers: dict[str, int]) -> dict[str, int]:
    return {code: n for code, n in numbers.items() if n}


def column_sum(table: Table, index: int) -> int:
    return sum(row["values"][index] for row in table["rows"])


def require_agreement(figures: Figures, entries: Entries) -> None:
    """Raises FiguresDisagreeError."""
    wrong = list(differences(figures, entries))
    if wrong:
        raise FiguresDisagreeError(
            _(
                "The figures do not agree with each other (%(names)s); nothing was published."
            )
            % {"names": ", ".join(wrong)}
        )
