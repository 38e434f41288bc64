"""When few projects have all the words: other forms, similar spelling, fewer words."""

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from enum import StrEnum
from typing import NamedTuple

from django.db import connection, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from pyroaring import BitMap

from common.search.query import TextQuery
from stocktaking.search.index import RANKED, FacetIndex
from stocktaking.search.models import Word
from stocktaking.search.terms import Part, parts, spelt
from stocktaking.search.tokens import without_accents

WORD = re.compile(r"[^\W\d_]{4,}")  # shorter ones have too many neighbours


def corrected(wanted: str) -> str | None:
    """The words, with those that no project uses replaced by the most similar; None if none are."""
    better = Word.objects.nearest(WORD.findall(wanted))
    if not better:
        return None
    return WORD.sub(lambda match: better.get(match[0], match[0]), wanted)


FEW = 5  # results below which more is looked for; and how many near ones are shown


MAX_PARTS = 10  # words and names of a text that are looked for one by one


ALIKE = 0.7  # share of equal letters of two words that are spelt alike


SHORTEST_ALIKE = 4  # letters; shorter words have too many neighbours


CANDIDATES = 30  # headings per word that are compared letter by letter


# What it counts for when a project has a word in its heading, in its text, in another form …
IN_HEADING, IN_TEXT, AS_FORM, AS_INITIALS, AS_SOUND = 1.0, 0.7, 0.5, 0.9, 0.4


PARTS = """
SELECT project_hits(exact), project_heading_hits(exact), project_hits(forms),
    project_heading_hits(forms), project_hint_hits(initials), project_hint_hits(sound),
    weightless
FROM (
    SELECT place,
        search_query(word, %(configurations)s::regconfig[]) AS exact,
        search_forms(word, %(configurations)s::regconfig[]) AS forms,
        CASE WHEN word ~ '^[A-Za-z0-9]{3,}$' THEN (lower(word) || ':*')::tsquery END AS initials,
        CASE WHEN char_length(search_sound(word)) > 1
            THEN ('''~' || search_sound(word) || '''')::tsquery END AS sound,
        EXISTS (
            SELECT FROM unnest(%(configurations)s::regconfig[]) AS configuration
            WHERE numnode(plainto_tsquery(configuration, search_fold(word))) = 0
        ) AS weightless
    FROM unnest(%(words)s::text[]) WITH ORDINALITY AS asked (word, place)
) AS parts
ORDER BY place
"""


# The index over the folded heading finds titles for each word.
HEADINGS = """
SELECT asked.word, near.id, near.heading
FROM unnest(%(words)s::text[]) AS asked (word)
CROSS JOIN LATERAL (
    SELECT id, public.search_fold(title || ' ' || organization_name) AS heading
    FROM stocktaking_project
    WHERE status = 'published'
        AND asked.word <%% public.search_fold(title || ' ' || organization_name)
    ORDER BY word_similarity(
        asked.word, public.search_fold(title || ' ' || organization_name)) DESC, id DESC
    LIMIT %(limit)s
) AS near
"""


THRESHOLD = "SELECT set_config('pg_trgm.word_similarity_threshold', '0.35', true)"


class Match(StrEnum):
    """How the projects of a result have the words of the text."""

    ALL = "all"
    FORMS = "forms"  # parts of words, joined or split words, initials
    ALIKE = "alike"  # some words are only spelt or sound alike
    ALL_BUT_ONE = "all_but_one"
    SOME = "some"


SENTENCES: dict[Match, str | Promise] = {
    Match.ALL: "",
    Match.FORMS: _(
        "No project has exactly these words. These have them as parts of other words, or in"
        " another spelling."
    ),
    Match.ALIKE: _(
        "No project has all the words. These have words that are spelt alike."
    ),
    Match.ALL_BUT_ONE: _("No project has all the words. These have all but one."),
    Match.SOME: _(
        "No project has all the words. These have some of them, the best matches first."
    ),
}


