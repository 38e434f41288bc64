"""Texts of editors for the tests: written into the report of a publication, as its pages do."""

from reports.report.kinds import BlockKind, SectionKind
from reports.report.models import Block, Report


def report_of(publication):
    return Report.objects.with_outline().get(pk=publication.report_id)


def written(publication, text, language="en", kind=BlockKind.TEXT, **more):
    """A block with a text in the foreword; `more` are other fields and `settings`."""
    report = report_of(publication)
    foreword = report.sections.get(kind=SectionKind.FOREWORD)
    block = Block.objects.create(
        section=foreword,
        position=foreword.blocks.count() + 1,
        kind=kind,
        settings=more.pop("settings", {}),
    )
    main = block.fields[0].name
    for field, words in {main: text, **more}.items():
        block.write(field, language, words, None)
    return block
