"""An index of the published projects in the process, as bitmaps: exact facet counts for any page in
about a millisecond.

Every published project has a slot; slots ascend by (published_at, id), so the newest page is the
end of a bitmap. An index never changes once it is in use: changes make the next one. It follows the
change log (common.records.models.Change), asking once per search what is new there.
"""

import threading
from array import array
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from django.db import connection
from pyroaring import BitMap

from common.search.query import TextQuery, parse
from stocktaking.search import synonyms
from stocktaking.search.terms import Code, Meant, spelt
from stocktaking.search.tokens import Tokens, tokens

EVERY = "*"  # record id of one log row that stands for a whole batch


RELOAD_ABOVE = 500  # changed projects; beyond it reloading everything is quicker


RANKED = 1000  # newest hits that are put in order of relevance


NOWHERE = 2**32 - 1  # the slot of what is not published


TEXTS_KEPT = 256  # results of texts; at most 25 kB each at 132,400 projects


FACETS = ("action_line", "sdg", "region", "country", "stakeholder_type", "year")


NEWS = """
SELECT now.xmin::text::bigint,
       %(last)s = 0 OR EXISTS (SELECT FROM common_change WHERE id = %(last)s),
       log.id, log.record_id, log.transaction::text::bigint
FROM (SELECT change_horizon() AS xmin) AS now
LEFT JOIN common_change AS log
    ON log.transaction >= %(xmin)s::text::xid8 AND log.record_kind = 'stocktaking.project'
"""


# Slots count from 0 in the order of publication; every value lists the slots that carry it.
ROWS = """
WITH published AS MATERIALIZED (
    SELECT project.*, row_number() OVER (ORDER BY stamp, id) - 1 AS slot
    FROM (
        SELECT id, (extract(epoch FROM coalesce(published_at, 'epoch')) * 1000000)::bigint AS stamp,
               main_action_line_id, country_id, stakeholder_type_id, year
        FROM stocktaking_project
        WHERE status = 'published' AND (%(ids)s::bigint[] IS NULL OR id = ANY(%(ids)s::bigint[]))
    ) AS project
), carried (facet, code, slot) AS (
    SELECT 'action_line', main_action_line_id, slot FROM published
    UNION ALL SELECT 'action_line', actionline_id, slot
        FROM published JOIN stocktaking_project_other_action_lines ON project_id = published.id
    UNION ALL SELECT 'sdg', sdg_id, slot
        FROM published JOIN stocktaking_project_sdgs ON project_id = published.id
    UNION ALL SELECT 'country', country_id, slot FROM published
    UNION ALL SELECT 'region', region_id, slot
        FROM published JOIN reference_country ON code = country_id
    UNION ALL SELECT 'stakeholder_type', stakeholder_type_id, slot FROM published
    UNION ALL SELECT 'year', year::text, slot FROM published WHERE year > 0
)
SELECT facet, code, string_agg(int4send(slot::int), '') FROM carried WHERE code IS NOT NULL
GROUP BY facet, code
UNION ALL SELECT '', 'ids', string_agg(int8send(id), '' ORDER BY slot) FROM published
UNION ALL SELECT '', 'stamps', string_agg(int8send(stamp), '' ORDER BY slot) FROM published
"""


HITS = """
SELECT project_hits(query), project_heading_hits(query)
FROM search_query(%s, %s::regconfig[]) AS query
"""


# All the ways in which a noun is said, each read by the rules of its script, as one question.
NOUN_HITS = """
SELECT project_hits(query), project_heading_hits(query)
FROM (
    SELECT string_agg(DISTINCT '(' || reading || ')', ' | ')::tsquery AS query
    FROM (
        SELECT search_query(said, configurations::regconfig[])::text AS reading
        FROM unnest(%s::text[], %s::text[]) AS ways (said, configurations)
    ) AS readings
    WHERE reading <> ''
) AS noun
"""


RANKS = """
SELECT project_id FROM stocktaking_projectwords
JOIN unnest(%s::bigint[]) WITH ORDINALITY AS newest (id, place) ON id = project_id
ORDER BY ts_rank(heading, search_query(%s, %s::regconfig[])) DESC, place DESC
"""


OF_ORGANIZATIONS = """
SELECT string_agg(int4send(id::int), '') FROM stocktaking_project
WHERE organization_id = ANY(%s) AND status = 'published'
"""


ALSO_KNOWN = """
SELECT id, unnest(aliases) FROM stocktaking_organization
WHERE successor_id IS NULL AND aliases <> '{}'
"""


