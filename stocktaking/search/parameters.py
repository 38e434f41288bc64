"""The parameters of a search: names, values, and error messages."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.lists.filters import printable
from reference.names import vocabulary
from stocktaking.search.index import FACETS

ERRORS_NAMED = 3  # unknown values per parameter that are repeated to the reader
YEAR = re.compile(r"\d{4}", re.ASCII)
PAGE_NUMBER = re.compile(r"[1-9]\d{0,8}", re.ASCII)

TITLES: dict[str, str | Promise] = {
    "action_line": gettext_lazy("Action line"),
    "sdg": gettext_lazy("SDG"),
    "region": gettext_lazy("Region"),
    "country": gettext_lazy("Country"),
    "stakeholder_type": gettext_lazy("Stakeholder type"),
    "year": gettext_lazy("Year"),
}
SORTS: dict[str, str | Promise] = {
    "relevance": gettext_lazy("Best match first"),
    "newest": gettext_lazy("Newest first"),
    "title": gettext_lazy("By title"),
}
PARAMETERS = {"q", *FACETS, "sort", "page"}
# Ignored without a message: what sign-in pages and mailings add to an address.
PASSED_BY = re.compile(r"cursor|page_size|format|utm_\w+|fbclid|gclid", re.ASCII)


def value_labels(facet: str, codes: Iterable[Any]) -> dict[str, str]:
    """Names of a facet's values in their order; years come from the projects themselves."""
    if facet == "year":
        return {code: code for code in sorted(codes, reverse=True)}
    return vocabulary.labels(facet)


def is_known(facet: str, code: str) -> bool:
    return (
        bool(YEAR.fullmatch(code))
        if facet == "year"
        else code in vocabulary.labels(facet)
    )


@dataclass
class SearchParameters:
    """The parsed parameters: values that exist, and a message for each that does not."""

    chosen: dict[str, tuple[str, ...]] = field(default_factory=dict)
    errors: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def read(cls, data: QueryDict) -> "SearchParameters":
        parameters = cls()
        for name in FACETS:
            parameters.read_facet(
                name, list(dict.fromkeys(filter(None, data.getlist(name))))
            )
        unknown = [
            name
            for name in data
            if name not in PARAMETERS and not PASSED_BY.fullmatch(name)
        ]
        for name in unknown[:ERRORS_NAMED]:
            parameters.refuse(printable(name), _("There is no filter with this name."))
        if data.get("sort", "") not in {"", *SORTS}:
            parameters.refuse(
                "sort", _("This order is not available; the default order is used.")
            )
        if not PAGE_NUMBER.fullmatch(data.get("page") or "1"):
            parameters.refuse(
                "page", _("Page numbers start at 1; this is the first page.")
            )
        return parameters

    def refuse(self, name: str, sentence: str) -> None:
        self.errors.setdefault(name, []).append(sentence)

    def read_facet(self, name: str, codes: list[str]) -> None:
        self.chosen[name] = tuple(
            sorted(code for code in codes if is_known(name, code))
        )
        unknown = [code for code in codes if not is_known(name, code)]
        for code in unknown[:ERRORS_NAMED]:
            self.refuse(
                name,
                _("“%(value)s” is not a value of “%(filter)s” and was ignored.")
                % {"value": printable(code), "filter": TITLES[name]},
            )
