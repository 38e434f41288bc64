"""A report as a Word document, from the same plain document that the PDF prints."""

from reports.builders.series import builder_of
from reports.layout.layout import Document
from reports.output.models import Snapshot
from reports.output.word import WordDocument
from reports.output.word_parts import Parts
from reports.output.word_stocktaking import StocktakingReport


def write_docx(snapshot: Snapshot, entries: list[Document]) -> bytes:
    """Title page, contents, and the parts of the report in the order of the PDF."""
    publication = snapshot.publication
    printed = builder_of(publication).document(snapshot, entries)
    word = WordDocument(
        publication.title,
        printed["texts"]["labels"]["portal"],
        publication.language,
        snapshot.taken_at,
    )
    kind = SectionReport if "sections" in printed else StocktakingReport
    report = kind(word, printed, snapshot)
    report.write_title_page()
    report.write()
    return word.save()


class SectionReport(Parts):
    """A report that is read section by section."""

    def write(self) -> None:
        for section in self.printed["sections"]:
            self.word.heading(1, section["heading"])
            self.paragraphs(section["paragraphs"])
            for table in section["tables"]:
                self.statistics(table, table["charts"])
            for chapter in section["chapters"]:
                self.category(chapter)
            for item in section["items"]:
                self.story(item, 2)
            self.end_of_section(section)

    def end_of_section(self, section: Document) -> None:
        """The index, the sources, or the sentence that nothing is known."""
        index, sources = section["index"], section["sources"]
        if section["nothing"] and not section["items"]:
            self.word.paragraph(section["nothing"])
        if index:
            heading, rows = section["heading"], index["rows"]
            self.word.table(heading, index["columns"], rows, widths=(8, 3, 2, 3))
        if sources:
            self.sources(sources["columns"], sources["rows"])

    def category(self, chapter: Document) -> None:
        labels = self.labels
        name = f"{chapter['code']} {chapter['label']}"
        self.word.heading(2, name if chapter["code"] else labels["no_category"])
        self.word.paragraph(chapter["counts"])
        if not chapter["stories"]:
            self.word.paragraph(labels["nobody"])
        for story in chapter["stories"]:
            self.story(story, 3)

    def story(self, story: Document, level: int) -> None:
        self.word.heading(level, story["title"])
        if story["tag"]:
            self.word.paragraph(story["tag"], bold=True)
        self.line(story["meta"])
        if story["text"]["text"]:
            self.word.paragraph(story["text"])
        if story["missing"]:
            self.word.paragraph(story["missing"], grey=True)
        for one in story["details"]:
            self.word.paragraph(f"{one['label']}: ", one["passage"])
        for one in story["notes"]:
            self.word.paragraph(f"{one['label']}: ", one["passage"], style="Small")
