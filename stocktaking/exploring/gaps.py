"""Gaps: where few or no projects exist (docs/search.md states the rule)."""

from dataclasses import dataclass
from functools import cached_property

from django.http import QueryDict
from django.utils.http import urlencode

from reference.country.models import Country
from reference.names import vocabulary
from stocktaking.search.filters import ProjectSearch

THIN = 3  # a cell with fewer projects is thin
OUTSIDE = "INTL"  # region and country of international projects


@dataclass(frozen=True)
class Cell:
    """A cell of a grid. `level`: none (no link), white (0), thin (1 or 2), filled."""

    code: str
    count: int
    linked: bool
    place: str = ""  # the query string of a region's projects

    @property
    def level(self) -> str:
        if not self.linked:
            return "none"
        return "white" if not self.count else "thin" if self.count < THIN else "filled"


@dataclass(frozen=True)
class CountryGap:
    """A country with its number of projects and the year of the latest; None without any."""

    code: str
    name: str
    region: str
    is_ldc: bool
    count: int
    latest: int | None


class Gaps:
    """The projects compared with the matrix, the regions and the list of countries.

    `region` ("" for all) and `ldcs` limit the projects that are counted to those countries.
    """

    def __init__(self, region: str = "", *, ldcs: bool = False) -> None:
        self.region, self.ldcs = region, ldcs
        data = QueryDict(mutable=True)
        self.countries = list(
            Country.objects.exclude(pk=OUTSIDE).values_list("pk", "region_id", "is_ldc")
        )
        if ldcs:
            chosen = [
                pk for pk, of, ldc in self.countries if ldc and region in {"", of}
            ]
            data.setlist("country", chosen)
        elif region:
            data["region"] = region
        self.search = ProjectSearch(data)
        self._empty = ldcs and not data.getlist("country")  # a region without LDCs

    @property
    def _everywhere(self) -> ProjectSearch:
        """The same projects in all regions."""
        return Gaps(ldcs=self.ldcs).search if self.region else self.search

    @cached_property
    def by_goal(self) -> dict[str, list[Cell]]:
        """Action line → a cell per SDG; linked where the matrix links the two."""
        counts = {} if self._empty else self.search.crossed("action_line", "sdg")
        matrix = vocabulary.matrix()
        return {
            line: [
                Cell(goal, counts.get((line, goal), 0), goal in matrix.get(line, ()))
                for goal in vocabulary.labels("sdg")
            ]
            for line in vocabulary.labels("action_line")
        }

    @cached_property
    def by_region(self) -> dict[str, list[Cell]]:
        """Action line → a cell per region; every line is linked with every region. The regions
        stand side by side, so all are counted, whichever is selected."""
        counts = self._everywhere.crossed("action_line", "region")
        places = {
            code: self._place(code)
            for code in vocabulary.labels("region")
            if code != OUTSIDE
        }
        return {
            line: [
                Cell(code, counts.get((line, code), 0), bool(place), place)
                for code, place in places.items()
            ]
            for line in vocabulary.labels("action_line")
        }

    def _place(self, region: str) -> str:
        """The query string of the projects counted in a region; empty when it has no LDC."""
        if not self.ldcs:
            return urlencode({"region": region})
        chosen = [pk for pk, of, ldc in self.countries if ldc and of == region]
        return urlencode({"country": chosen}, doseq=True)

    @cached_property
    def places(self) -> list[CountryGap]:
        """The selected countries: those without projects first, then by the year of the latest."""
        names = vocabulary.labels("country")
        latest: dict[str, int] = {}
        counts: dict[str, int] = {}
        for (country, year), count in self.search.crossed("country", "year").items():
            latest[country] = max(latest.get(country, 0), int(year))
            counts[country] = counts.get(country, 0) + count
        places = [
            CountryGap(
                pk, names.get(pk, pk), of, ldc, counts.get(pk, 0), latest.get(pk)
            )
            for pk, of, ldc in self.countries
            if self.region in {"", of} and (ldc or not self.ldcs)
        ]
        order = list(names)
        return sorted(
            places, key=lambda place: (place.latest or 0, order.index(place.code))
        )

    @property
    def silent(self) -> list[CountryGap]:
        return [place for place in self.places if not place.count]

    @property
    def white(self) -> int:
        return sum(
            cell.level == "white" for cells in self.by_goal.values() for cell in cells
        )

    @property
    def linked(self) -> int:
        return sum(cell.linked for cells in self.by_goal.values() for cell in cells)
