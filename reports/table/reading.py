"""A table that a reader builds of the frozen records of a version: a figure like any other, whose
address is the question itself."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from common.caching.values import remember, remembered
from reports.builders.added import EVERY, NOT_STATED
from reports.builders.figures import Table, row
from reports.builders.series import builder_of
from reports.figure.reading import Figure
from reports.layout.layout import Document, counted_rows
from reports.output.models import Snapshot
from reports.output.querysets import SEVERAL
from reports.table.forms import TableForm

NAME = "table"
KEPT = 7 * 24 * 3600  # seconds; what is counted of a frozen version never changes


@dataclass(frozen=True)
class BuiltTable(Figure):
    """`question` are the parameters of its address, `rows_of` the axis in its rows, `chosen` what
    narrows its records."""

    question: dict[str, str]
    rows_of: str
    chosen: dict[str, str]

    PAGE = "table"

    def path(self, page: str = "", **more: str) -> str:
        """With the question behind it."""
        return f"{super().path(page, **more)}?{urlencode(self.question)}"

    @property
    def place(self) -> dict[str, Any]:
        publication, version = self.snapshot.publication_id, self.snapshot.version
        return {"pk": publication, "version": version}

    @property
    def live(self) -> str:
        return self.live_list(self.chosen)

    def rows(self) -> list[Document]:
        return [
            row
            | {
                "live": self.live_list(self.chosen | {self.rows_of: row["code"]})
                if row["code"] not in ("", "total")
                else ""
            }
            for row in self.table["rows"]
        ]

    def live_list(self, chosen: dict[str, str]) -> str:
        """The projects of today; "" where no search asks for those without a value."""
        if NOT_STATED in chosen.values():
            return ""
        publication = self.snapshot.publication
        builder = builder_of(publication)
        return builder.live(publication, self.snapshot.figures, **chosen)


def table_of(snapshot: Snapshot, form: TableForm) -> BuiltTable:
    """The table that a valid form asks for; counted once for all readers."""
    rows, columns = form.cleaned_data["rows"], form.cleaned_data["columns"]
    key = f"table-{snapshot.pk}-{snapshot.content_hash}-{urlencode(form.query)}"
    numbers = remembered(key)
    if numbers is None:
        numbers = count(snapshot, form, rows, columns)
        remember(key, numbers, KEPT)
    snapshot.texts = worded(snapshot, form, rows, columns)
    language = snapshot.publication.language
    labels = snapshot.texts["labels"]
    heading = snapshot.texts["headings"][NAME]
    printed = {
        "name": NAME,
        "heading": heading,
        "first": labels[NAME],
        "columns": [labels[column] for column in numbers["columns"]],
        "rows": counted_rows(numbers, snapshot.texts, language),
        "stated": False,
    }
    return BuiltTable(
        snapshot,
        NAME,
        heading,
        numbers,
        printed,
        None,
        form.query,
        rows,
        form.chosen,
    )


def count(snapshot: Snapshot, form: TableForm, rows: str, columns: str) -> Table:
    """Every project counts once in a cell; in several rows or columns if it has several codes."""
    every: dict[str, int] = {}
    cells: dict[tuple[str, str], int] = {}
    for in_rows, in_columns, number in snapshot.records.with_codes(
        form.chosen
    ).counted_by(rows, columns):
        for code in in_rows:
            every[code] = every.get(code, 0) + number
            for other in in_columns:
                cells[code, other] = cells.get((code, other), 0) + number
    codes = [one["code"] for one in form.axes[columns]["rows"]] if columns else []
    return {
        "name": NAME,
        "kind": "several" if rows in SEVERAL else "each",
        "columns": [EVERY, *(code or NOT_STATED for code in codes)],
        "rows": [
            row(
                one["code"],
                one["label"],
                every.get(one["code"], 0),
                *(cells.get((one["code"], code), 0) for code in codes),
            )
            for one in form.axes[rows]["rows"]
        ],
    }


def worded(
    snapshot: Snapshot, form: TableForm, rows: str, columns: str
) -> dict[str, Any]:
    """The texts of the version with the words of this table, all in the report's language."""
    labels = snapshot.texts["labels"]
    words = {NAME: labels[rows]}
    if columns:
        words |= {
            one["code"] or NOT_STATED: one["label"]
            for one in form.axes[columns]["rows"]
        }
    axes = [labels[axis] for axis in (rows, columns) if axis]
    heading = f"{labels[EVERY]}: {' × '.join(axes)}"
    chosen = [form.word_of(axis, code) for axis, code in form.chosen.items()]
    if chosen:
        heading += f" ({'; '.join(chosen)})"
    texts = snapshot.texts
    return texts | {
        "labels": labels | words,
        "headings": texts["headings"] | {NAME: heading},
    }
