"""The joint result of the published positions (docs/roadmap.md states the rule)."""

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
    """The joint result of the published positions; `completion` is "" when there are none."""

    completion: str
    disagreement: bool


def standing(completions: Sequence[str]) -> Standing:
    """What all positions say; when they differ, the lowest, marked as disagreement."""
    if not completions:
        return Standing("", False)
    lowest = min(completions, key=SCALE.index)
    return Standing(lowest, len(set(completions)) > 1)
