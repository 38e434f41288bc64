"""What a written or a frozen text says that is not true, or that nobody can read."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from reports.living import claims
from reports.living.evaluation import no_whole, understood
from reports.living.grammar import TokenError, unbraced
from reports.living.problems import (
    CLAIM_FALSE,
    ERROR,
    TEXT_REFUSED,
    TOKEN_UNKNOWN,
    Problem,
)
from reports.markup.nodes import Node, inlines_of
from reports.markup.parsing import refusals_of

REPEATED = 60  # characters of a token that is refused
FIGURES = frozenset({"figure"})
CHECKED = frozenset({"claim", "text"})


def problems_in(nodes: list[Node], place: str = "") -> Iterator[Problem]:
    """Claims that are not true and tokens that are wrong, of evaluated nodes, in the active
    language: that of whoever reads, not that of the text."""
    for inline in inlines_of(nodes, CHECKED):
        if inline.get("is_wrong"):
            yield problem(TOKEN_UNKNOWN, wrong(inline["text"]), inline["line"], place)
        elif inline["kind"] == "claim" and not inline["is_true"]:
            yield problem(CLAIM_FALSE, untrue(inline), inline["line"], place)


def problems_with(markdown: str, place: str = "") -> Iterator[Problem]:
    """Why a written text cannot be taken as it is."""
    for refusal in refusals_of(markdown):
        yield problem(TEXT_REFUSED, refusal.sentence, refusal.line, place)


def problem(code: str, sentence: str, line: int, place: str) -> Problem:
    if line:
        values = {"line": line, "sentence": sentence}
        sentence = _("Line %(line)d: %(sentence)s") % values
    return Problem(code, ERROR, sentence, place)


def untrue(claim: Node) -> str:
    """Why a claim is not true."""
    compared = [claims.Compared(*one) for one in claim["compared"]]
    return claims.sentence(claim["text"], compared)


def wrong(written: str) -> str:
    """Why a token that stands in the text as written is not understood."""
    try:
        understood({"source": unbraced(written), "has_end": written.endswith("}}")})
        sentence = no_whole()
    except TokenError as error:
        sentence = error.sentence
    shown = written if len(written) <= REPEATED else f"{written[:REPEATED]}…"
    return f"{shown} {sentence}"


def numbers_in(nodes: list[Node]) -> Iterator[tuple[str, str]]:
    """(token, printed number) of each living number."""
    for figure in inlines_of(nodes, FIGURES):
        yield figure["token"], figure["text"]