def unpacked(kind: str, packed: bytes | memoryview | None) -> "array[int]":
    """Big-endian integers as PostgreSQL sends them; `kind` is i or I (4 bytes) or q (8)."""
    numbers = array(kind, bytes(packed or b""))
    numbers.byteswap()
    return numbers


@dataclass(frozen=True)
class Rows:
    """Published projects as read: ids and stamps (microseconds) by slot, slots by facet value."""

    ids: "array[int]"
    stamps: "array[int]"
    carried: dict[tuple[str, str], "array[int]"]

    @classmethod
    def read(cls, ids: Iterable[int] | None = None) -> "Rows":
        with connection.cursor() as cursor:
            cursor.execute(ROWS, {"ids": None if ids is None else list(ids)})
            carried = {
                (facet, code): packed for facet, code, packed in cursor.fetchall()
            }
        return cls(
            ids=unpacked("q", carried.pop(("", "ids"))),
            stamps=unpacked("q", carried.pop(("", "stamps"))),
            carried={key: unpacked("I", packed) for key, packed in carried.items()},
        )


@dataclass(frozen=True)
class Position:
    """How far the change log is known: all before transaction `xmin`, then the `applied` rows."""

    xmin: int = 0
    applied: frozenset[int] = frozenset()
    last: int = 0  # id of a log row that must still be there


@dataclass(frozen=True)
class News:
    """Log rows from a position on: (id, record id, transaction)."""

    xmin: int
    last_stands: bool
    rows: list[tuple[int, str, int]]

    @classmethod
    def since(cls, position: Position) -> "News":
        with connection.cursor() as cursor:
            cursor.execute(NEWS, {"last": position.last, "xmin": str(position.xmin)})
            rows_since = cursor.fetchall()
        rows = [
            (pk, record, txid)
            for _xmin, _stands, pk, record, txid in rows_since
            if pk is not None
        ]
        return cls(rows_since[0][0], rows_since[0][1], rows)

    def position(self, last: int) -> Position:
        """The position of a reader who has applied all of this."""
        return Position(
            self.xmin,
            frozenset(pk for pk, _record, txid in self.rows if txid >= self.xmin),
            max([last, *(pk for pk, _record, _txid in self.rows)]),
        )


@dataclass(frozen=True)
class TextHits:
    """What a text matches: `named` has the wanted words in title or organization."""

    matches: BitMap
    named: BitMap


