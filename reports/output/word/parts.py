"""What the Word documents of all series have: title page, charts, tables, source lines."""

from typing import Any

from reports.layout.layout import Document
from reports.output.models import Snapshot
from reports.output.pictures import png
from reports.output.word.document import PICTURE_WIDTH, WHOLE_WIDTH, WordDocument

DOT = " · "


class Parts:
    """The parts of a printed document, each written where it comes."""

    def __init__(
        self, word: WordDocument, printed: Document, snapshot: Snapshot
    ) -> None:
        self.word, self.printed, self.snapshot = word, printed, snapshot
        self.texts = printed["texts"]
        self.labels, self.heads = self.texts["labels"], self.texts["headings"]

    def write(self) -> None:
        """All after the title page."""
        raise NotImplementedError

    def write_title_page(self) -> None:
        word, labels, printed = self.word, self.labels, self.printed
        version = f"{labels['version']} {printed['version']}"
        word.margins((printed["title"], printed["build"]), labels["portal"])
        word.paragraph(labels["portal"], grey=True)
        word.title(printed["title"])
        word.paragraph(self.texts["period"])
        word.paragraph(version)
        word.paragraph(f"{labels['figures_of']} {printed['taken_at']}")
        word.paragraph(f"{labels['hash']}: {printed['hash']}", style="Small")
        word.paragraph(self.heads["disclaimer"], style="Small", bold=True)
        self.paragraphs(self.texts["disclaimer"], style="Small")
        word.page_break()
        word.contents_here(self.heads["contents"])
        word.page_break()

    def paragraphs(self, texts: list[str], style: str = "Normal") -> None:
        for text in texts:
            self.word.paragraph(text, style=style)

    def line(self, phrases: list[Any]) -> None:
        """Phrases with dots between, each in its own language."""
        parts: list[Any] = []
        for phrase in phrases:
            parts += [DOT, phrase] if parts else [phrase]
        if parts:
            self.word.paragraph(*parts, grey=True)

    def story(self, story: Document, level: int) -> None:
        self.word.heading(level, story["title"])
        if story["tag"]:
            self.word.paragraph(story["tag"], bold=True)
        self.line(story["meta"])
        if story["text"]["text"]:
            self.word.paragraph(story["text"])
        for one in story.get("paragraphs", ()):
            label = f"{one['label']}: " if one["label"] else ""
            parts = [label, one["passage"]] if label else [one["passage"]]
            self.word.paragraph(*parts)
        if story["missing"]:
            self.word.paragraph(story["missing"], grey=True)
        for one in story["details"]:
            self.word.paragraph(f"{one['label']}: ", one["passage"])
        for one in story["notes"]:
            self.word.paragraph(f"{one['label']}: ", one["passage"], style="Small")

    def statistics(
        self, table: Document, charts: list[Document], level: int = 2
    ) -> None:
        self.word.heading(level, table["heading"])
        for chart in charts:
            self.chart(chart)
        self.table(table)

    def chart(self, chart: Document) -> None:
        language = self.snapshot.publication.language
        alt = f"{chart['title']}. {chart['alt']}"
        width = WHOLE_WIDTH if chart.get("is_wide") else PICTURE_WIDTH
        self.word.picture(png(chart, language), alt, chart["title"], width)
        if chart.get("note"):
            self.word.paragraph(chart["note"], style="Small", grey=True)
        self.source_line()

    def table(self, table: Document) -> None:
        if not table["rows"]:
            return
        rows = [[row["label"], *row["cells"]] for row in table["rows"]]
        head = [table["first"], *table["columns"]]
        self.word.table(
            table["heading"], head, rows, numbers_from=None if table["stated"] else 1
        )
        self.source_line()

    def sources(self, columns: list[str], rows: list[list[Any]]) -> None:
        if rows:
            self.word.table(columns[0], columns, rows, numbers_from=2, widths=(6, 6, 2))

    def source_line(self) -> None:
        self.word.paragraph(self.printed["source"], style="Small", grey=True)
