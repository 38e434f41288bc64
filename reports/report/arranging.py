"""Adding, moving and removing sections and blocks, one at a time, under the lock of the report."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from reference.action_line.models import ActionLine
from reports.report.kinds import (
    MAX_BLOCKS,
    MAX_SECTIONS,
    SectionKind,
    Series,
    heading_of,
    kinds_of,
)
from reports.report.models import Block, Report, Section
from reports.report.settings import FIRST_SETTINGS
from reports.report.skeletons import (
    CLOSING,
    OF_STORIES,
    OPENING,
    Plan,
    make_sections,
)

CHAPTER_OF = "chapter-"  # before the code of an action line, in what a page offers


def add_block(section: Section, kind: str) -> Block:
    """An empty block at the end of the section. Raises ValidationError when it is full."""
    if kind not in dict(kinds_of(section.report.series)):
        raise ValidationError(_("Choose what to add."))
    if section.blocks.count() >= MAX_BLOCKS:
        raise ValidationError(
            _("A section has at most %(limit)s blocks."), params={"limit": MAX_BLOCKS}
        )
    section.report.touch()
    return Block.objects.create(
        section=section,
        position=last_position(section.blocks) + 1,
        kind=kind,
        settings=FIRST_SETTINGS.get(kind, {}),
    )


def add_section(report: Report, after: Section | None, choice: str) -> Section:
    """A new section behind this one, with what its kind usually holds. Raises ValidationError."""
    plan = plan_of(report.series, choice)
    if report.sections.count() >= MAX_SECTIONS:
        raise ValidationError(
            _("A report has at most %(limit)s sections."),
            params={"limit": MAX_SECTIONS},
        )
    place = after.position + 1 if after else 1
    report.touch()
    report.sections.filter(position__gte=place).update(
        position=models.F("position") + 1
    )
    [section] = make_sections(report, [plan], place)
    return section


def plan_of(series: str, choice: str) -> Plan:
    """What the choice of a page means: a kind, or the chapter of an action line."""
    is_of_lines = series != Series.SUCCESS_STORIES
    if is_of_lines and choice.startswith(CHAPTER_OF):
        line = ActionLine.objects.filter(pk=choice.removeprefix(CHAPTER_OF)).first()
        if line:
            level = 2 if line.parent_id else 1
            return Plan(SectionKind.CHAPTER, level=level, action_line=line)
    plans = (*OPENING, *CLOSING) if is_of_lines else OF_STORIES
    usual = {str(plan.kind): plan for plan in plans}
    if choice not in SectionKind.values:
        raise ValidationError(_("Choose what to add."))
    return usual.get(choice, Plan(SectionKind(choice)))


def move(rows: models.QuerySet[Any], row: Section | Block, step: int) -> None:
    """Change places with the neighbour above (-1) or below (+1); at an end nothing happens."""
    order = "-position" if step < 0 else "position"
    beyond = {"position__lt" if step < 0 else "position__gt": row.position}
    neighbour = rows.filter(**beyond).order_by(order).first()
    if neighbour is None:
        return
    row.position, neighbour.position = neighbour.position, row.position
    row.save(update_fields=["position"])
    neighbour.save(update_fields=["position"])
    row.owner.touch()


def last_position(rows: Any) -> int:
    return rows.aggregate(last=models.Max("position"))["last"] or 0


def missing_sections(report: Report) -> list[tuple[Any, list[tuple[str, Any]]]]:
    """What may be added, in groups: the kinds, and chapters of the action lines; kinds of which
    a report has one are offered as long as it has none."""
    present = {(one.kind, one.action_line_id) for one in report.sections.all()}
    kinds = [
        (kind.value, heading_of(report.series, kind))
        for kind in SectionKind
        if kind == SectionKind.TEXT or (kind.value, None) not in present
    ]
    every = ActionLine.objects.order_by("order")
    if report.series == Series.SUCCESS_STORIES:
        every = every.none()  # its categories are one chapter
    lines = [
        (f"{CHAPTER_OF}{line.pk}", f"{line.pk} – {line.name}")
        for line in every
        if (SectionKind.CHAPTER, line.pk) not in present
    ]
    return [(_("Sections"), kinds), (_("Chapters"), lines)]
