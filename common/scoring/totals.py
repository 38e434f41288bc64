"""Weighted scores: the total of one review, and what several reviews say together."""

import statistics
from collections.abc import Iterable
from typing import NamedTuple

DISAGREEMENT = 25.0  # points of 100 between two reviews that a table marks


class Points(NamedTuple):
    """The score for one criterion: `value` of at most `scale`, which counts `weight` times."""

    weight: int
    value: int
    scale: int


def weighted_total(scores: Iterable[Points]) -> float | None:
    """From 0 to 100; None without a score."""
    given = list(scores)
    weight = sum(one.weight for one in given)
    if not weight:
        return None
    points = sum(one.weight * one.value / one.scale for one in given)
    return 100 * points / weight


class Totals(NamedTuple):
    """The totals of several reviews; the numbers are 0 to 100, None while nobody has scored."""

    scored: int
    mean: float | None
    median: float | None
    spread: float | None  # None for a single review

    @property
    def disputed(self) -> bool:
        return self.spread is not None and self.spread > DISAGREEMENT


def totals_of(totals: Iterable[float | None]) -> Totals:
    """Reviews without a total do not count."""
    given = [total for total in totals if total is not None]
    return Totals(
        scored=len(given),
        mean=statistics.fmean(given) if given else None,
        median=statistics.median(given) if given else None,
        spread=max(given) - min(given) if len(given) > 1 else None,
    )
