"""A report as slides: key numbers and summary, then the numbers, pictures, quotations and short
tables of each section, from the same frozen snapshot as all other files."""

from collections.abc import Iterator
from itertools import islice

from django.utils import translation
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from reports.layout.layout import (
    Document,
    frame,
    printed_body,
    tables,
    taken_apart,
)
from reports.markup.nodes import plain
from reports.output.brief import (
    MOST_NUMBERS,
    TALLEST_CHART,
    key_numbers,
    summary,
)
from reports.output.models import Snapshot
from reports.output.pictures import png
from reports.output.slides.deck import Deck
from reports.output.word.body import picture_of

# What a room can read on one slide; longer tables are in the report.
MOST_ROWS, MOST_COLUMNS = 10, 6
LONGEST_TEXT = 600  # characters
DRAWN = frozenset({"chart", "map", "heat_map", "curve"})
COUNTED = frozenset({"table", "cross_table"})


def write_slides(snapshot: Snapshot) -> bytes:
    """A presentation in the language of the report."""
    with translation.override(snapshot.publication.language):
        return ReportSlides(snapshot).write()


class ReportSlides:
    """The slides of one report while they are written."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.printed = frame(snapshot)
        self.texts = snapshot.texts
        publication = snapshot.publication
        self.deck = Deck(
            publication.title,
            self.texts["labels"]["portal"],
            publication.language,
            snapshot.taken_at,
            f"{publication.title} · {self.printed['build']}",
        )
        self.drawn: set[str] = set()  # names of charts that have a slide
        self.shown: set[str] = set()  # names of tables that have one

    def write(self) -> bytes:
        self.beginning()
        for section in printed_body(self.snapshot):
            self.section(section)
        self.other_charts()
        self.other_tables()
        self.deck.text(
            _("Cite as"),
            [
                self.snapshot.publication.citation_of(self.snapshot),
                self.printed["source"],
            ],
        )
        return self.deck.save()

    def beginning(self) -> None:
        labels = self.texts["labels"]
        self.deck.title_slide(
            self.printed["title"],
            [
                self.texts["period"],
                f"{labels['figures_of']} {self.printed['taken_at']}",
                self.printed["build"],
            ],
        )
        numbers = list(islice(key_numbers(self.snapshot), MOST_NUMBERS))
        if numbers:
            self.deck.numbers(
                _("Key numbers"),
                [(one["text"], one["label"]["text"]) for one in numbers],
            )
        if told := summary(self.snapshot):
            self.deck.text(self.texts["headings"]["summary"], told)

    def section(self, section: Document) -> None:
        """Its blocks that a slide can show; texts of the portal itself stay in the report."""
        blocks = [block for block in section["blocks"] if not block.get("is_missing")]
        numbers = [
            (block["figure"]["text"], block["label"]["text"])
            for block in blocks
            if block["kind"] == "key_number"
        ]
        for row in rows_of(numbers, MOST_NUMBERS):
            self.deck.numbers(section["heading"]["text"], row)
        for block in blocks:
            self.block(block, section["heading"]["text"])

    def block(self, block: Document, title: str) -> None:
        kind = block["kind"]
        if kind == "quote":
            self.quotation(title, block)
        elif kind == "picture":
            self.picture(title, block)
        elif kind in DRAWN:
            self.chart_of(block)
        elif kind in COUNTED:
            self.table_of(block)

    def quotation(self, title: str, block: Document) -> None:
        words = " ".join(plain(block["nodes"]).split())
        lines = [Truncator(words).chars(LONGEST_TEXT)]
        if author := block["attribution"]["text"]:
            lines.append(f"— {author}")
        self.deck.text(title, lines)

    def picture(self, title: str, block: Document) -> None:
        caption = block["caption"]["text"]
        if picture := picture_of(block):
            self.deck.picture(title, picture, block["alt"]["text"], caption)

    def chart_of(self, block: Document) -> None:
        for chart in self.snapshot.charts:
            if chart["name"] == block["chart"]:
                title = block["caption"]["text"] or chart["title"]
                self.chart(chart, title, block["alt"]["text"] or chart["alt"])

    def chart(self, chart: Document, title: str, alt: str) -> None:
        """The drawing, or the largest rows of its table where nobody could read so tall a one."""
        self.drawn.add(chart["name"])
        if taken_apart(chart["svg"])["height"] > TALLEST_CHART:
            self.largest(chart["table"], title)
            return
        drawing = png(chart, self.snapshot.publication.language)
        self.deck.picture(title, drawing, f"{title}. {alt}", self.printed["source"])

    def largest(self, name: str, title: str) -> None:
        """The rows of a table with the most, once for all charts of it."""
        language = self.snapshot.publication.language
        for table in tables(self.snapshot, language):
            if table["name"] == name and name not in self.shown:
                rows = [row for row in table["rows"] if row["code"] != "total"]
                rows.sort(key=lambda row: -row["values"][0])
                self.table(table | {"rows": rows[:MOST_ROWS]}, title)

    def other_charts(self) -> None:
        """Those that the portal draws of its own tables, and no section has shown."""
        for chart in self.snapshot.charts:
            if chart["name"] not in self.drawn:
                self.chart(chart, chart["title"], chart["alt"])

    def other_tables(self) -> None:
        """Short ones that are neither drawn nor shown by a section."""
        drawn = {chart["table"] for chart in self.snapshot.charts}
        for table in tables(self.snapshot, self.snapshot.publication.language):
            if table["name"] not in drawn | self.shown and fits(table):
                self.table(table, table["heading"])

    def table_of(self, block: Document) -> None:
        """A table that fits on a slide."""
        language = self.snapshot.publication.language
        for which in ("tables", "added"):
            for table in tables(self.snapshot, language, which):
                if table["name"] == block["table"] and fits(table):
                    self.table(table, block["caption"]["text"] or table["heading"])

    def table(self, table: Document, title: str) -> None:
        self.shown.add(table["name"])
        self.deck.table(
            title,
            [table["first"], *table["columns"]],
            [[row["label"], *map(words_of, row["cells"])] for row in table["rows"]],
        )


def fits(table: Document) -> bool:
    return 0 < len(table["rows"]) <= MOST_ROWS and len(table["columns"]) < MOST_COLUMNS


def words_of(cell: Document | str) -> str:
    return cell if isinstance(cell, str) else str(cell["text"])


def rows_of(
    numbers: list[tuple[str, str]], most: int
) -> Iterator[list[tuple[str, str]]]:
    for start in range(0, len(numbers), most):
        yield numbers[start : start + most]
