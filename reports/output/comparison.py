"""Two versions compared: every number that is another one, with where it stands."""

from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from reports.builders.figures import Table, every_table
from reports.layout.layout import number
from reports.markup.nodes import inlines_of, nodes_of_body
from reports.output.models import Snapshot

HEADLINES = ("total", "countries", "organizations", "with_text")
FIGURES = frozenset({"figure"})


class Change(NamedTuple):
    """`before` and `after` as written; "" where the version does not have the number."""

    table: str
    code: str
    label: str
    before: str
    after: str
    difference: int | None = None

    @property
    def signed(self) -> str:
        """With its sign, such as “+12”; "" for numbers that are no whole ones."""
        if self.difference is None:
            return ""
        sign = "+" if self.difference > 0 else "−"
        return f"{sign}{number(abs(self.difference))}"


def changes(earlier: Snapshot, later: Snapshot) -> list[Change]:
    """The headline numbers, the rows of all tables, the living numbers of the text."""
    return [
        *headlines(earlier, later),
        *(
            change
            for table in every_table(later.figures)
            for change in changed_rows(table, earlier, later)
        ),
        *changed_text(earlier, later),
    ]


def counted(
    place: tuple[str, str, str], before: int | None, after: int | None
) -> Iterator[Change]:
    if before == after:
        return
    difference = (after or 0) - (before or 0)
    yield Change(*place, written(before), written(after), difference)


def written(value: int | None) -> str:
    return "" if value is None else number(value)


def headlines(earlier: Snapshot, later: Snapshot) -> Iterator[Change]:
    words = {
        "total": _("Projects"),
        "countries": _("Countries"),
        "organizations": _("Organizations"),
        "with_text": _("Projects with a short description"),
    }
    for name in HEADLINES:
        if name in later.figures:
            place = (_("All projects"), name, words[name])
            yield from counted(place, earlier.figures.get(name), later.figures[name])


def changed_rows(table: Table, earlier: Snapshot, later: Snapshot) -> Iterator[Change]:
    """The rows of one table; codes are compared, for names may have been corrected."""
    if table["kind"] == "stated":
        return
    same = [one for one in every_table(earlier.figures) if one["name"] == table["name"]]
    before = {row["code"]: row for one in same for row in one["rows"]}
    after = {row["code"]: row for row in table["rows"]}
    heading, labels = later.texts["headings"][table["name"]], later.texts["labels"]
    for code in [*after, *(code for code in before if code not in after)]:
        row = after.get(code) or before[code]
        for place, column in enumerate(table["columns"]):
            label = row["label"]
            if len(table["columns"]) > 1:
                label = f"{label} · {labels[column]}"
            yield from counted(
                (heading, code, label),
                value_at(before.get(code), place),
                value_at(after.get(code), place),
            )


def value_at(row: dict[str, Any] | None, place: int) -> int | None:
    return int(row["values"][place]) if row else None


def changed_text(earlier: Snapshot, later: Snapshot) -> Iterator[Change]:
    before, after = numbers_of(earlier), numbers_of(later)
    for (token, nth), now in after.items():
        was = before.get((token, nth), "")
        if was != now:
            yield Change(_("Numbers in the text"), token, token, was, now)


def numbers_of(snapshot: Snapshot) -> dict[tuple[str, int], str]:
    """(token, its how many-th) → the number as printed."""
    seen: Counter[str] = Counter()
    numbers = {}
    for figure in inlines_of(nodes_of_body(snapshot.body), FIGURES):
        seen[figure["token"]] += 1
        numbers[figure["token"], seen[figure["token"]]] = figure["text"]
    return numbers
