"""A figure of a version: a table, and the chart of it where there is one.

It is known by the name of the chart or of the table; the numbers are those of the snapshot, as page
and PDF show them.
"""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from reports.builders.figures import Table, table_named
from reports.builders.series import builder_of
from reports.citation.text import citation
from reports.layout.layout import (
    RTL_LANGUAGES,
    Document,
    source_line,
    tables,
)
from reports.output.models import Snapshot


@dataclass(frozen=True)
class Figure:
    snapshot: Snapshot
    name: str
    heading: str
    counted: Table  # whole numbers, by code
    table: Document  # the same in words of the report's language
    chart: dict[str, Any] | None

    PAGE: ClassVar = "figure"  # the name of its page

    @property
    def language(self) -> str:
        return self.snapshot.publication.language

    @property
    def is_right_to_left(self) -> bool:
        return self.language in RTL_LANGUAGES

    @property
    def source(self) -> str:
        return source_line(self.snapshot)

    @property
    def is_public(self) -> bool:
        snapshot = self.snapshot
        return bool(snapshot.published_at and snapshot.publication.published_version)

    def path(self, page: str = "", **more: str) -> str:
        """The path of a page about this figure, in the language of the reader."""
        return reverse(f"reports:{page or self.PAGE}", kwargs=self.place | more)

    def address(self, page: str = "", **more: str) -> str:
        """The same as a whole address, in the language of the report."""
        with translation.override(self.language):
            return settings.SITE_URL + self.path(page, **more)

    @property
    def place(self) -> dict[str, Any]:
        publication, version = self.snapshot.publication_id, self.snapshot.version
        return {"pk": publication, "version": version, "name": self.name}

    @property
    def citation(self) -> str:
        """With the version and the snapshot, so that a reader finds these very numbers."""
        publication, labels = self.snapshot.publication, self.snapshot.texts["labels"]
        whole = (
            f"{publication.title}, {labels['version']} {self.snapshot.version}"
            f" ({self.snapshot.short_hash})"
        )
        return citation(
            labels["portal"],
            self.snapshot.taken_at.year,
            self.heading,
            whole,
            address=self.address(),
        )

    @property
    def live(self) -> str:
        """The list that answers the same question from the records of today."""
        publication = self.snapshot.publication
        return builder_of(publication).live(publication, self.snapshot.figures)

    def rows(self) -> list[Document]:
        """The rows in words; `live` is the list of today of what the row counts, or ""."""
        publication = self.snapshot.publication
        builder, name = builder_of(publication), self.counted["name"]
        counted = {row["code"] for row in self.counted["rows"] if row["code"]}
        narrows = counted if name in builder.FACETS else set()
        figures = self.snapshot.figures
        return [
            row
            | {
                "live": builder.live(publication, figures, **{name: row["code"]})
                if row["code"] in narrows
                else ""
            }
            for row in self.table["rows"]
        ]


def figure_named(snapshot: Snapshot, name: str) -> Figure | None:
    """The figure of this name; None where the version shows none."""
    chart = next((one for one in snapshot.charts if one["name"] == name), None)
    table_name = chart["table"] if chart else name
    table = next(
        (
            t
            for which in ("tables", "added")
            for t in tables(snapshot, snapshot.publication.language, which)
            if t["name"] == table_name
        ),
        None,
    )
    if table is None or not table["rows"]:
        return None
    heading = snapshot.texts["headings"].get(name, table["heading"])
    counted = table_named(snapshot.figures, table_name)
    return Figure(snapshot, name, heading, counted, table, chart)
