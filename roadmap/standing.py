"""The two public rules over positions: what they say together, and how fresh each is.

docs/roadmap.md states them in words.
"""

import datetime
from collections.abc import Sequence
from typing import NamedTuple

from django.db import models
from django.utils.translation import gettext_lazy as _

SCALE = (
    "no_evidence",
    "not_started",
    "limited",
    "substantial",
    "complete",
)  # lowest first
YEAR = datetime.timedelta(days=365)


class Freshness(models.TextChoices):
    """Age of the newest published position of an agency."""

    GREEN = "green", _("reported within a year")
    YELLOW = "yellow", _("no report for more than a year")
    RED = "red", _("no report for more than two years")


class Standing(NamedTuple):
    """What the published positions say together; `completion` is "" when there is none."""

    completion: str
    disagreement: bool


def standing(completions: Sequence[str]) -> Standing:
    """Where all agree, what they say; else the lowest, marked as disagreement."""
    if not completions:
        return Standing("", False)
    lowest = min(completions, key=SCALE.index)
    return Standing(lowest, len(set(completions)) > 1)


def freshness(
    reported_at: datetime.datetime | None, now: datetime.datetime
) -> Freshness:
    """Green up to a year, yellow up to two, then red; red also for what was never reported."""
    if reported_at is None or now - reported_at > 2 * YEAR:
        return Freshness.RED
    return Freshness.YELLOW if now - reported_at > YEAR else Freshness.GREEN
