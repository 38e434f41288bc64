"""Facets of a programme: its values, with the number of sessions of each."""

from collections import Counter
from itertools import chain
from typing import Any

from django.conf import settings
from django.utils.translation import get_language

from common.lists.facets import Facet, FacetValue
from forum.agenda.filters import AgendaFilters
from forum.session.description import Mode
from reference.names import vocabulary

MANY_VALUES = {"action_line": "action_line_codes", "sdg": "sdg_codes"}


class Facets:
    """The values that occur in a programme, each with the number of sessions it would show under
    the other active filters."""

    def __init__(self, rows: list[Any], chosen: Any, kept: dict[str, set[Any]]) -> None:
        self.rows, self.chosen, self.kept = rows, chosen, kept
        self.matches = self.left_by_others("")

    def left_by_others(self, name: str) -> list[Any]:
        """The sessions that match all filters but this one."""
        others = [pks for other, pks in self.kept.items() if other != name]
        return [row for row in self.rows if all(row.pk in pks for pks in others)]

    def all(self) -> list[Facet]:
        """Facets with at least two values, or with a selected one."""
        facets = [
            self._facet(name)
            for name in ("type", "track", *MANY_VALUES, "room", "mode")
        ]
        facets.append(self._facet("language"))
        return [
            f for f in facets if len(f.values) > 1 or any(v.selected for v in f.values)
        ]

    def days(self) -> list[tuple[Any, int]]:
        """All exactly known days with the number of their sessions, in order."""
        counts = Counter(self._exact_days(self.rows))
        counts.subtract(Counter(counts))  # a day without a match stays, with 0
        counts.update(self._exact_days(self.left_by_others("day")))
        return sorted(counts.items())

    @staticmethod
    def _exact_days(rows: list[Any]) -> list[Any]:
        return [row.day for row in rows if row.precision in ("time", "day") and row.day]

    def _facet(self, name: str) -> Facet:
        """How often each code occurs; a name is looked up once for each code, not for each row.
        When nothing matches, all values stay, so that a reader sees what there is."""
        everywhere = self._counts(name, self.rows)
        counts = self._counts(name, self.left_by_others(name))
        if not self.matches:
            counts = dict.fromkeys(everywhere, 0) | counts
        names = self._labels(name)
        labels = {code: names.get(code, code) for code in everywhere}
        title = str(AgendaFilters.base_filters[name].label)
        facet = Facet.of(name, title, labels, counts, self.chosen.getlist(name))
        facet.values.sort(key=lambda value: self._place(name, value))
        return facet

    def _counts(self, name: str, rows: list[Any]) -> dict[str, int]:
        return dict(
            Counter(chain.from_iterable(self._codes(row, name) for row in rows))
        )

    @staticmethod
    def _codes(row: object, name: str) -> list[str]:
        if name in MANY_VALUES:
            codes: list[str] = getattr(row, MANY_VALUES[name])
            return codes
        code = getattr(row, name if name in ("language", "mode") else f"{name}_id")
        return [str(code)] if code else []

    def _labels(self, name: str) -> dict[str, str]:
        if name == "action_line":
            return {
                code: f"{code} {text}" for code, text in vocabulary.labels(name).items()
            }
        if name == "sdg":  # the template writes the number of a goal itself
            return vocabulary.labels(name)
        if name == "language":
            return {code: str(text) for code, text in settings.LANGUAGES}
        if name == "mode":
            return {code: str(text) for code, text in Mode.choices}
        rows = {getattr(row, f"{name}_id"): row for row in self.rows}
        return {str(pk): getattr(row, f"{name}_text") for pk, row in rows.items() if pk}

    @staticmethod
    def _place(name: str, value: FacetValue) -> Any:
        """Sort key: vocabularies in their order, rooms by name and number, others most frequent
        first."""
        if name in MANY_VALUES:
            order = list(vocabulary.labels(name))
            return order.index(value.code) if value.code in order else len(order)
        alphabetical = vocabulary.sort_key(value.label, get_language() or "en")
        return alphabetical if name == "room" else (-value.count, alphabetical)
