"""A presentation (PPTX) of slides with a title and one thing each: numbers, text, table, picture.

The same calls make the same bytes. Every slide has a title of its own and every picture an
alternative text; paragraphs run in the direction of their words.
"""

import io
from datetime import datetime
from typing import Any

from PIL import Image
from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.text import PP_ALIGN
from pptx.oxml.xmlchemy import OxmlElement
from pptx.shapes.base import BaseShape
from pptx.slide import Slide
from pptx.text.text import TextFrame, _Paragraph
from pptx.util import Emu, Inches, Length, Pt

from common.tables.xlsx import INVALID_XML
from common.text.direction import direction
from reports.layout.layout import RTL_LANGUAGES
from reports.output.fixed_zip import with_fixed_times
from reports.output.word.xml import CHINESE_LETTERS, LETTERS

BLUE, GREY = RGBColor(0x00, 0x4B, 0x87), RGBColor(0x5A, 0x5A, 0x5A)
WIDTH, HEIGHT, MARGIN = Inches(13.333), Inches(7.5), Inches(0.7)
TITLE_HEIGHT, FOOT_HEIGHT = Inches(1.3), Inches(0.45)
BODY_TOP = Emu(MARGIN + TITLE_HEIGHT)
INSIDE = Emu(WIDTH - 2 * MARGIN)
BODY_HEIGHT = Emu(HEIGHT - BODY_TOP - FOOT_HEIGHT - MARGIN // 2)
TITLE_LAYOUT, TITLE_ONLY_LAYOUT = 0, 5  # of the template of python-pptx
TITLE_SIZE, NUMBER_SIZE, TEXT_SIZE, CELL_SIZE, FOOT_SIZE = 30, 44, 20, 14, 11  # points


class Deck:
    """The presentation while it is written. `foot` stands below every slide but the first."""

    def __init__(
        self, title: str, author: str, language: str, at: datetime, foot: str
    ) -> None:
        self.presentation = Presentation()
        self.presentation.slide_width, self.presentation.slide_height = WIDTH, HEIGHT
        self.language, self.foot = language, foot
        self.direction = "rtl" if language in RTL_LANGUAGES else "ltr"
        about = self.presentation.core_properties
        about.title, about.author, about.last_modified_by = title, author, author
        about.created = about.modified = at.replace(tzinfo=None, microsecond=0)
        about.language, about.revision = language, 1

    def title_slide(self, title: str, lines: list[str]) -> None:
        slide = self._slide(title, TITLE_LAYOUT, Inches(1.6), Inches(2.4))
        below = slide.placeholders[1]
        self._place(below, MARGIN, Inches(4.1), INSIDE, Inches(2.4))
        self._paragraphs(below.text_frame, lines, TEXT_SIZE, GREY)

    def numbers(self, title: str, numbers: list[tuple[str, str]]) -> None:
        """Each number large, with its few words below it, side by side."""
        slide = self._content_slide(title)
        each = Emu(INSIDE // max(len(numbers), 1))
        in_order = numbers[::-1] if self.direction == "rtl" else numbers
        for place, (figure, label) in enumerate(in_order):
            box = slide.shapes.add_textbox(
                Emu(MARGIN + place * each), Emu(BODY_TOP + Inches(0.8)), each, Inches(3)
            )
            frame = box.text_frame
            frame.word_wrap = True
            self._line(frame.paragraphs[0], figure, NUMBER_SIZE, BLUE, is_bold=True)
            self._line(frame.add_paragraph(), label, TEXT_SIZE)

    def text(self, title: str, paragraphs: list[str]) -> None:
        slide = self._content_slide(title)
        box = slide.shapes.add_textbox(MARGIN, BODY_TOP, INSIDE, BODY_HEIGHT)
        box.text_frame.word_wrap = True
        self._paragraphs(box.text_frame, paragraphs, TEXT_SIZE)

    def picture(self, title: str, png: bytes, alt: str, note: str = "") -> None:
        """A picture as large as the slide allows, its alternative text, a line below it."""
        slide = self._content_slide(title)
        with Image.open(io.BytesIO(png)) as drawn:
            width, height = drawn.size
        room = BODY_HEIGHT - (FOOT_HEIGHT if note else 0)
        scale = min(INSIDE / width, room / height)
        shown = Emu(int(width * scale)), Emu(int(height * scale))
        left = Emu(MARGIN + (INSIDE - shown[0]) // 2)
        shape = slide.shapes.add_picture(io.BytesIO(png), left, BODY_TOP, *shown)
        described = shape._element.xpath("./p:nvPicPr/p:cNvPr")[0]
        described.set("descr", INVALID_XML.sub("", alt))
        if note:
            self._foot(slide, note, Emu(BODY_TOP + room))

    def table(self, title: str, head: list[str], rows: list[list[str]]) -> None:
        """Columns of equal width but the first; the caller sees to it that the rows fit."""
        slide = self._content_slide(title)
        shape = slide.shapes.add_table(
            len(rows) + 1, len(head), MARGIN, BODY_TOP, INSIDE, Inches(0.4)
        )
        table = shape.table
        if self.direction == "rtl":
            table._tbl.get_or_add_tblPr().set("rtl", "1")
        for row, cells in enumerate([head, *rows]):
            for column, words in enumerate(cells):
                paragraph = table.cell(row, column).text_frame.paragraphs[0]
                self._line(paragraph, words, CELL_SIZE, is_bold=row == 0)

    def save(self) -> bytes:
        """The file; the times inside are fixed."""
        target = io.BytesIO()
        self.presentation.save(target)
        return with_fixed_times(target)

    # --- how it is written --------------------------------------------------------------------
    def _slide(self, title: str, layout: int, top: Length, height: Length) -> Slide:
        slides = self.presentation.slides
        slide = slides.add_slide(self.presentation.slide_layouts[layout])
        shape = slide.placeholders[0]
        self._place(shape, MARGIN, top, INSIDE, height)
        frame = shape.text_frame
        frame.word_wrap = True
        self._line(frame.paragraphs[0], title, TITLE_SIZE, BLUE, is_bold=True)
        return slide

    def _content_slide(self, title: str) -> Slide:
        slide = self._slide(title, TITLE_ONLY_LAYOUT, Emu(MARGIN // 2), TITLE_HEIGHT)
        self._foot(slide, self.foot, Emu(HEIGHT - FOOT_HEIGHT - MARGIN // 4))
        return slide

    def _foot(self, slide: Slide, words: str, top: Length) -> None:
        box = slide.shapes.add_textbox(MARGIN, top, INSIDE, FOOT_HEIGHT)
        box.text_frame.word_wrap = True
        self._line(box.text_frame.paragraphs[0], words, FOOT_SIZE, GREY)

    def _place(
        self, shape: BaseShape, left: Length, top: Length, width: Length, height: Length
    ) -> None:
        shape.left, shape.top, shape.width, shape.height = left, top, width, height

    def _paragraphs(
        self,
        frame: TextFrame,
        lines: list[str],
        size: int,
        colour: RGBColor | None = None,
    ) -> None:
        for number, line in enumerate(lines):
            paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
            paragraph.space_after = Pt(size // 2)
            self._line(paragraph, line, size, colour)

    def _line(
        self,
        paragraph: _Paragraph,
        words: str,
        size: int,
        colour: RGBColor | None = None,
        *,
        is_bold: bool = False,
    ) -> None:
        """The words of a paragraph, begun on the side where the language of the report begins."""
        runs_left = direction(words) == "rtl"
        paragraph.alignment = (
            PP_ALIGN.RIGHT if self.direction == "rtl" else PP_ALIGN.LEFT
        )
        paragraph._p.get_or_add_pPr().set("rtl", "1" if runs_left else "0")
        run = paragraph.add_run()
        run.text = INVALID_XML.sub("", words)
        font = run.font
        font.size, font.bold, font.name = Pt(size), is_bold, LETTERS
        if colour is not None:
            font.color.rgb = colour
        look = run._r.get_or_add_rPr()
        look.set("lang", self.language.replace("zh-hans", "zh-CN"))
        for tag, letters in (("a:ea", CHINESE_LETTERS), ("a:cs", LETTERS)):
            look.append(_typeface(tag, letters))


def _typeface(tag: str, name: str) -> Any:
    """The font of Chinese (ea) or Arabic (cs) letters, which a run names beside that of Latin."""
    element = OxmlElement(tag)
    element.set("typeface", name)
    return element
