"""The kinds of sections and blocks, the texts that each block has, and the limits of both."""

from typing import Any, NamedTuple

from django.db import models
from django.utils.translation import gettext_lazy as _

MAX_QUERY = 2000  # characters of a search
MAX_SECTIONS = 120  # of a report; the largest so far had thirty
MAX_BLOCKS = 40  # of a section
MAX_TEXT = 100_000  # characters of a text
MAX_HEADING, MAX_LABEL, MAX_CAPTION, MAX_ALT, MAX_COMMENT = 200, 300, 500, 1000, 5000


class Series(models.TextChoices):
    """The series whose reports have an editor's text."""

    GLOBAL = "global", _("Global stocktaking report")
    REGIONAL = "regional", _("Regional stocktaking report")
    WSIS20 = "wsis20", _("WSIS+20 stocktaking report")
    CUSTOM = "custom", _("Stocktaking report on a search")
    SUCCESS_STORIES = "success_stories", _("WSIS Prizes: success stories")


class SectionKind(models.TextChoices):
    """What a section is about; the label is its heading until an editor writes another one."""

    FOREWORD = "foreword", _("Foreword")
    ACKNOWLEDGEMENTS = "acknowledgements", _("Acknowledgements")
    INTRODUCTION = "introduction", _("Introduction")
    SUMMARY = "summary", _("Executive summary")
    METHODOLOGY = "methodology", _("Methodology and statistics")
    STATISTICS = "statistics", _("Statistics")
    CHAPTER = "chapter", _("Action lines")
    CONCLUSIONS = "conclusions", _("Conclusions")
    ANNEX = "annex", _("Annexes")
    DISCLAIMER = "disclaimer", _("Disclaimer")
    TEXT = "text", _("Section with a heading of its own")


class BlockKind(models.TextChoices):
    TEXT = "text", _("Text")
    STANDARD = "standard", _("Standard part")
    KEY_NUMBER = "key_number", _("Key number")
    TABLE = "table", _("Table")
    CHART = "chart", _("Chart")
    QUOTE = "quote", _("Quotation")
    PICTURE = "picture", _("Picture")
    BOXES = "boxes", _("Project boxes")
    MAP = "map", _("Map")
    HEAT_MAP = "heat_map", _("Heat map")
    CROSS_TABLE = "cross_table", _("Crossed table")
    CURVE = "curve", _("Curve over the years of an action line")
    REVIEWS = "reviews", _("Milestones, challenges and trends of an action line")
    CONTRIBUTION = "contribution", _("Contribution of an agency")


# Kinds of figures that a report has only where such a block asks for them.
ADDED = (BlockKind.MAP, BlockKind.HEAT_MAP, BlockKind.CROSS_TABLE, BlockKind.CURVE)


class Standard(models.TextChoices):
    """The parts that the portal writes itself, from the frozen figures."""

    INTRODUCTION = "introduction", _("Introduction")
    SUMMARY = "summary", _("Executive summary")
    METHODOLOGY = "methodology", _("Methodology")
    STATISTICS = "statistics", _("Tables and charts")
    CHAPTERS = "chapters", _("Projects by action line")
    CONCLUSIONS = "conclusions", _("Conclusions")
    INDEX = "index", _("Index of projects")
    COUNTRIES = "countries", _("Countries")
    SOURCES = "sources", _("Sources and inferred data")
    DISCLAIMER = "disclaimer", _("Disclaimer")


# What success stories call differently, and what they have: entries to the Prizes, by category.
_BY_CATEGORY = _("Winners and champions by category")
_HEADINGS_OF_STORIES = {
    SectionKind.METHODOLOGY: _("Figures and their sources"),
    SectionKind.CHAPTER: _BY_CATEGORY,
}
_PARTS_OF_STORIES = {
    Standard.INTRODUCTION: Standard.INTRODUCTION.label,
    Standard.SUMMARY: Standard.SUMMARY.label,
    Standard.METHODOLOGY: Standard.METHODOLOGY.label,
    Standard.STATISTICS: Standard.STATISTICS.label,
    Standard.CHAPTERS: _BY_CATEGORY,
    Standard.INDEX: _("Annex 1: All entries known by name"),
    Standard.SOURCES: _("Annex 2: Sources of the entries"),
    Standard.DISCLAIMER: Standard.DISCLAIMER.label,
}
# Blocks that show or count projects of the database.
_OF_PROJECTS = (*ADDED, BlockKind.BOXES, BlockKind.REVIEWS)


def heading_of(series: str, kind: str) -> Any:
    """The usual heading of a kind of section."""
    if series == Series.SUCCESS_STORIES and kind in _HEADINGS_OF_STORIES:
        return _HEADINGS_OF_STORIES[SectionKind(kind)]
    return SectionKind(kind).label


def parts_of(series: str) -> dict[str, Any]:
    """The parts that the portal writes for a series, with their names."""
    if series == Series.SUCCESS_STORIES:
        return {part.value: label for part, label in _PARTS_OF_STORIES.items()}
    return dict(Standard.choices)


def kinds_of(series: str) -> list[tuple[str, Any]]:
    """The kinds of blocks that editors of a series may add."""
    left_out = _OF_PROJECTS if series == Series.SUCCESS_STORIES else ()
    return [(kind.value, kind.label) for kind in BlockKind if kind not in left_out]


class State(models.TextChoices):
    """How a segment came to its language."""

    ORIGINAL = "original", _("Original")
    MACHINE = "machine", _("Machine translation")
    TRANSLATED = "translated", _("Translated")
    APPROVED = "approved", _("Translation approved")


class TextField(NamedTuple):
    """A text of a block or section: one segment in each language."""

    name: str
    label: Any
    limit: int
    is_long: bool = False
    is_needed: bool = True  # the block says nothing without it


HEADING = TextField("heading", _("Heading"), MAX_HEADING, is_needed=False)
_TEXT = TextField("text", _("Text"), MAX_TEXT, is_long=True)
_CAPTION = TextField("caption", _("Caption"), MAX_CAPTION, is_needed=False)
_ALT = TextField("alt", _("Description for people who cannot see it"), MAX_ALT)
_MORE_ALT = _ALT._replace(is_needed=False)  # else the portal says each number
TEXTS_OF: dict[str, tuple[TextField, ...]] = {
    BlockKind.TEXT: (_TEXT,),
    BlockKind.STANDARD: (),
    BlockKind.KEY_NUMBER: (TextField("label", _("What the number says"), MAX_LABEL),),
    BlockKind.TABLE: (_CAPTION,),
    BlockKind.CHART: (_ALT, _CAPTION),
    BlockKind.QUOTE: (
        _TEXT,
        TextField("attribution", _("Who said it"), MAX_LABEL, is_needed=False),
    ),
    BlockKind.PICTURE: (_ALT, _CAPTION),
    BlockKind.BOXES: (_CAPTION,),
    BlockKind.MAP: (_MORE_ALT, _CAPTION),
    BlockKind.HEAT_MAP: (_MORE_ALT, _CAPTION),
    BlockKind.CROSS_TABLE: (_CAPTION,),
    BlockKind.CURVE: (_MORE_ALT, _CAPTION),
    BlockKind.REVIEWS: (),
    BlockKind.CONTRIBUTION: (_TEXT,),
}
