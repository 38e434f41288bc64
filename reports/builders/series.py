"""The series of reports: which module builds which, and what they have in common."""

from typing import Any, Protocol

from reports.builders import forum_outcome, roadmap_state, success_stories
from reports.builders.figures import Figures
from reports.builders.registered import Custom, Global, Regional, Summit20
from reports.builders.texts import Texts
from reports.layout.layout import Document


class Builder(Protocol):
    """What a series offers, a module or an object; the pipeline knows nothing else of it.

    `FIELDS` are the fields of a publication that define its scope; the others stay empty. `COLUMNS`
    are the columns of the list of records in spreadsheet and CSV, `LIST` its sheet. `CHARTS` are
    (name of the chart, table, column). `BODY` are the Typst files that print the document, `PAGE`
    the template of the page, `CHAPTER` that of one record on a chapter's page. `CHAPTERS` is the
    table whose rows are the chapters, "" where there are none. A page that is `INLINE` prints its
    records itself. `FACETS` are the tables whose codes narrow the live list.
    """

    FIELDS: tuple[str, ...]
    COLUMNS: tuple[str, ...]
    LIST: str
    CHARTS: tuple[tuple[str, str, int], ...]
    BODY: tuple[str, ...]
    PAGE: str
    CHAPTER: str
    CHAPTERS: str
    INLINE: bool
    FACETS: frozenset[str]

    def title(self, publication: Any) -> str:
        """The title of the report, in the active language."""

    def refusals(self, publication: Any) -> dict[str, Any]:
        """Field → sentence, for a scope that the constraints allow but the records do not."""

    def scope_of(self, publication: Any) -> Any:
        """The scope of the publication, as one value."""

    def collect(self, scope: Any) -> tuple[Figures, list[dict[str, Any]]]:
        """Figures and records in the active language; called inside one frozen moment."""

    def compose(self, scope: Any, figures: Figures) -> Texts:
        """All texts of the report about its figures, in the active language."""

    def chapter_of(self, entry: dict[str, Any]) -> str:
        """The chapter of the record, at most 20 characters."""

    def document(self, snapshot: Any, entries: list[dict[str, Any]]) -> Document:
        """All that the PDF prints, as plain values."""

    def page(self, snapshot: Any, entries: list[dict[str, Any]]) -> dict[str, Any]:
        """What the template of the page needs."""

    def live(self, publication: Any, figures: Figures, **narrowed: str) -> str:
        """The address of the list that answers the same question from the records of today;
        `narrowed` is the code of a row by the name of its table."""

    def machine(self, snapshot: Any) -> dict[str, Any]:
        """The content of the JSON besides the figures."""


BUILDERS: dict[str, Builder] = {
    "global": Global(),
    "regional": Regional(),
    "wsis20": Summit20(),
    "custom": Custom(),
    "success_stories": success_stories,
    "roadmap_state": roadmap_state,
    "forum_outcome": forum_outcome,
}


def builder_of(publication: Any) -> Builder:
    return BUILDERS[publication.series]
