"""A report as a Word document, from the same plain document that the PDF prints."""

from reports.builders.series import builder_of
from reports.output.models import Snapshot
from reports.output.word.document import WordDocument
from reports.output.word.parts import Parts
from reports.output.word.written import StocktakingReport, StoriesReport


def write_docx(snapshot: Snapshot) -> bytes:
    """Title page, contents, and the parts of the report in the order of the PDF."""
    publication = snapshot.publication
    builder = builder_of(publication)
    printed = builder.document(snapshot, snapshot.entries)
    word = WordDocument(
        publication.title,
        printed["texts"]["labels"]["portal"],
        publication.language,
        snapshot.taken_at,
    )
    report = REPORTS[builder.CHAPTERS](word, printed, snapshot)
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
            for item in section["items"]:
                self.story(item, 2)
            if section["nothing"] and not section["items"]:
                self.word.paragraph(section["nothing"])


# By the table whose rows are the chapters, "" where there are none (reports/builders/series.py).
REPORTS: dict[str, type[Parts]] = {
    "action_line": StocktakingReport,
    "category": StoriesReport,
    "": SectionReport,
}
