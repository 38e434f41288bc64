"""The template of each series: the sections that a new report begins with.

What the portal writes itself is a standard block at its usual place, so a report that no editor
touched prints what it always printed. Sections for editors' own words (foreword, chapters of the
action lines …) are there with an empty text and are left out of the report until it is written.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.db import transaction

from reference.action_line.models import ActionLine
from reports.report.kinds import BlockKind, SectionKind, Series, Standard
from reports.report.models import SCOPE, Block, Report, Section


class Plan(NamedTuple):
    """A section to come; without standard parts it has an empty text."""

    kind: SectionKind
    standard: tuple[Standard, ...] = ()
    level: int = 1
    action_line: ActionLine | None = None
    more: tuple[tuple[BlockKind, dict[str, Any]], ...] = ()  # blocks after these


OPENING = (
    Plan(SectionKind.FOREWORD),
    Plan(SectionKind.ACKNOWLEDGEMENTS),
    Plan(SectionKind.INTRODUCTION, (Standard.INTRODUCTION,)),
    Plan(SectionKind.SUMMARY, (Standard.SUMMARY,)),
    Plan(SectionKind.METHODOLOGY, (Standard.METHODOLOGY, Standard.STATISTICS)),
    Plan(SectionKind.CHAPTER, (Standard.CHAPTERS,)),
)
CLOSING = (
    Plan(SectionKind.CONCLUSIONS, (Standard.CONCLUSIONS,)),
    Plan(SectionKind.ANNEX, (Standard.INDEX, Standard.COUNTRIES, Standard.SOURCES)),
    Plan(SectionKind.DISCLAIMER, (Standard.DISCLAIMER,)),
)


# The report on twenty years has its action lines in chapters, and figures across them.
OPENING_OF_SUMMIT20 = (
    *OPENING[:4],
    Plan(SectionKind.METHODOLOGY, (Standard.METHODOLOGY,)),
    Plan(
        SectionKind.STATISTICS,
        (Standard.STATISTICS,),
        more=(
            (BlockKind.MAP, {"map": "map"}),
            (BlockKind.HEAT_MAP, {"crossed": "line-by-region"}),
            (BlockKind.CROSS_TABLE, {"crossed": "line-by-goal"}),
        ),
    ),
)
# The report on a year of the Prizes. Nobody but an editor draws conclusions from it.
OF_STORIES = (
    *OPENING,
    Plan(SectionKind.CONCLUSIONS),
    Plan(SectionKind.ANNEX, (Standard.INDEX, Standard.SOURCES)),
    CLOSING[-1],
)
BOXES_OF_LINE = 3


def skeleton(series: str) -> Iterator[Plan]:
    """The sections of a new report; a regional one has no chapter for each action line."""
    if series == Series.SUCCESS_STORIES:
        yield from OF_STORIES
        return
    yield from OPENING if series != Series.WSIS20 else OPENING_OF_SUMMIT20
    for line in ActionLine.objects.select_related("parent").order_by("order"):
        level = 2 if line.parent_id else 1
        if series == Series.GLOBAL:
            yield Plan(SectionKind.CHAPTER, level=level, action_line=line)
        if series == Series.WSIS20:
            yield Plan(SectionKind.CHAPTER, (), level, line, blocks_of_line(line))
    yield from CLOSING


def blocks_of_line(line: ActionLine) -> tuple[tuple[BlockKind, dict[str, Any]], ...]:
    """What stands below the facilitator's text; the projects of C7 are in its parts."""
    of_line = {"line": line.code}
    boxes = {"by": "country", "count": BOXES_OF_LINE, **of_line}
    blocks = ((BlockKind.REVIEWS, of_line), (BlockKind.CURVE, of_line))
    return blocks if line.number is None else (*blocks, (BlockKind.BOXES, boxes))


@transaction.atomic
def report_of(series: str, language: str, **scope: Any) -> Report:
    """The report of this scope, which has a value for each of SCOPE; made from the template of its
    series when there is none."""
    report, is_new = Report.objects.get_or_create(
        series=series,
        **{name: scope[name] for name in SCOPE},
        defaults={"language": language},
    )
    if is_new:
        fill(report)
    return report


def fill(report: Report) -> None:
    """Give a new report the sections of its series."""
    make_sections(report, list(skeleton(report.series)), 1)


def make_sections(report: Report, plans: list[Plan], place: int) -> list[Section]:
    """The sections of these plans from this position on, each with its first blocks."""
    sections = Section.objects.bulk_create(
        Section(
            report=report,
            position=position,
            level=plan.level,
            kind=plan.kind,
            action_line=plan.action_line,
        )
        for position, plan in enumerate(plans, start=place)
    )
    Block.objects.bulk_create(
        Block(section=section, position=position, kind=kind, settings=settings)
        for section, plan in zip(sections, plans, strict=True)
        for position, (kind, settings) in enumerate(first_blocks(plan), start=1)
    )
    return sections


def first_blocks(plan: Plan) -> list[tuple[BlockKind, dict[str, Any]]]:
    if not plan.standard:
        return [(BlockKind.TEXT, {}), *plan.more]
    standard = [(BlockKind.STANDARD, {"name": name.value}) for name in plan.standard]
    return [*standard, *plan.more]
