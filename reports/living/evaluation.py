"""Text → frozen nodes: each token becomes a figure or a claim, with the list it counts."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.utils.formats import number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from reports.layout.layout import number
from reports.living import claims
from reports.living.counting import Counter
from reports.living.grammar import (
    PERIOD,
    WITHOUT_FILTERS,
    Question,
    TokenError,
    parse,
    unbraced,
)
from reports.markup.nodes import Node, replaced, text
from reports.markup.parsing import LONGEST_TOKEN, inlines_of_line, nodes_of

SPACED = frozenset(
    {"fr", "es", "ru"}
)  # these write a space before the sign for per cent


@dataclass(frozen=True)
class Evaluation:
    """The evaluation of the texts of one report in one moment, in the active language."""

    counter: Counter

    def nodes(self, markdown: str) -> list[Node]:
        """The frozen nodes of a text. A token that cannot be understood stays as it was written,
        and is marked."""
        return replaced(nodes_of(markdown), self.put)

    def line(self, written: str) -> list[Node]:
        """The frozen inlines of a heading, label or caption."""
        return replaced(inlines_of_line(written), self.put)

    def number(self, source: str) -> Node:
        """The figure of one token by itself: that of a key number."""
        token = {
            "source": unbraced(source),
            "written": source,
            "has_end": True,
            "line": 0,
        }
        return self.put(token, False)

    def put(self, token: Node, linked: bool) -> Node:
        """`linked`: inside a link, where a number has no link of its own."""
        try:
            question = understood(token)
            inline = (
                self.claim(question) if question.is_claim else self.figure(question)
            )
        except TokenError:
            return text(token["written"]) | {"is_wrong": True, "line": token["line"]}
        address = "" if linked else address_of(question, self.counter)
        told = {"token": token["source"], "address": address, "line": token["line"]}
        return inline | told

    def figure(self, question: Question) -> Node:
        """Raises TokenError for a share of nothing."""
        return {"kind": "figure", "text": written_number(question, self.counter)}

    def claim(self, question: Question) -> Node:
        verdict = claims.judge(question, self.counter)
        return {
            "kind": "claim",
            "text": question.words,
            "is_true": verdict.is_true,
            "compared": [[one.name, one.code, one.count] for one in verdict.compared],
        }


def understood(token: Node) -> Question:
    """Raises TokenError."""
    if not token["has_end"]:
        raise TokenError(
            _(
                "A living number begins here and has no end. Write }} within %(limit)d characters."
            )
            % {"limit": LONGEST_TOKEN}
        )
    return parse(token["source"])


def written_number(question: Question, counter: Counter) -> str:
    if question.word in WITHOUT_FILTERS:
        return number(counter.of_scope(question.word))
    if question.word == "count":
        return number(counter.count(question.filters))
    part, whole = counter.two_counts(question.filters, whole_of(question))
    return per_cent(part, whole)


def whole_of(question: Question) -> dict[str, str]:
    """The filters of the whole of which a share is taken: all but the first, or its period."""
    first = question.dimension
    return question.but(*(PERIOD if first in PERIOD else (first,)))


def no_whole() -> str:
    return _("There are no projects of which this is a share.")


def per_cent(part: int, whole: int) -> str:
    """“28.2%” as the active language writes it. Raises TokenError for a share of nothing."""
    if not whole:
        raise TokenError(no_whole())
    share = Decimal(100 * part) / Decimal(whole)
    rounded = share.quantize(Decimal("0.1"), ROUND_HALF_UP)
    places = 0 if rounded == rounded.to_integral() else 1
    language = (get_language() or "").partition("-")[0]
    space = "\u00a0" if language in SPACED else ""
    return f"{number_format(rounded, places)}{space}%"


def address_of(question: Question, counter: Counter) -> str:
    if question.word in WITHOUT_FILTERS:
        return counter.address_of_scope()
    return counter.address(question.filters)
