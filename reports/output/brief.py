"""A report on one page: its key numbers, one chart, a few sentences, how to cite it.

All of it comes from the frozen snapshot, so that the page has the numbers of the report.
"""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.utils import translation
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from common.text.words import sentences
from common.typesetting.fonts import FONT_FOLDERS, showable
from common.typesetting.passages import Passage, passage
from reports.layout.layout import Document, frame, number, taken_apart
from reports.markup.nodes import plain
from reports.output.models import Snapshot
from reports.output.typesetting import typeset

MOST_NUMBERS, FEWEST_NUMBERS = 5, 3
MOST_SENTENCES, LONGEST_SUMMARY = 3, 700  # sentences, characters
LONGEST_LABEL = 80  # characters
TALLEST_CHART = 330  # units, so that its words can be read on half a page


def write_brief(snapshot: Snapshot) -> bytes:
    """A tagged PDF/UA-1 of one page."""
    language = snapshot.publication.language
    with translation.override(language):
        brief = {
            "numbers": list(islice(key_numbers(snapshot), MOST_NUMBERS)),
            "sentences": summary(snapshot),
            "chart": chart(snapshot),
            "citation": passage(snapshot.publication.citation_of(snapshot)),
        }
    printed = showable(frame(snapshot) | {"brief": brief})
    return typeset(
        ("charts.typ", "style.typ", "brief.typ"),
        printed,
        FONT_FOLDERS,
        {},
        format="pdf",
        pdf_standards="ua-1",
        timestamp=int(snapshot.taken_at.timestamp()),
    )


def key_numbers(snapshot: Snapshot) -> Iterator[Document]:
    """Those that editors chose; when they are too few, also the figures of the whole report and
    the first rows of its first table."""
    chosen = [
        {"text": block["figure"]["text"], "label": short(block["label"]["text"])}
        for block in blocks_of(snapshot, "key_number")
    ]
    yield from chosen
    if len(chosen) < FEWEST_NUMBERS:
        yield from headlines(snapshot)


def short(label: str) -> Passage:
    """What a number says, in the few words for which there is room."""
    return passage(Truncator(label).chars(LONGEST_LABEL))


def headlines(snapshot: Snapshot) -> Iterator[Document]:
    figures, labels = snapshot.figures, snapshot.texts["labels"]
    words = {
        "total": labels.get("projects") or labels["total"],
        "countries": _("Countries"),
        "organizations": _("Organizations"),
        "with_text": _("Projects with a short description"),
    }
    told = [name for name in words if name in figures]
    for name in told:
        yield {"text": number(figures[name]), "label": passage(words[name])}
    if len(told) < FEWEST_NUMBERS:
        counted = (one for one in figures["tables"] if one["kind"] != "stated")
        for row in next(counted, {"rows": []})["rows"]:
            yield {"text": number(row["values"][0]), "label": short(row["label"])}


def blocks_of(snapshot: Snapshot, kind: str, section: str = "") -> Iterator[Any]:
    """The blocks of this kind that are in the language of the report."""
    for part in snapshot.body:
        if section in ("", part["kind"]):
            for block in part["blocks"]:
                if block["kind"] == kind and not block["is_missing"]:
                    yield block


def summary(snapshot: Snapshot) -> list[str]:
    """The first sentences of the summary that editors wrote, or of the one of the portal."""
    written = next(blocks_of(snapshot, "text", "summary"), None)
    if written is None:
        return within_limit(snapshot.texts["summary"])
    text = " ".join(plain(written["nodes"]).split())
    return [" ".join(within_limit(sentences(text)))]


def within_limit(told: list[str]) -> list[str]:
    """As many as fit; the first one in any case, cut where it has to be."""
    first, *others = told or [""]
    fitting = [first[:LONGEST_SUMMARY]]
    for sentence in others[: MOST_SENTENCES - 1]:
        if len(" ".join([*fitting, sentence])) > LONGEST_SUMMARY:
            break
        fitting.append(sentence)
    return [sentence for sentence in fitting if sentence]


def chart(snapshot: Snapshot) -> dict[str, Any] | None:
    """The first chart that is not too tall for the page."""
    for one in snapshot.charts:
        drawn: Passage = one | taken_apart(one["svg"])
        if 0 < drawn["height"] <= TALLEST_CHART:
            return drawn
    return None
