"""The search for projects: the same for page, API and export (docs/search.md)."""

import base64
import binascii
import re
import struct
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from django.http import QueryDict
from django.utils.http import urlencode
from django.utils.translation import ngettext
from pyroaring import BitMap

from common.lists.facets import Facet
from common.search.query import clean, parse
from stocktaking.project.models import Project
from stocktaking.search.index import FACETS, RANKED, FacetIndex, current_index
from stocktaking.search.parameters import (
    PAGE_NUMBER,
    SORTS,
    TITLES,
    SearchParameters,
    value_labels,
)
from stocktaking.search.relaxation import (
    FEW,
    SENTENCES,
    Match,
    Relaxed,
    corrected,
    relax,
)
from stocktaking.search.terms import Meant, understand

PAGE_SIZE = 20
NUMBER = re.compile(r"WSIS-\d{4}-(\d{1,10})", re.IGNORECASE | re.ASCII)
SINGLE_WORD = re.compile(r"[^\s\"]+")
CURSOR = struct.Struct(">cqq")  # sort (n: by date, p: by place), stamp or place, id


@dataclass(frozen=True)
class Chip:
    """A chosen value, and the query string of the search without it."""

    facet: str
    title: str
    label: str
    query: str


@dataclass(frozen=True)
class Page:
    """One page of projects and its position in the whole result; pages count from 1."""

    object_list: list[Project]
    number: int
    pages: int

    def __iter__(self) -> Iterator[Project]:
        return iter(self.object_list)

    @property
    def has_next(self) -> bool:
        return self.number < self.pages

    @property
    def has_previous(self) -> bool:
        return self.number > 1

    @property
    def next_page_number(self) -> int:
        return self.number + 1

    @property
    def previous_page_number(self) -> int:
        return self.number - 1


@dataclass(frozen=True)
class CursorPage:
    """Projects after a cursor, and the cursor after the last of them; None at the end."""

    object_list: list[Project]
    next: str | None


Reader = Callable[[list[int]], dict[int, Project]]


class CursorError(ValueError):
    """A cursor that this search did not issue."""


