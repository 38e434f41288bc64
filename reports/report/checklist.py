"""The checklist of a report: errors keep it from being approved, warnings inform.

It judges what is written now, in the language of a publication; what was counted (a claim that is
no longer true) it reads from the body of the version that waits for approval.
"""

import datetime
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from reports.asking.models import BoxState
from reports.living.counting import Counter
from reports.living.problems import ERROR, WARNING, Problem
from reports.markup.nodes import Body
from reports.report.boxes import numbers_of
from reports.report.freezing import body_of, problems_of_body, refused_texts
from reports.report.kinds import BlockKind, SectionKind, Standard, State
from reports.report.models import Block, Report, Section, Written
from reports.report.segments import Comment

OF_BOXES: dict[str, tuple[str, str, Any]] = {
    BoxState.REFUSED: (
        "OWNER_REFUSED",
        ERROR,
        gettext_lazy("The owner does not want “%(project)s” in “%(section)s”."),
    ),
    BoxState.PROPOSED: (
        "OWNER_AMENDED",
        ERROR,
        gettext_lazy(
            "The owner of “%(project)s” proposes another text in “%(section)s”."
        ),
    ),
    BoxState.ASKED: (
        "OWNER_AWAITED",
        WARNING,
        gettext_lazy(
            "The owner of “%(project)s” in “%(section)s” has not answered yet."
        ),
    ),
}


def problems_of(
    report: Report, language: str, body: Body | None = None
) -> list[Problem]:
    """The problems of a report from `with_outline`, errors first, in the order of the report.

    What its numbers and claims say is judged by the frozen body of a version, or without one by
    what the database counts now.
    """
    if body is None:
        body = body_of(report.printed_sections(), language, Counter(report.counted), [])
    found = [
        *refused_texts(report, language),
        *problems_of_body(report, language, body),
        *_whole(report, language),
        *(
            problem
            for section in report.sections.all()
            for problem in _of_section(section, language)
        ),
        *_contributions(report, language),
        *_boxes(report, language),
        *_open_comments(report, language),
    ]
    return sorted(found, key=lambda problem: not problem.is_error)


def changes_since(report: Report, taken_at: datetime.datetime) -> list[Problem]:
    """What waits for approval says something else than the text that is judged here."""
    if report.changed_at is None or report.changed_at <= taken_at:
        return []
    sentence = _(
        "The text was changed after this version was built: build it again with today’s data."
    )
    return [Problem("TEXT_CHANGED", ERROR, sentence, report.get_absolute_url())]


def _whole(report: Report, language: str) -> Iterator[Problem]:
    place = report.edit_url(language)
    if not any(_is_methodology(section) for section in report.printed_sections()):
        yield Problem(
            "NO_METHODOLOGY",
            ERROR,
            _("The report does not say how projects were counted: add a methodology."),
            place,
        )
    if report.next_on is None:
        yield Problem(
            "NO_NEXT_DATE",
            WARNING,
            _("The date of the next edition is not set."),
            place,
        )
    missing, texts = count_missing(report, language)
    if missing:
        sentence = ngettext(
            "%(missing)s of %(all)s text is missing in this language and is printed in the "
            "original.",
            "%(missing)s of %(all)s texts are missing in this language and are printed in the "
            "original.",
            texts,
        )
        values = {"missing": missing, "all": texts}
        yield Problem("TEXT_UNTRANSLATED", WARNING, sentence % values, place)


def _is_methodology(section: Section) -> bool:
    return section.kind == SectionKind.METHODOLOGY or any(
        block.settings.get("name") == Standard.METHODOLOGY
        for block in section.blocks.all()
    )


def _of_section(section: Section, language: str) -> Iterator[Problem]:
    place = section.edit_url(language)
    heading = section.segment("heading", section.report.language)
    has_heading = heading is not None and bool(heading.text)
    is_touched = has_heading or section.kind == SectionKind.TEXT
    if section.is_empty and is_touched:
        sentence = _("The section “%(section)s” is empty.") % {"section": section}
        yield Problem("EMPTY_SECTION", ERROR, sentence, place)
    if section.is_empty:
        return
    if section.kind == SectionKind.TEXT and not has_heading:
        sentence = _("A section has no heading.")
        yield Problem("HEADING_MISSING", ERROR, sentence, place)
    if has_heading and _is_untranslated(section, "heading", language):
        sentence = _("The heading “%(section)s” is not translated.")
        values = {"section": heading and heading.text}
        yield Problem("HEADING_UNTRANSLATED", ERROR, sentence % values, place)
    for block in section.blocks.all():
        yield from _of_block(block, section, language)
    yield from _old_translations(section, language)


