"""What the published positions say together (docs/roadmap.md states the rule)."""

from collections.abc import Sequence
from typing import NamedTuple

SCALE = (
    "no_evidence",
    "not_started",
    "limited",
    "substantial",
    "complete",
)  # lowest first


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