class Relaxed(NamedTuple):
    """`matches`: the result, `best`: its slots in order; `near`: projects with similarly spelt
    words when no word of the text occurs, best first, not part of the result."""

    match: Match
    matches: BitMap
    best: tuple[int, ...] = ()
    near: tuple[int, ...] = ()


@dataclass
class PartHits:
    """The projects that have one word or name, by the way in which they have it."""

    ways: list[tuple[BitMap, float]] = field(default_factory=list)
    alike: dict[int, float] = field(default_factory=dict)  # slot → how much alike
    weightless: bool = False

    @property
    def has(self) -> BitMap:
        return BitMap.union(*(projects for projects, _worth in self.ways), BitMap())

    @property
    def may_have(self) -> BitMap:
        return self.has | BitMap(self.alike)

    def worth(self, slot: int) -> float:
        surely = (worth for projects, worth in self.ways if slot in projects)
        return max(*surely, self.alike.get(slot, 0.0), 0.0)


def relax(index: FacetIndex, text: str, query: TextQuery) -> Relaxed:
    """What a text finds when few or no projects have all of its words."""
    named, tokens = parts(text, index.also_known)
    hits = look_up(index, named[:MAX_PARTS], tokens, query)
    hits = [one for one in hits if not one.weightless] or hits
    if not hits:
        return Relaxed(Match.ALL, BitMap())
    if query.unwanted:
        unwanted = (
            index.everything
            - index.text(TextQuery("", query.unwanted, query.configurations)).matches
        )
        for one in hits:
            one.ways = [(matches - unwanted, worth) for matches, worth in one.ways]
            one.alike = {
                s: worth for s, worth in one.alike.items() if s not in unwanted
            }
    if not any(one.has for one in hits):
        levels = at_least([BitMap(one.alike) for one in hits])
        most = next((matches for matches in reversed(levels) if matches), BitMap())
        near = in_order(index, hits, most | levels[0])
        return Relaxed(Match.ALL, BitMap(), near=tuple(near[:FEW]))
    matches, match = widened(hits)
    return Relaxed(match, matches, tuple(in_order(index, hits, matches)))


def widened(hits: list[PartHits]) -> tuple[BitMap, Match]:
    """The projects with most of the words: all of them if any project has all, else with one
    less, and so on until some are found."""
    sure = at_least([one.has for one in hits])
    if sure[-1]:
        return sure[-1], Match.FORMS
    levels = at_least([one.may_have for one in hits])
    if levels[-1]:
        return levels[-1], Match.ALIKE
    wide = len(levels) - 1
    while wide and len(levels[wide]) < FEW:
        wide -= 1
    only_one_missing = wide == len(levels) - 2 and wide > 0
    return levels[wide], Match.ALL_BUT_ONE if only_one_missing else Match.SOME


def at_least(projects_of: list[BitMap]) -> list[BitMap]:
    """The projects with at least one of the words, with at least two, … with all."""
    levels = [BitMap() for _one in projects_of]
    for one in projects_of:
        for count in range(len(levels) - 1, 0, -1):
            levels[count] |= levels[count - 1] & one
        levels[0] |= one
    return levels


def in_order(index: FacetIndex, hits: list[PartHits], matches: BitMap) -> list[int]:
    """At most `RANKED` of these, those with the rarer words first; of equals the newest first."""
    total = len(index.everything)
    weights = [math.log(1 + total / (1 + len(one.may_have))) for one in hits]
    rarest = [one.may_have & matches for one in hits]
    candidates = BitMap()
    for some in sorted(filter(None, rarest), key=len):
        candidates |= BitMap(some[-(RANKED - len(candidates)) :])
        if len(candidates) >= RANKED:
            break
    scores = {
        slot: sum(w * one.worth(slot) for w, one in zip(weights, hits, strict=True))
        for slot in candidates
    }
    return sorted(scores, key=lambda slot: (-scores[slot], -slot))


# --- words one by one -----------------------------------------------------------------------


