"""Which figures the blocks of a report ask for (reports/builders/added.py)."""

from collections.abc import Iterable
from typing import Any

from reports.builders.added import HEAT, YEARS, table_behind
from reports.report.kinds import BlockKind
from reports.report.models import Section


def names_in(kind: str, settings: dict[str, Any]) -> list[str]:
    """The figure of a block; [] when it shows none, or none is chosen yet."""
    if kind == BlockKind.MAP and settings:
        return [settings["map"]]
    if kind == BlockKind.CURVE and settings:
        return [f"{YEARS}-{settings['line']}"]
    if kind == BlockKind.CROSS_TABLE and settings:
        return [settings["crossed"]]
    if kind == BlockKind.HEAT_MAP and settings:
        return [f"{HEAT}-{settings['crossed']}"]
    return []


def figures_of(sections: Iterable[Section]) -> list[str]:
    """The names of the figures that these sections of a report from `with_outline` print."""
    return [
        name
        for section in sections
        for block in section.blocks.all()
        for name in names_in(block.kind, block.settings)
    ]


def shown_by(kind: str, settings: dict[str, Any]) -> dict[str, str]:
    """The chart and the table of a frozen block, by their names."""
    [name] = names_in(kind, settings)
    if kind == BlockKind.CROSS_TABLE:
        return {"table": name}
    return {"chart": name, "table": table_behind(name)}