class ProjectSearch:
    """One answer about the published projects; everything in it comes from one version of them.

    `data` is a request's query string. What is invalid is ignored and named in `errors` (parameter
    → sentences); a page shows them, the API refuses with them. When no project has all the words,
    those that have most of them are the result, and `match` says so; with `strict` the result is
    empty then.
    """

    def __init__(self, data: QueryDict, *, strict: bool = False) -> None:
        self.strict = strict
        parameters = SearchParameters.read(data)
        self.data = data
        self.chosen, self.errors = parameters.chosen, parameters.errors
        self.text = data.get("q", "").replace("\x00", " ").strip()
        self._query, cut = parse(self.text)
        if cut:
            self.errors["q"] = cut
        sort = data.get("sort", "")
        usual = "relevance" if self._query else "newest"
        self.sort = (
            sort if sort in SORTS and (self._query or sort != "relevance") else usual
        )

    @cached_property
    def _index(self) -> FacetIndex:
        """One version of the index for the whole answer, loaded at first use."""
        return current_index()

    @property
    def is_valid(self) -> bool:
        return not self.errors

    # --- what was found --------------------------------------------------------------------

    @cached_property
    def _of_text(self) -> BitMap | None:
        """The projects that match the text in whatever form; None without a text."""
        if self._exact is None:
            return None
        return self._exact | self._relaxed.matches

    @cached_property
    def _exact(self) -> BitMap | None:
        """The projects that have all the words, or carry the codes these name; None without a
        text."""
        numbered = NUMBER.fullmatch(self.text)
        if numbered:
            return BitMap(self._index.slots([int(numbered[1])]))
        if not self._query:  # punctuation alone matches nothing
            return BitMap() if self.text else None
        if self._meant is None:
            return self._index.text(self._query).matches
        meant = self._index.meant(self._meant).matches
        if self._query.unwanted:
            meant = meant & self._index.text(replace(self._query, wanted="")).matches
        if self._meant.only_nouns:  # these include what has the words themselves
            return meant
        return meant | self._index.text(self._query).matches

    @cached_property
    def _relaxed(self) -> Relaxed:
        """What is found beside the exact matches when these are few: other forms of the words
        when there are some, most of the words when there are none."""
        nothing = Relaxed(Match.ALL, BitMap())
        exact = self._exact
        if self.strict or not self._query.wanted or exact is None or len(exact) >= FEW:
            return nothing
        if NUMBER.fullmatch(self.text):
            return nothing
        if exact and not SINGLE_WORD.fullmatch(
            self.text
        ):  # only a lone word may be half a word
            return nothing
        relaxed: Relaxed = self._index.memo(relax, self.text, self._query)
        if exact and relaxed.match != Match.FORMS:
            return nothing
        return relaxed

    @property
    def match(self) -> Match:
        """How the projects of the result have the words of the text."""
        return Match.ALL if self._exact else self._relaxed.match

    @property
    def match_sentence(self) -> str:
        """The same for readers; empty when all projects have all the words."""
        return str(SENTENCES[self.match]) if self.total else ""

    @cached_property
    def _meant(self) -> Meant | None:
        """The names of countries, lines, Goals … in the text; None when it has none. Nouns
        beside other words are read in other languages when the words alone do not fill a page."""
        if not self._query:
            return None
        meant = understand(self.text, self._query, self._index.also_known)
        if meant and meant.rest and meant.only_nouns:
            fills_a_page = len(self._index.text(self._query).matches) >= PAGE_SIZE
            return None if fills_a_page else meant
        return meant

    @cached_property
    def _selected(self) -> dict[str, BitMap]:
        return self._index.select(self.chosen)

    def _found(self, but: str = "") -> BitMap:
        """The projects that match the text and all facets but one."""
        matches = self._index.everything if self._of_text is None else self._of_text
        for name, carried in self._selected.items():
            if name != but:
                matches = matches & carried
        return matches

    @cached_property
    def _result(self) -> BitMap:
        return self._found()

    @property
    def total(self) -> int:
        return len(self._result)

    @property
    def total_of_text(self) -> int:
        """How many projects match the text alone; all of them without a text."""
        return len(self._index.everything if self._of_text is None else self._of_text)

    @property
    def query_of_text(self) -> str:
        return urlencode({"q": self.text}) if self.text else ""

    @cached_property
    def counts(self) -> dict[str, dict[str, int]]:
        """Facet → value → projects, each facet counted with the text and all other facets."""
        return {
            name: self._index.counts(
                name, self._found(name) if self.chosen[name] else self._result
            )
            for name in FACETS
        }

    def crossed(self, first: str, second: str) -> dict[tuple[str, str], int]:
        """How many projects of the result carry each pair of values; pairs without any are left
        out."""
        return self._index.crossed(first, second, self._result)

    def nearest(
        self, line: str, goal: str, limit: int = 3
    ) -> list[tuple[Project, str]]:
        """The projects nearest to a cell without any, with what they share: projects of both
        outside the result, then of the line, then of the Goal; the newest of each."""
        of_line = self._index.values["action_line"].get(line, BitMap())
        of_goal = self._index.values["sdg"].get(goal, BitMap())
        slots: dict[int, str] = {}
        for shared, some in (
            ("both", of_line & of_goal),
            ("line", of_line),
            ("goal", of_goal),
        ):
            left = some - (self._result & of_line & of_goal) - BitMap(slots)
            slots |= dict.fromkeys(newest(left, 0, limit - len(slots)), shared)
        projects = self._rows(list(slots), Project.objects.cards)
        return [
            (project, slots[self._index.slot_of[project.pk]]) for project in projects
        ]

    def without(self, facet: str) -> list[Project]:
        """The newest 20 projects of the result without a value of a facet."""
        some = self._result - BitMap.union(
            *self._index.values[facet].values(), BitMap()
        )
        return self._rows(newest(some, 0, PAGE_SIZE), Project.objects.cards)

    @cached_property
    def facets(self) -> list[Facet]:
        return [self._facet(name) for name in FACETS]

    def _facet(self, name: str) -> Facet:
        counts, chosen = self.counts[name], self.chosen[name]
        if not self.total:  # the choices stay, so that a reader sees what there is
            counts = dict.fromkeys(self._index.values[name], 0) | counts
        labels = value_labels(name, {*counts, *chosen})
        facet = Facet.of(name, str(TITLES[name]), labels, counts, chosen)
        if name == "country":
            facet.values.sort(key=lambda value: (not value.selected, -value.count))
        return facet

    @cached_property
    def chips(self) -> list[Chip]:
        return [
            Chip(
                name,
                str(TITLES[name]),
                value_labels(name, codes).get(code, code),
                self._query_string(without=(name, code)),
            )
            for name, codes in self.chosen.items()
            for code in codes
        ]

    @cached_property
    def query(self) -> str:
        """The query string of this search without its page; pagers and exports extend it."""
        return self._query_string()

    def _query_string(self, without: tuple[str, str] = ("", "")) -> str:
        kept = QueryDict(mutable=True)
        if self.text:
            kept["q"] = self.text
        for name, codes in self.chosen.items():
            kept.setlist(name, [code for code in codes if (name, code) != without])
        if self.data.get("sort") in SORTS:
            kept["sort"] = self.sort
        return kept.urlencode()

    @cached_property
    def suggestion(self) -> str | None:
        """The text with its unknown words replaced, when the text as it is finds little."""
        if not self._query or len(self._exact or ()) >= FEW:
            return None
        better = corrected(clean(self.text))
        if better and self._asking(better).total > len(self._exact or ()):
            return better
        return None

    @cached_property
    def near(self) -> list[Project]:
        """When no word of the text occurs: at most five projects with similarly spelt words.
        They are not part of the result."""
        if self._of_text:
            return []
        return self._rows(list(self._relaxed.near), Project.objects.cards)

    @staticmethod
    def _asking(text: str) -> "ProjectSearch":
        parameters = QueryDict(mutable=True)
        parameters["q"] = text
        return ProjectSearch(parameters, strict=True)

    # --- rows ------------------------------------------------------------------------------

    def page(self, number: int | str | None = None, size: int = PAGE_SIZE) -> Page:
        """A page of the result; beyond the end the last one, with a sentence in `errors`."""
        text = str(number or "1")
        number_of_page = int(text) if PAGE_NUMBER.fullmatch(text) else 1
        pages = max(1, -(-self.total // size))
        if number_of_page > pages:
            self.errors["page"] = [
                ngettext(
                    "There is only %(count)d page; this is the last.",
                    "There are only %(count)d pages; this is the last.",
                    pages,
                )
                % {"count": pages}
            ]
            number_of_page = pages
        slots = self._slots((number_of_page - 1) * size, number_of_page * size)
        return Page(self._rows(slots, Project.objects.cards), number_of_page, pages)

    def pks(self, limit: int) -> list[int]:
        """Ids of the result in its order, at most `limit`."""
        return [self._index.ids[slot] for slot in self._slots(0, limit)]

    def cursor_page(self, after: str | None, size: int) -> CursorPage:
        """The rows after a cursor: by date from its very row, else by position. Raises
        CursorError."""
        start = self._start(after) if after else 0
        slots = self._slots(start, start + size)
        ends = start + len(slots) >= self.total
        published = Project.objects.published().for_list().with_codes()
        rows = self._rows(slots, published.order_by().in_bulk)
        return CursorPage(rows, None if ends else self._cursor(start, slots))

    def _cursor(self, start: int, slots: list[int]) -> str:
        if self.sort == "newest":
            last = slots[-1]
            packed = CURSOR.pack(b"n", self._index.stamps[last], self._index.ids[last])
        else:
            packed = CURSOR.pack(b"p", start + len(slots), 0)
        return base64.urlsafe_b64encode(packed).decode().rstrip("=")

    def _start(self, cursor: str) -> int:
        """The position in the result at which the rows after a cursor begin."""
        try:
            kind, first, pk = CURSOR.unpack(base64.urlsafe_b64decode(f"{cursor}=="))
        except (binascii.Error, struct.error, ValueError) as error:
            raise CursorError(cursor) from error
        if kind == b"p" and self.sort != "newest" and first >= 0:
            return int(first)
        if kind == b"n" and self.sort == "newest":
            return self._place_after(first, pk)
        raise CursorError(cursor)

    def _place_after(self, stamp: int, pk: int) -> int:
        index = self._index
        slot = bisect_left(range(len(index.ids)), (stamp, pk), key=index.key)
        older = self._result.rank(slot - 1) if slot else 0
        return self.total - older

    def _slots(self, start: int, stop: int) -> list[int]:
        """Slots of the result from one position to another, in the chosen order."""
        order: dict[str, Callable[[int, int], list[int]]] = {
            "newest": lambda start, stop: newest(self._result, start, stop),
            "title": self._by_title,
            "relevance": self._by_relevance,
        }
        return order[self.sort](start, min(stop, self.total))

    def _by_title(self, start: int, stop: int) -> list[int]:
        index, result = self._index, self._result
        if len(result) == len(index.by_title):
            return list(index.by_title[start:stop])
        places = BitMap(map(index.title_place.__getitem__, result))
        return [index.by_title[place] for place in places[start:stop]]

    def _by_relevance(self, start: int, stop: int) -> list[int]:
        ranked = self._best
        if stop <= len(ranked):
            return ranked[start:stop]
        others = self._result - BitMap(ranked)
        shift = len(ranked)
        return ranked[start:stop] + newest(others, max(0, start - shift), stop - shift)

    @cached_property
    def _best(self) -> list[int]:
        """Slots of the result in order of relevance, at least its beginning. When no project has
        all the words: those with most of them, the rarer words first."""
        order: list[int] = []
        if self._exact:
            order += self._best_of_words
        if self._exact and self._relaxed.best:
            order += newest(self._exact & self._result, 0, RANKED)
        order += self._relaxed.best
        return [slot for slot in dict.fromkeys(order) if slot in self._result]

    @property
    def _best_of_words(self) -> list[int]:
        """First those with all words in title or organization, then those with all that the
        words name there, then those with the words that are not names, then the newest with the
        named codes."""
        index, meant = self._index, self._meant
        if meant is None:
            return [*index.ranked(self._query)]
        if meant.only_nouns:
            order = [*index.ranked(self._query, meant)]
            return order + (
                newest(index.text(meant.rest).named, 0, RANKED) if meant.rest else []
            )
        order = [*index.ranked(self._query)]
        order += newest(index.meant(meant).named & self._result, 0, RANKED)
        if meant.rest:
            order += index.ranked(meant.rest)
        carried = self._result.copy()
        for _words, codes in meant.named:
            carried &= index.carrying(codes)
        return order + newest(carried, 0, RANKED)

    def _rows(self, slots: list[int], read: Reader) -> list[Project]:
        """The rows in this order; one that was withdrawn a moment ago is missing."""
        ids = [self._index.ids[slot] for slot in slots]
        rows = read(ids)
        return [rows[pk] for pk in ids if pk in rows]


def newest(slots: BitMap, start: int, stop: int) -> list[int]:
    """A slice of the slots from the end: the newest are the last."""
    size = len(slots)
    return list(slots[max(0, size - stop) : max(0, size - start)])[::-1]
