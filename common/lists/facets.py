"""Facets beside a list: its values, each with the number of rows that it would show.

How rows are counted is a matter of the list: projects by bitmaps, sessions in memory.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import NamedTuple


class FacetValue(NamedTuple):
    code: str
    label: str
    # rows with this value among those that all other facets leave
    count: int  # type: ignore[assignment]  # hides tuple.count, which nobody needs here
    selected: bool


@dataclass(frozen=True)
class Facet:
    """All values that have rows, or are chosen, in display order."""

    name: str
    title: str
    values: list[FacetValue]

    @classmethod
    def of(
        cls,
        name: str,
        title: str,
        labels: Mapping[str, str],
        counts: Mapping[str, int],
        chosen: Collection[str],
    ) -> "Facet":
        """The values in the order of their labels. A list without rows counts all its values
        with 0, so that a reader sees what there is."""
        values = [
            FacetValue(code, label, counts.get(code, 0), code in chosen)
            for code, label in labels.items()
            if code in counts or code in chosen
        ]
        return cls(name, title, values)