def look_up(
    index: FacetIndex, named: list[Part], tokens: list[str], query: TextQuery
) -> list[PartHits]:
    """For each word or name the projects that have it: one query, one more for those with none."""
    pairs = [
        (at, f"{tokens[at]}{tokens[at + 1]}")
        for at in range(len(tokens) - 1)
        if (tokens[at] + tokens[at + 1]).isalnum()
    ]
    words = [spelt(part.words) for part in named] + [word for _at, word in pairs]
    rows = ask(index, words, query.configurations)
    hits = []
    for part, (ways, sound, weightless) in zip(named, rows, strict=False):
        one = PartHits(ways, weightless=weightless and not part.codes)
        if part.codes:
            one.ways += [
                (index.heading(part.codes), IN_HEADING),
                (index.carrying(part.codes), IN_TEXT),
            ]
        for (at, _word), (joined, _sound, _none) in zip(
            pairs, rows[len(named) :], strict=True
        ):
            if at + 1 >= part.first and at <= part.last:
                one.ways += joined[:2]  # as a word of its own, in heading or text
        if not one.has:
            one.alike = dict.fromkeys(sound, AS_SOUND)
        hits.append(one)
    spell(
        index,
        [(part, one) for part, one in zip(named, hits, strict=True) if not one.has],
        query,
    )
    return hits


Row = tuple[list[tuple[BitMap, float]], BitMap, bool]


def ask(
    index: FacetIndex, words: list[str], configurations: Iterable[str]
) -> list[Row]:
    """For each word: the ways in which projects have it, those that sound like it, and whether
    it is a stop word ("the")."""
    with connection.cursor() as cursor:
        cursor.execute(PARTS, {"words": words, "configurations": list(configurations)})
        rows = cursor.fetchall()
    read = []
    for exact, heading, forms, heading_forms, initials, sound, weightless in rows:
        ways = [
            (index.bitmap(heading), IN_HEADING),
            (index.bitmap(exact), IN_TEXT),
            (index.bitmap(heading_forms), IN_TEXT),
            (index.bitmap(forms), AS_FORM),
            (index.bitmap(initials), AS_INITIALS),
        ]
        read.append((ways, index.bitmap(sound), weightless))
    return read


def spell(
    index: FacetIndex, missing: list[tuple[Part, PartHits]], query: TextQuery
) -> None:
    """For words that no project has: the projects with a similarly spelt word."""
    by_word = {
        without_accents(part.words): one
        for part, one in missing
        if len(part.words) >= SHORTEST_ALIKE and part.words.isalpha()
    }
    if not by_word:
        return
    closest_of = {
        word: closest(word, near)
        for word, near in Word.objects.alike(list(by_word)).items()
    }
    better = [(word, *best) for word, best in closest_of.items() if best]
    rows = ask(index, [near for _word, near, _alike in better], query.configurations)
    for (word, _near, alike), (ways, _sound, _none) in zip(better, rows, strict=True):
        for projects, worth in ways[:2]:
            for slot in projects[-RANKED:]:
                add(by_word[word], slot, worth * alike)
    for word, slot, alike in headings_alike(index, list(by_word)):
        add(by_word[word], slot, IN_HEADING * alike)


def add(one: PartHits, slot: int, worth: float) -> None:
    one.alike[slot] = max(one.alike.get(slot, 0.0), worth)


def closest(word: str, others: Iterable[str]) -> tuple[str, float] | None:
    """The most similarly spelt word and its similarity; None when none is similar."""
    graded = [
        (SequenceMatcher(None, word, without_accents(other)).ratio(), other)
        for other in others
    ]
    share, best = max(graded, default=(0.0, ""))
    return (best, share) if share >= ALIKE else None


def headings_alike(
    index: FacetIndex, words: list[str]
) -> Iterator[tuple[str, int, float]]:
    """Word, slot and similarity of projects with a similarly spelt word in the heading."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(THRESHOLD)
        cursor.execute(HEADINGS, {"words": words, "limit": CANDIDATES})
        rows = cursor.fetchall()
    for word, pk, heading in rows:
        best = closest(word, re.findall(r"\w+", heading))
        if best and pk in index.slot_of:
            yield word, index.slot_of[pk], best[1]
