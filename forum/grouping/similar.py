"""Which inputs of an edition are like each other: by the pieces of three letters that their titles
share, or by the words of their texts, whatever the script. Nothing is stored."""

import hashlib
import json
import re
from collections.abc import Iterable

from pyroaring import BitMap

from common.caching.values import remember, remembered
from common.text.folding import fold_loosely
from common.text.words import CJK, WORD
from forum.consultation.models import Submission

# The share that both have of what one of them has.
TITLES_ALIKE, TEXTS_ALIKE = 0.45, 0.35
COMPARED = 1500  # characters of a text
MOST_TOGETHER = 30  # inputs of one suggestion
MOST_COMPARED = 800  # inputs of one edition

SHORT = 2
KEPT = 3600  # seconds
CHINESE = re.compile(f"[{CJK}]+")
Pieces = tuple[BitMap, BitMap]  # of the title, of the text


def pieces_of(title: str) -> set[str]:
    """The pieces of three letters of each word; of two in other alphabets; each Chinese sign is a
    word."""
    found = set()
    for word in WORD.findall(fold_loosely(title)):
        size = 3 if word.isascii() else 2
        padded = f" {word} "
        found |= {padded[at : at + size] for at in range(len(padded) - size + 1)}
    return found


def words_of(text: str) -> set[str]:
    """The words of a text, without those of one or two letters; Chinese in pieces of two signs."""
    found = set()
    for word in WORD.findall(fold_loosely(text)):
        if len(word) > SHORT:
            found.add(word)
    runs = CHINESE.findall(text)
    found |= {run[at : at + 2] for run in runs for at in range(len(run) - 1)}
    return found


def numbered(pieces: set[str], numbers: dict[str, int]) -> BitMap:
    return BitMap({numbers.setdefault(piece, len(numbers)) for piece in pieces})


def suggestions(inputs: Iterable[Submission]) -> list[list[Submission]]:
    """Groups of two or more, the largest first: an input and those that are like it. Each input is
    in one of them at most."""
    rows = list(inputs)[:MOST_COMPARED]
    numbers: dict[str, int] = {}
    pieces: list[Pieces] = [
        (
            numbered(pieces_of(row.title), numbers),
            numbered(words_of(row.text[:COMPARED]), numbers),
        )
        for row in rows
    ]
    near: dict[int, set[int]] = {place: set() for place in range(len(rows))}
    for one, (title, text) in enumerate(pieces):
        for other in range(one):
            # Of two empty ones it is no number, which is not above any limit.
            if (
                title.jaccard_index(pieces[other][0]) >= TITLES_ALIKE
                or text.jaccard_index(pieces[other][1]) >= TEXTS_ALIKE
            ):
                near[one].add(other)
                near[other].add(one)
    groups = []
    left = set(near)
    while left:
        centre = max(left, key=lambda place: (len(near[place] & left), -place))
        others = sorted(near[centre] & left)[: MOST_TOGETHER - 1]
        left -= {centre, *others}
        if others:
            groups.append([rows[place] for place in sorted([centre, *others])])
    return sorted(groups, key=lambda group: (-len(group), group[0].pk))


def suggestions_kept(inputs: Iterable[Submission]) -> list[list[Submission]]:
    """What `suggestions` finds, kept for an hour or until an input comes, changes or goes."""
    rows = {row.pk: row for row in inputs}
    said = [(row.pk, row.updated_at.isoformat()) for row in rows.values()]
    key = f"forum-similar-{hashlib.sha256(json.dumps(said).encode()).hexdigest()}"
    kept: list[list[int]] | None = remembered(key)
    if kept is None:
        found = suggestions(rows.values())
        remember(key, [[row.pk for row in group] for group in found], KEPT)
        return found
    return [[rows[pk] for pk in group] for group in kept]
