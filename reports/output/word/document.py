"""A Word document (DOCX), of headings, paragraphs, tables and pictures.

Words keep their language and direction, as in the PDF (common/typesetting/passages.py). The same
calls make the same bytes: clock, order and names of all parts are fixed.
"""

import io
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import RELATIONSHIP_TYPE as RELATIONS
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import serialize_for_reading
from docx.shared import Cm, Pt, RGBColor

from common.tables.xlsx import INVALID_XML
from common.text.direction import direction
from common.typesetting.passages import Passage, passage
from reports.layout.layout import RTL_LANGUAGES
from reports.output.fixed_zip import with_fixed_times
from reports.output.word.xml import (
    element,
    field,
    fonts,
    language_of,
    look_of,
    node,
    text_of,
    valid_address,
)

BLUE, GREY = RGBColor(0x00, 0x4B, 0x87), RGBColor(0x5A, 0x5A, 0x5A)
DEEPEST = 4  # level of headings
HEADINGS = {
    "Title": 26,
    "Heading 1": 18,
    "Heading 2": 13,
    "Heading 3": 10.5,
    "Heading 4": 10,
}
TEXTS = {"Normal": 10, "Caption": 10, "toc 1": 10, "toc 2": 10, "Cell": 8, "Small": 8}
PICTURE_WIDTH = Cm(11.5)
WHOLE_WIDTH = Cm(16.4)
PAGE_WIDTH, MARGIN = Cm(21), Cm(2.2)
CONTENTS_DEPTH = 2
BODY = "word/document.xml"
THUMBNAIL = (
    "http://schemas.openxmlformats.org/package/2006/relationships/metadata/thumbnail"
)