def _of_block(block: Block, section: Section, language: str) -> Iterator[Problem]:
    place = section.edit_url(language, block)
    values = {"block": block.get_kind_display(), "section": section}
    original = section.report.language
    is_drawn = block.kind in (BlockKind.PICTURE, BlockKind.CHART)
    if is_drawn and not block.is_empty and block.read("alt", original) is None:
        sentence = _(
            "%(block)s in “%(section)s” has no description for people who cannot see it."
        )
        yield Problem("ALT_MISSING", ERROR, sentence % values, place)
    label = block.kind == BlockKind.KEY_NUMBER and block.read("label", original) is None
    may_be_empty = block.kind == BlockKind.TEXT or block.contribution is not None
    if not may_be_empty and (block.is_empty or label):
        sentence = _("%(block)s in “%(section)s” is not complete.")
        yield Problem("BLOCK_INCOMPLETE", ERROR, sentence % values, place)


def _old_translations(section: Section, language: str) -> Iterator[Problem]:
    """Translations whose original has changed since, and those of a machine that nobody read."""
    for owner, field in written_in(section):
        segment = owner.segment(field, language)
        place = section.edit_url(language, owner if isinstance(owner, Block) else None)
        values = {"section": section}
        if segment and segment.is_outdated(
            owner.segment(field, section.report.language)
        ):
            sentence = _(
                "A translation in “%(section)s” is out of date: the original has changed."
            )
            yield Problem("OUT_OF_DATE", WARNING, sentence % values, place)
        if segment and segment.text and segment.state == State.MACHINE:
            sentence = _("Nobody has checked a machine translation in “%(section)s”.")
            yield Problem("MACHINE_TRANSLATION", WARNING, sentence % values, place)


def _contributions(report: Report, language: str) -> Iterator[Problem]:
    """Texts that agencies were asked for: one that has not come is left out, one that nobody has
    read must not be printed."""
    for section in report.sections.all():
        for block in section.blocks.all():
            asked = block.contribution
            if asked is None or asked.accepted_at:
                continue
            place = section.edit_url(language, block)
            values = {"agency": asked.agency, "section": section}
            if asked.sent_at:
                sentence = _(
                    "Nobody has accepted the text of %(agency)s in “%(section)s”."
                )
                yield Problem("CONTRIBUTION_OPEN", ERROR, sentence % values, place)
            else:
                sentence = _(
                    "The text of %(agency)s in “%(section)s” has not come yet."
                )
                yield Problem("CONTRIBUTION_AWAITED", WARNING, sentence % values, place)


def _boxes(report: Report, language: str) -> Iterator[Problem]:
    """What the owners of the projects in boxes said, and what is still to come."""
    for section in report.sections.all():
        for block in section.blocks.all():
            numbers = numbers_of(block.settings)
            place = section.edit_url(language, block)
            for question in block.box_questions.all():
                if question.project.number not in numbers:
                    continue  # the editor has left it out
                values = {"project": question.project, "section": section}
                if question.state in OF_BOXES:
                    code, severity, sentence = OF_BOXES[question.state]
                    yield Problem(code, severity, str(sentence) % values, place)


def _open_comments(report: Report, language: str) -> Iterator[Problem]:
    is_open = Q(blocks__comments__resolved_at=None, blocks__comments__isnull=False)
    sections = report.sections.annotate(n=Count("blocks__comments", filter=is_open))
    for section in sections.filter(n__gt=0).select_related("action_line"):
        section.report = report
        first = Comment.objects.filter(block__section=section, resolved_at=None).first()
        sentence = ngettext(
            "%(count)s comment on “%(section)s” is open.",
            "%(count)s comments on “%(section)s” are open.",
            section.n,
        )
        place = section.edit_url(language, first.block if first else None)
        values = {"count": section.n, "section": section}
        yield Problem("COMMENT_OPEN", WARNING, sentence % values, place)


# --- what is missing in a language ---


def written_in(section: Section) -> Iterator[tuple[Written, str]]:
    """The texts of a section that have an original."""
    owners: Iterable[Any] = (section, *section.blocks.all())
    for owner in owners:
        for field in owner.fields:
            original = owner.segment(field.name, section.report.language)
            if original and original.text:
                yield owner, field.name


def _is_untranslated(owner: Written, field: str, language: str) -> bool:
    segment = owner.segment(field, language)
    return not (segment and segment.text)


def missing_in(section: Section, language: str) -> int:
    return sum(
        _is_untranslated(owner, field, language) for owner, field in written_in(section)
    )


def count_missing(report: Report, language: str) -> tuple[int, int]:
    """How many texts are missing in the language, of how many that have an original."""
    sections = report.sections.all()
    missing = sum(missing_in(section, language) for section in sections)
    return missing, sum(len(list(written_in(section))) for section in sections)