class FacetIndex:
    """One version of the published projects; read by many threads, never changed."""

    def __init__(
        self,
        position: Position,
        ids: "array[int]",
        stamps: "array[int]",
        values: dict[str, dict[str, BitMap]],
        slot_of: dict[int, int],
    ) -> None:
        self.position = position
        self.ids = ids
        self.stamps = stamps
        self.values = values
        self.slot_of = slot_of
        self.everything = BitMap(slot_of.values())
        self.text = lru_cache(TEXTS_KEPT)(self._text)
        self.ranked = lru_cache(TEXTS_KEPT)(self._ranked)
        self.meant = lru_cache(TEXTS_KEPT)(self._meant)
        self.noun = lru_cache(None)(self._noun)
        self.memo = lru_cache(TEXTS_KEPT)(self._memo)

    @classmethod
    def load(cls) -> "FacetIndex":
        """Position first, rows second: what is committed in between is read, and applied again."""
        news = News.since(Position())
        rows = Rows.read()
        values: dict[str, dict[str, BitMap]] = {facet: {} for facet in FACETS}
        for (facet, code), slots in rows.carried.items():
            values[facet][code] = BitMap(slots)
        # by ascending id, as hits come: neighbours in memory are looked up one after the other
        slot_of = dict(sorted(zip(rows.ids, range(len(rows.ids)), strict=True)))
        return cls(news.position(0), rows.ids, rows.stamps, values, slot_of)

    def after(self, news: News) -> "FacetIndex":
        """The next version. Everything is reloaded when the log went back or too much is new."""
        seen = self.position
        applied = {pk for pk, _record, _txid in news.rows}
        went_back = (
            not news.last_stands or news.xmin < seen.xmin or not seen.applied <= applied
        )
        records = {record for pk, record, _txid in news.rows if pk not in seen.applied}
        if went_back or EVERY in records or len(records) > RELOAD_ABOVE:
            return FacetIndex.load()
        changed = {int(record) for record in records}
        position = news.position(seen.last)
        return self._with(changed, Rows.read(changed), position) or FacetIndex.load()

    def is_current(self, news: News) -> bool:
        seen = self.position
        applied = {pk for pk, _record, _txid in news.rows}
        return news.last_stands and news.xmin >= seen.xmin and applied == seen.applied

    def _with(
        self, changed: set[int], rows: Rows, position: Position
    ) -> "FacetIndex | None":
        """A copy with the changed projects as in `rows`; None when one of them changes its slot."""
        ids, stamps, slot_of = self.ids[:], self.stamps[:], dict(self.slot_of)
        slots: list[int] = []
        for pk, stamp in zip(rows.ids, rows.stamps, strict=True):
            slot = slot_of.get(pk)
            if slot is None or stamps[slot] != stamp:
                if ids and (stamp, pk) < (stamps[-1], ids[-1]):
                    return None
                slot = len(ids)
                ids.append(pk)
                stamps.append(stamp)
            slots.append(slot)
        gone = BitMap(slot_of.pop(pk) for pk in changed if pk in slot_of)
        slot_of.update(zip(rows.ids, slots, strict=True))
        values = {
            facet: {code: carried - gone for code, carried in by_code.items()}
            for facet, by_code in self.values.items()
        }
        for (facet, code), places in rows.carried.items():
            values[facet].setdefault(code, BitMap()).update(
                slots[place] for place in places
            )
        return FacetIndex(position, ids, stamps, values, slot_of)

    # --- answers -----------------------------------------------------------------------------

    def select(self, chosen: dict[str, tuple[str, ...]]) -> dict[str, BitMap]:
        """For each facet with chosen values, the projects that carry one of them."""
        return {
            facet: BitMap.union(
                *(self.values[facet].get(code, BitMap()) for code in codes)
            )
            for facet, codes in chosen.items()
            if codes
        }

    def counts(self, facet: str, among: BitMap) -> dict[str, int]:
        """How many of these projects carry each value of a facet; values without any are left
        out."""
        counted = {
            code: among.intersection_cardinality(carried)
            for code, carried in self.values[facet].items()
        }
        return {code: count for code, count in counted.items() if count}

    def crossed(
        self, first: str, second: str, among: BitMap | None = None
    ) -> dict[tuple[str, str], int]:
        """How many projects (`among` these) carry each pair of values; pairs without any are
        left out."""
        by_code = self.values[first]
        if among is not None:
            by_code = {code: carried & among for code, carried in by_code.items()}
        counted = {
            (one, other): carried.intersection_cardinality(others)
            for one, carried in by_code.items()
            if carried
            for other, others in self.values[second].items()
        }
        return {pair: count for pair, count in counted.items() if count}

    def key(self, slot: int) -> tuple[int, int]:
        """The order of the slots: time of publication in microseconds, id."""
        return self.stamps[slot], self.ids[slot]

    def slots(self, ids: Iterable[int]) -> "array[int]":
        """The slots of these ids in their order, without ids that are not published."""
        return array(
            "I", (slot for slot in map(self.slot_of.get, ids) if slot is not None)
        )

    @cached_property
    def places(self) -> list[int]:
        """The slot of each id from 0 on, NOWHERE for unpublished ones."""
        places = array("I", [NOWHERE]) * (max(self.slot_of, default=0) + 1)
        for pk, slot in self.slot_of.items():
            places[pk] = slot
        return places.tolist()  # numbers that lie in memory as they are looked up

    def bitmap(self, packed: bytes | memoryview | None) -> BitMap:
        """The slots of ids as PostgreSQL packs them. A common word has 100,000, so each is
        looked up in an array, in ascending order; a dictionary takes three times as long."""
        places, ids = self.places, BitMap(unpacked("I", packed))
        if ids and ids.max() >= len(places):  # published since this version
            ids.remove_range(len(places), ids.max() + 1)
        bitmap = BitMap(array("I", [places[pk] for pk in ids]))
        bitmap.discard(NOWHERE)
        return bitmap

    def _text(self, query: TextQuery) -> TextHits:
        matches, named = (
            self._hits(query.wanted, query)
            if query.wanted
            else (self.everything, BitMap())
        )
        if query.unwanted:
            matches = matches - self._hits(query.unwanted, query)[0]
        return TextHits(matches & self.everything, named)

    def _hits(self, words: str, query: TextQuery) -> tuple[BitMap, BitMap]:
        """Projects with the words anywhere, and those with the words in title or organization."""
        with connection.cursor() as cursor:
            cursor.execute(HITS, [words, list(query.configurations)])
            anywhere, heading = cursor.fetchone()
        return self.bitmap(anywhere), self.bitmap(heading)

    def _ranked(self, query: TextQuery, meant: Meant | None = None) -> "array[int]":
        """Slots of the newest projects that have the words in title or organization, best first;
        with `meant`, of those that have what it names there."""
        named = self.meant(meant).named if meant else self.text(query).named
        newest = [self.ids[slot] for slot in named[-RANKED:]]
        with connection.cursor() as cursor:
            cursor.execute(RANKS, [newest, query.wanted, list(query.configurations)])
            return self.slots(pk for (pk,) in cursor.fetchall())

    def _memo(self, make: Callable[..., Any], *arguments: Any) -> Any:
        """The result of `make` for this version, kept like the results of texts."""
        return make(self, *arguments)

    def _meant(self, meant: Meant) -> TextHits:
        """Projects that carry each name in a text, or have it in words, and all its other words.
        Those with all of the text in words are found otherwise and may be missing here. `named`
        has the other words in title or organization, and nouns as well."""
        if meant.rest is None:
            matches, named = self.everything, self.everything
        else:
            rest = self.text(meant.rest)
            matches, named = rest.matches, rest.named
        for words, codes in meant.named:
            carried, heading = self.carrying(codes), self.heading(codes)
            # of a single name the words alone are the text itself; a noun holds its own words
            if len(meant.named) > 1 and not any(
                facet == "noun" for facet, _code in codes
            ):
                in_words = self.text(words)
                carried, heading = carried | in_words.matches, heading | in_words.named
            matches, named = matches & carried, named & heading
        return TextHits(matches, named)

    def carrying(self, codes: Iterable[Code]) -> BitMap:
        """Projects with one of these codes; with an organization when the facet is
        "organization", with a noun in any language when it is "noun"."""
        named = [
            self.values.get(facet, {}).get(code, BitMap()) for facet, code in codes
        ]
        named += [
            self.noun(int(code)).matches for facet, code in codes if facet == "noun"
        ]
        organizations = [int(code) for facet, code in codes if facet == "organization"]
        if organizations:
            with connection.cursor() as cursor:
                cursor.execute(OF_ORGANIZATIONS, [organizations])
                named.append(self.bitmap(cursor.fetchone()[0]))
        return BitMap.union(*named)

    def heading(self, codes: Iterable[Code]) -> BitMap:
        """Projects with one of these nouns in the heading; without a noun, those with one of the
        codes."""
        named = [self.noun(int(code)).named for facet, code in codes if facet == "noun"]
        return BitMap.union(*named) if named else self.carrying(codes)

    def _noun(self, row: int) -> TextHits:
        """Projects with a noun in any of the six languages."""
        ways = [
            (
                f'"{spelt(way)}"' if " " in way else spelt(way),
                parse(way)[0].configurations,
            )
            for forms in synonyms.forms()[row].values()
            for way in forms
        ]
        configurations = [f"{{{','.join(names)}}}" for _way, names in ways]
        with connection.cursor() as cursor:
            cursor.execute(NOUN_HITS, [[way for way, _names in ways], configurations])
            anywhere, heading = cursor.fetchone()
        return TextHits(
            self.bitmap(anywhere) & self.everything,
            self.bitmap(heading) & self.everything,
        )

    @cached_property
    def also_known(self) -> dict[Tokens, set[Code]]:
        """The aliases of organizations: acronyms, other languages, merged spellings."""
        codes_of: dict[Tokens, set[Code]] = {}
        with connection.cursor() as cursor:
            cursor.execute(ALSO_KNOWN)
            for pk, alias in cursor.fetchall():
                codes_of.setdefault(tokens(alias), set()).add(("organization", str(pk)))
        codes_of.pop((), None)
        return codes_of

    @cached_property
    def by_title(self) -> "array[int]":
        """All slots in order of the title."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT string_agg(int4send(project_id::int), '' ORDER BY sort_title, project_id)"
                " FROM stocktaking_projectwords"
            )
            (packed,) = cursor.fetchone()
        return self.slots(unpacked("i", packed))

    @cached_property
    def title_place(self) -> "array[int]":
        """The position of each slot in order of the title."""
        places = array("I", bytes(4 * len(self.ids)))
        for place, slot in enumerate(self.by_title):
            places[slot] = place
        return places


class _Holder:
    """The newest index of the process; one thread at a time makes the next one."""

    def __init__(self) -> None:
        self.index: FacetIndex | None = None
        self.lock = threading.Lock()

    def current(self) -> FacetIndex:
        index = self.index
        if index is not None:
            news = News.since(index.position)
            if index.is_current(news):
                index.position = news.position(
                    index.position.last
                )  # the window stays short
                return index
        return self._renewed()

    def _renewed(self) -> FacetIndex:
        with self.lock:
            if self.index is None:
                self.index = FacetIndex.load()
            else:
                news = News.since(
                    self.index.position
                )  # another thread may have been quicker
                if not self.index.is_current(news):
                    self.index = self.index.after(news)
            return self.index


_holder = _Holder()


def current_index() -> FacetIndex:
    """The present index: one small query when nothing was published since."""
    return _holder.current()