class WordDocument:
    """The document while it is written, from its first line to its last."""

    def __init__(self, title: str, author: str, language: str, at: datetime) -> None:
        self.document = docx.Document()
        self.language = language
        self.direction = "rtl" if language in RTL_LANGUAGES else "ltr"
        self.contents: list[tuple[int, str, str]] = []  # level, bookmark, words
        self.contents_place: int | None = None
        self.written: list[str] = []  # what stands in the body, in order
        self.links: dict[str, str] = {}  # address → relation
        self.pictures = 0
        self._describe(title, author, at)
        self._set_page()
        self._set_styles()
        self.ids = {one.name: one.style_id for one in self.document.styles}

    def _describe(self, title: str, author: str, at: datetime) -> None:
        about = self.document.core_properties
        about.title, about.author, about.last_modified_by = title, author, author
        about.created = about.modified = at.replace(tzinfo=None, microsecond=0)
        about.language, about.comments, about.revision = self.language, "", 1
        relations = self.document.part.package.rels
        for key in [k for k, one in relations.items() if one.reltype == THUMBNAIL]:
            del relations[key]

    def _set_page(self) -> None:
        section = self.document.sections[0]
        section.page_width, section.page_height = PAGE_WIDTH, Cm(29.7)
        section.left_margin = section.right_margin = MARGIN
        section.different_first_page_header_footer = True

    def _set_styles(self) -> None:
        styles = self.document.styles
        for name, size in (TEXTS | HEADINGS).items():
            if name not in styles:
                styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH).base_style = styles[
                    "Normal"
                ]
            style = styles[name]
            style.font.size = Pt(size)
            if name in HEADINGS:
                style.font.color.rgb = BLUE
            look = style.element.get_or_add_rPr()
            for old in [*look.findall(qn("w:rFonts")), *look.findall(qn("w:szCs"))]:
                look.remove(old)
            look.insert(0, element(fonts()))
            look.find(qn("w:sz")).addnext(element(node("szCs", val=round(size * 2))))
        styles["Caption"].paragraph_format.keep_with_next = True
        styles["Cell"].paragraph_format.space_after = Pt(1)
        styles["toc 2"].paragraph_format.left_indent = Cm(0.6)
        default = styles.element.find(f".//{qn('w:rPrDefault')}//{qn('w:lang')}")
        default.getparent().replace(default, element(language_of(self.language)))

    # --- what a report is made of -------------------------------------------------------------
    def heading(self, level: int, title: Passage | str) -> None:
        """A heading; levels 1 and 2 are in the contents."""
        words = _passage(title)
        bookmark = f"_Toc{len(self.contents) + 1:06}"
        runs = self.runs(words)
        if level <= CONTENTS_DEPTH:
            number = len(self.contents) + 1
            self.contents.append((level, bookmark, words["text"]))
            mark = node("bookmarkStart", id=number, name=bookmark)
            runs = [mark, *runs, node("bookmarkEnd", id=number)]
        self.append(f"Heading {level}", words["direction"], runs)

    def title(self, text: str) -> None:
        self.append("Title", direction(text), self.runs(_passage(text)))

    def paragraph(
        self, *parts: Passage | str, style: str = "Normal", **looks: Any
    ) -> None:
        """A paragraph of passages; `looks` are those of `runs`."""
        words = [_passage(part) for part in parts]
        runs = [run for one in words for run in self.runs(one, **looks)]
        way = words[0]["direction"] if len(words) == 1 else self.direction
        self.append(style, way, runs)

    def page_break(self) -> None:
        self.append("Normal", self.direction, [node("r", node("br", type="page"))])

    def picture(
        self, png: bytes, alt: str, caption: str, width: Cm = PICTURE_WIDTH
    ) -> None:
        """A picture with its alternative text, below its caption."""
        if caption:
            self.paragraph(caption, style="Caption")
        paragraph = self.document.add_paragraph()
        shape = paragraph.add_run().add_picture(io.BytesIO(png), width=width)
        properties = shape._inline.docPr
        properties.set("descr", INVALID_XML.sub("", alt))
        if caption:
            properties.set("title", INVALID_XML.sub("", caption))
        drawn = paragraph._p
        drawn.getparent().remove(drawn)
        drawn.insert(0, element(self._properties("Normal", self.direction)))
        self.pictures += 1
        properties.set("id", str(self.pictures))
        self.written.append(serialize_for_reading(drawn))

    def table(
        self,
        name: str,
        head: list[str],
        rows: Iterable[list[Passage | str]],
        numbers_from: int | None = None,
        widths: tuple[int, ...] = (),
    ) -> None:
        """A table whose heading is repeated on each page; cells from `numbers_from` on stand at
        the end. `widths` are parts of the whole."""
        grid = node("tblGrid", *(node("gridCol") for _column in head))
        shares = [100 * 50 * part // sum(widths) for part in widths]
        first = node("trPr", node("cantSplit"), node("tblHeader"))
        other = node("trPr", node("cantSplit"))
        lines = [self._row(first, head, numbers_from, shares, bold=True)]
        lines += [self._row(other, row, numbers_from, shares) for row in rows]
        properties = self._table_properties(name)
        self.written.append(node("tbl", properties, grid, *lines))
        self.append("Normal", self.direction, [])

    def contents_here(self, heading: str) -> None:
        """The place of the contents, which are written when all headings are known."""
        self.append("Normal", self.direction, self.runs(_passage(heading), bold=True))
        self.contents_place = len(self.written)

    def margins(self, above: tuple[str, str], below: str) -> None:
        """The lines at the top and the foot of all pages but the first."""
        section = self.document.sections[0]
        tab = node("r", node("tab"))
        head = [*self.runs(_passage(above[0])), tab, *self.runs(_passage(above[1]))]
        number = node("fldSimple", node("r", node("t", "1")), instr="PAGE")
        foot = [*self.runs(_passage(below)), node("r", node("tab")), number]
        for part, runs in ((section.header, head), (section.footer, foot)):
            place = int(PAGE_WIDTH - 2 * MARGIN) // 635  # twentieths of a point
            stop = node("tabs", node("tab", val="end", pos=place))
            properties = self._properties("Small", self.direction, before=stop)
            line = part.paragraphs[0]._p
            line.getparent().replace(line, element(node("p", properties, *runs)))

    def save(self) -> bytes:
        """The file; the times inside are fixed."""
        saved = io.BytesIO()
        self.document.save(saved)
        return with_fixed_times(saved, {BODY: self._with_body})

    # --- how it is written --------------------------------------------------------------------
    def _with_body(self, document: bytes) -> bytes:
        """What was written stands before the element that describes the page."""
        place = self.contents_place
        if place is not None:
            self.written[place:place] = self._contents()
        before, mark, after = document.decode().rpartition("<w:sectPr")
        return "".join([before, *self.written, mark, after]).encode()

    def append(
        self, style: str, way: str, runs: list[str], number: int | None = None
    ) -> None:
        """A paragraph of these runs; `number` is the numbering of an ordered list."""
        numbering = ""
        if number is not None:
            numbering = node("numPr", node("ilvl", val=0), node("numId", val=number))
        properties = self._properties(self.ids[style], way, before=numbering)
        self.written.append(node("p", properties, *runs))

    def new_numbering(self, style: str, start: int) -> int:
        """A list that counts from `start`, in the look of this style."""
        numbering = self.document.part.numbering_part.element
        used = self.document.styles[style].element.find(f".//{qn('w:numId')}")
        look = numbering.num_having_numId(int(used.get(qn("w:val"))))
        number = numbering.add_num(look.abstractNumId.val)
        number.add_lvlOverride(ilvl=0).add_startOverride(start)
        return int(number.numId)

    def _properties(
        self, style: str, way: str, place: str = "", before: str = ""
    ) -> str:
        """A text that runs against the document begins where the others begin."""
        turned = way != self.direction
        return node(
            "pPr",
            node("pStyle", val=style),
            before,
            node("bidi") if way == "rtl" else "",
            node("jc", val=place or "end") if place or turned else "",
        )

    def runs(self, words: Passage, bold: bool = False, grey: bool = False) -> list[Any]:
        language = words["language"]
        return [
            self.run(piece["text"], piece["link"], language, bold=bold, grey=grey)
            for piece in words["runs"]
        ]

    def run(
        self,
        text: str,
        link: str = "",
        language: str = "",
        bold: bool = False,
        italic: bool = False,
        grey: bool = False,
    ) -> Any:
        """Words of one look and one direction, for `append`."""
        way, colour = direction(text), str(GREY) if grey else ""
        look = look_of(language or self.language, way, bold, italic, colour)
        run = f"<w:r>{look}{text_of(text)}</w:r>"
        return self._linked(run, link) if link else run

    def _linked(self, run: str, address: str) -> str:
        """The run as a link; an address that Word would not open stays a text."""
        target = valid_address(address)
        if not target:
            return run
        if target not in self.links:
            self.links[target] = f"rIdLink{len(self.links) + 1}"
            self.document.part.load_rel(
                RELATIONS.HYPERLINK, target, self.links[target], is_external=True
            )
        return f'<w:hyperlink r:id="{self.links[target]}" w:history="1">{run}</w:hyperlink>'

    def _table_properties(self, name: str) -> Any:
        lines = {"val": "single", "sz": "4", "space": "0", "color": "C8C8C8"}
        borders = node("tblBorders", node("bottom", **lines), node("insideH", **lines))
        return node(
            "tblPr",
            node("bidiVisual") if self.direction == "rtl" else "",
            node("tblW", w="5000", type="pct"),
            borders,
            node("tblLook", firstRow="1", firstColumn="1", noVBand="1"),
            node("tblCaption", val=INVALID_XML.sub("", name)),
        )

    def _row(
        self,
        properties: Any,
        cells: list[Any],
        numbers_from: int | None,
        shares: list[int],
        bold: bool = False,
    ) -> Any:
        row = []
        for column, cell in enumerate(cells):
            words = _passage(cell)
            counted = numbers_from is not None and column >= numbers_from
            way = self.direction if counted else words["direction"]
            look = self._properties("Cell", way, "end" if counted else "")
            width = ""
            if shares:
                width = node("tcPr", node("tcW", w=shares[column], type="pct"))
            paragraph = node("p", look, *self.runs(words, bold=bold))
            row.append(node("tc", width, paragraph))
        return node("tr", properties, *row)

    def _contents(self) -> list[str]:
        """A field that Word brings up to date, and until then links to all headings."""
        begin, middle, end = (
            node("r", node("fldChar", fldCharType=kind))
            for kind in ("begin", "separate", "end")
        )
        order = node("r", field(f'TOC \\o "1-{CONTENTS_DEPTH}" \\h \\z \\u'))
        start = self._properties("toc1", self.direction)
        lines = []
        for level, bookmark, words in self.contents:
            runs = self.runs(passage(words))
            properties = self._properties(f"toc{level}", direction(words))
            link = node("hyperlink", *runs, anchor=bookmark)
            lines.append(node("p", properties, link))
        return [
            node("p", start, begin, order, middle),
            *lines,
            node("p", start, end),
        ]


def _passage(words: Passage | str) -> Passage:
    return passage(words) if isinstance(words, str) else words
