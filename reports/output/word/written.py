"""A report with an editor's text as a Word document: what was written, figures, annexes."""

from typing import Any

from reports.layout.layout import Document
from reports.output.word.body import Writer, picture_of
from reports.output.word.parts import DOT, Parts

LEVELS = 4  # of headings


class WrittenReport(Parts):
    """What the reports of all series with a body have in common; `chapters` and the annexes are
    written by each."""

    def write(self) -> None:
        """The sections of the body, each with its blocks."""
        for section in self.printed["body"]:
            self.word.heading(section["level"], section["heading"])
            for block in section["blocks"]:
                if block["kind"] == "standard":
                    self.standard(block["name"], section["level"] + 1)
                else:
                    self.block(block, section["level"])

    # --- what editors made ----------------------------------------------------------------------
    def block(self, block: Document, level: int) -> None:
        """What is not translated yet is marked, in its own language."""
        if block["is_missing"]:
            self.word.paragraph(self.labels["untranslated"], grey=True)
        getattr(self, f"block_{block['kind']}")(block, level)

    def block_text(self, block: Document, level: int, style: str = "Normal") -> None:
        Writer(self.word, block["language"], level).write(block["nodes"], style)

    def block_quote(self, block: Document, level: int) -> None:
        self.block_text(block, level, "Quote")
        if block["attribution"]["text"]:
            self.word.paragraph("— ", block["attribution"], style="Quote")

    def block_contribution(self, block: Document, level: int) -> None:
        self.block_text(block, level)
        if block["author"]["text"]:
            self.word.paragraph("— ", block["author"], grey=True)

    def block_key_number(self, block: Document, level: int) -> None:
        number = Writer(self.word, block["language"], level).runs(
            block["figure"], bold=True
        )
        label = self.word.runs(block["label"])
        space = self.word.run(" ")
        self.word.append("Normal", self.word.direction, [*number, space, *label])

    def block_table(self, block: Document, level: int) -> None:
        if block["caption"]["text"]:
            self.word.paragraph(block["caption"], bold=True)
        for table in (*self.printed["tables"], *self.printed["added"]):
            if table["name"] == block["table"]:
                self.table(table)

    block_cross_table = block_table

    def block_chart(self, block: Document, level: int) -> None:
        charts = [c for c in self.printed["charts"] if c["name"] == block["chart"]]
        if not charts:
            return  # what has no rows is not drawn
        [chart] = charts
        self.chart(
            chart
            | {
                "title": block["caption"]["text"] or chart["title"],
                "alt": block["alt"]["text"] or chart["alt"],
            }
        )

    block_map = block_heat_map = block_chart

    def block_curve(self, block: Document, level: int) -> None:
        self.word.paragraph(block["counts"])
        self.block_chart(block, level)

    def block_reviews(self, block: Document, level: int) -> None:
        for review in block["reviews"]:
            self.word.heading(level + 1, review["heading"])
            for text in review["texts"]:
                self.word.paragraph(text)
            self.word.paragraph("— ", review["by"], grey=True)

    def block_picture(self, block: Document, level: int) -> None:
        picture, alt = picture_of(block), block["alt"]["text"]
        if picture:
            self.word.picture(picture, alt, block["caption"]["text"])
        else:
            self.word.paragraph(block["alt"], grey=True)

    def block_boxes(self, block: Document, level: int) -> None:
        if block["caption"]["text"]:
            self.word.paragraph(block["caption"], bold=True)
        for project in block["entries"]:
            self.project(project, min(level + 1, LEVELS))

    # --- what the portal writes itself ----------------------------------------------------------
    def standard(self, name: str, level: int) -> None:
        """A standard part. The disclaimer stands on the title page."""
        if name in {"introduction", "summary", "methodology", "conclusions"}:
            self.paragraphs(self.texts[name])
        elif name == "statistics":
            for table in self.printed["tables"]:
                charts = self.printed["charts"]
                of_table = [c for c in charts if c["table"] == table["name"]]
                self.statistics(table, of_table, level)
        elif name == "chapters":
            self.chapters(level)
        elif name in {"index", "countries", "sources"}:
            self.word.heading(level, self.heads[name])
            getattr(self, f"annex_{name}")()

    def chapters(self, level: int) -> None:
        raise NotImplementedError

    def project(self, project: Document, level: int) -> None:
        self.word.heading(level, project["title"])
        self.line(project["meta"])
        if project["summary"]["text"]:
            self.word.paragraph(project["summary"])


class StocktakingReport(WrittenReport):
    """A report on projects, by action line."""

    def chapters(self, level: int) -> None:
        for chapter in self.printed["chapters"]:
            self.chapter(chapter, level)

    def chapter(self, chapter: Document, level: int) -> None:
        labels, (main, every) = self.labels, chapter["values"]
        self.word.heading(level, f"{chapter['code']} {chapter['label']}".strip())
        self.word.paragraph(f"{labels['main']}: {main}{DOT}{labels['all']}: {every}")
        if not chapter["projects"]:
            self.word.paragraph(labels["no_projects"])
        for project in chapter["projects"]:
            self.project(project, level + 1)

    def annex_index(self) -> None:
        names = ("number", "title", "action_line", "country")
        rows: list[list[Any]] = [
            [row["number"], row["title"], row["line"], row["country"]]
            for row in self.printed["index"]
        ]
        columns = [self.labels[name] for name in names]
        self.word.table(self.heads["index"], columns, rows, widths=(3, 8, 2, 3))

    def annex_countries(self) -> None:
        [countries] = [t for t in self.printed["tables"] if t["name"] == "country"]
        self.table(countries)

    def annex_sources(self) -> None:
        columns = [self.labels[name] for name in ("source", "note", "projects")]
        sources = self.printed["sources"]
        rows = [[s["source"], s["note"], str(s["count"])] for s in sources]
        self.sources(columns, rows)


class StoriesReport(WrittenReport):
    """A report on prize entries, by category."""

    def chapters(self, level: int) -> None:
        for chapter in self.printed["chapters"]:
            self.word.heading(level, f"{chapter['code']} {chapter['label']}".strip())
            self.word.paragraph(chapter["counts"])
            if not chapter["stories"]:
                self.word.paragraph(self.labels["nobody"])
            for story in chapter["stories"]:
                self.story(story, level + 1)

    def annex_index(self) -> None:
        index = self.printed["index"]
        self.word.table(
            self.heads["index"], index["columns"], index["rows"], widths=(8, 3, 2, 3)
        )

    def annex_sources(self) -> None:
        self.paragraphs(self.texts["sources"])
        sources = self.printed["sources"]
        self.sources(sources["columns"], sources["rows"])
