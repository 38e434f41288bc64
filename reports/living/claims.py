"""Whether a claim is true, and what was compared to find out."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from reference.names import vocabulary
from reports.layout.layout import number
from reports.living.counting import Counter, values_of
from reports.living.grammar import FACETS, PERIOD, Question

YEARS = ("from", "to")


@dataclass(frozen=True)
class Compared:
    """One side of a comparison: a value of a filter ("" states none) and its projects."""

    name: str
    code: str
    count: int

    def spoken(self) -> str:
        """“Arab States: 12”, in the active language."""
        return f"{label_of(self.name, self.code)}: {number(self.count)}"


@dataclass(frozen=True)
class Verdict:
    is_true: bool
    compared: tuple[Compared, ...]


def label_of(name: str, code: str) -> str:
    if not code:
        return _("Not stated")
    return code if name == "year" else vocabulary.label(FACETS[name], code)


def judge(question: Question, counter: Counter) -> Verdict:
    if question.word in ("largest", "smallest"):
        return extreme(question, counter)
    if question.word == "first":
        return first_time(question, counter)
    return change(question, counter)


def change(question: Question, counter: Counter) -> Verdict:
    """Two years compared: grew, fell, or is at least so many times as large."""
    first, last = (question.filters[name] for name in YEARS)
    others = question.but(*PERIOD)
    before, after = counter.two_counts(
        {**others, "year": first}, {**others, "year": last}
    )
    compared = (Compared("year", first, before), Compared("year", last, after))
    if question.word == "grew":
        return Verdict(after > before, compared)
    if question.word == "fell":
        return Verdict(after < before, compared)
    times = question.at_least or Decimal(1)
    # Nothing is a multiple of no projects.
    return Verdict(before > 0 and after >= times * before, compared)


def first_time(question: Question, counter: Counter) -> Verdict:
    """Some projects in the year, none in any year before."""
    year = int(question.filters["year"])
    now, earlier = counter.years_before(question.but("year"), year)
    if earlier is None:
        return Verdict(now > 0, (Compared("year", str(year), now),))
    others = question.but("year")
    then = counter.count({**others, "year": str(earlier)})
    compared = (
        Compared("year", str(earlier), then),
        Compared("year", str(year), now),
    )
    return Verdict(False, compared)


def extreme(question: Question, counter: Counter) -> Verdict:
    """More, or fewer, than every other value of the same filter.

    When more projects state no value than the one that is said to be the largest, nobody knows
    which is: the claim is not true. Of countries only those with projects are compared.
    """
    name = question.dimension
    own = question.filters[name]
    counts = counter.by_value(name, own, question.but(name))
    mine = Compared(name, own, counts.get(own, 0))
    rivals = [
        Compared(name, code, counts.get(code, 0))
        for code in rivals_of(name, own, counts)
    ]
    if question.word == "largest":
        rivals.append(Compared(name, "", counts.get("", 0)))
        rival = max(rivals, key=lambda one: (one.count, one.code))
        return Verdict(mine.count > rival.count, (mine, rival))
    if not rivals:
        return Verdict(False, (mine,))
    rival = min(rivals, key=lambda one: (one.count, one.code))
    return Verdict(mine.count < rival.count, (mine, rival))


def rivals_of(name: str, own: str, counts: dict[str, int]) -> list[str]:
    if name == "year":
        known = [int(code) for code in counts if code]
        years = range(min(known), max(known) + 1) if known else ()
        codes = [str(year) for year in years]
    else:
        codes = [
            code
            for code in values_of(name, own)
            if name != "country" or counts.get(code)
        ]
    return [code for code in codes if code != own]


def sentence(words: str, compared: list[Compared]) -> str:
    """Why the claim is refused, in the active language."""
    return _(
        "“%(words)s” is not true (%(facts)s). Change the sentence or its filters."
    ) % {"words": words, "facts": "; ".join(one.spoken() for one in compared)}
