"""The series of stocktaking reports: published projects, counted and listed, which share all but
their scope and their title."""

from typing import Any

from django.utils.translation import gettext as _

from reports.builders import stocktaking
from reports.builders.figures import Figures
from reports.builders.projects import Content
from reports.builders.scope import INTERNATIONAL, Scope
from reports.builders.texts import Texts
from reports.layout import layout
from reports.layout.layout import Document


class Stocktaking:
    """What reports/builders/series.py asks of a series, as far as these have it in common."""

    FIELDS: tuple[str, ...] = ("from_year", "to_year")
    COLUMNS = stocktaking.COLUMNS
    LIST = stocktaking.LIST
    CHARTS = stocktaking.CHARTS
    BODY = stocktaking.BODY
    PAGE = stocktaking.PAGE
    CHAPTER = stocktaking.CHAPTER
    CHAPTERS = stocktaking.CHAPTERS
    INLINE = stocktaking.INLINE
    FACETS = stocktaking.FACETS

    def title(self, publication: Any) -> str:
        raise NotImplementedError

    def refusals(self, publication: Any) -> dict[str, Any]:
        """Nothing is refused: a scope without projects makes a report that says so."""
        return {}

    def scope_of(self, publication: Any) -> Scope:
        return stocktaking.scope_of(publication)

    def collect(self, scope: Scope) -> tuple[Figures, list[Content]]:
        return stocktaking.collect(scope)

    def compose(self, scope: Scope, figures: Figures) -> Texts:
        return stocktaking.compose(scope, figures)

    def chapter_of(self, entry: Content) -> str:
        return stocktaking.chapter_of(entry)

    def document(self, snapshot: Any, entries: list[Content]) -> Document:
        return layout.document(snapshot, entries)

    def page(self, snapshot: Any, entries: list[Content]) -> Document:
        return stocktaking.page(snapshot, entries)

    def live(self, publication: Any, figures: Figures, **narrowed: str) -> str:
        return stocktaking.live(publication, figures, **narrowed)

    def machine(self, snapshot: Any) -> Document:
        return stocktaking.machine(snapshot)


class Global(Stocktaking):
    """All published projects of a period."""

    def title(self, publication: Any) -> str:
        """“Global stocktaking report 2026”."""
        series = _("Global stocktaking report")
        return f"{series} {stocktaking.years_of(publication)}"


class Regional(Stocktaking):
    """Those of one ITU region, or the international projects outside the six."""

    FIELDS: tuple[str, ...] = ("region", "from_year", "to_year")

    def title(self, publication: Any) -> str:
        """“Regional stocktaking report 2026: Africa”; International is not called a region."""
        year = stocktaking.years_of(publication)
        if publication.region_id == INTERNATIONAL:
            return _("Stocktaking report on international projects %(year)s") % {
                "year": year
            }
        series = _("Regional stocktaking report")
        where = f": {publication.region.name}" if publication.region else ""
        return f"{series} {year}{where}"


class Summit20(Stocktaking):
    """The twenty years since the Summit, with a chapter for each action line."""

    YEARS = (2004, 2025)  # unless others are asked for

    def title(self, publication: Any) -> str:
        """“WSIS+20 stocktaking report”, with its years."""
        series = _("WSIS+20 stocktaking report")
        return f"{series} {stocktaking.years_of(publication)}"


class Custom(Stocktaking):
    """What a search of the database finds, under a title that somebody typed."""

    FIELDS: tuple[str, ...] = ("title", "query")

    def title(self, publication: Any) -> str:
        return _("Stocktaking report on a search")

    def refusals(self, publication: Any) -> dict[str, Any]:
        """A search that the page of projects would not understand, and a report without a name."""
        refused: dict[str, Any] = {}
        if not publication.title:
            refused["title"] = _("Enter a title.")
        search = self.scope_of(publication).search
        if not publication.query:
            refused["query"] = _("Enter a search, such as region=AFR&year=2024.")
        elif not search.is_valid:
            refused["query"] = [one for many in search.errors.values() for one in many]
        return refused
