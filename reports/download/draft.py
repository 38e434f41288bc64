"""The mark of a draft, put on a file when somebody reads it before it is public.

The stored file never has it: what is published are the bytes that were built.
"""

import io
from collections.abc import Callable
from functools import cache
from typing import Any

import pikepdf
from django.utils import translation
from django.utils.translation import gettext as _
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt, RGBColor
from pptx import Presentation
from pptx.dml.color import RGBColor as PptxColor
from pptx.enum.text import PP_ALIGN

from common.typesetting.fonts import CHART_FOLDERS, FAMILIES
from reports.output.typesetting import typeset

BEHIND = b"/Artifact <</Type /Pagination /Subtype /Watermark>> BDC q /%s Do Q EMC\n"
NAME = "/DraftMark"
DRAFT_COLOUR = (0xB0, 0x00, 0x20)


def draft_word(language: str) -> str:
    with translation.override(language):
        return _("DRAFT")


@cache
def mark(language: str) -> bytes:
    """A page with the word and nothing else: a PDF whose letters are drawn, not written."""
    data = {
        "word": draft_word(language),
        "drawing": "",
        "language": language.partition("-")[0],
        "fonts": ["Amiri", *FAMILIES[:3]] if language == "ar" else list(FAMILIES[:3]),
    }
    drawing = typeset(("mark.typ",), data, CHART_FOLDERS, {}, format="svg")
    data["drawing"] = drawing.decode()
    return typeset(("mark.typ",), data, CHART_FOLDERS, {}, format="pdf")


def marked_pdf(content: bytes, language: str) -> bytes:
    """The file with the word behind the text of each page, as an artifact (PDF/UA)."""
    target = io.BytesIO()
    with (
        pikepdf.open(io.BytesIO(content)) as pdf,
        pikepdf.open(io.BytesIO(mark(language))) as drawn,
    ):
        form = pdf.copy_foreign(drawn.pages[0].as_form_xobject())
        behind = pdf.make_stream(BEHIND % NAME.removeprefix("/").encode())
        for page in pdf.pages:
            own_resources(page)
            page.add_resource(form, pikepdf.Name.XObject, pikepdf.Name(NAME))
            page.contents_add(behind, prepend=True)
        pdf.save(target, object_stream_mode=pikepdf.ObjectStreamMode.preserve)
    return target.getvalue()


def own_resources(page: Any) -> None:
    """Pages may share a dictionary of resources, which one addition would change for all."""
    page.Resources = pikepdf.Dictionary(page.get("/Resources", {}))
    if "/XObject" in page.Resources:
        page.Resources.XObject = pikepdf.Dictionary(page.Resources.XObject)


def marked_docx(content: bytes, language: str) -> bytes:
    """The file with the word at the top of each page."""
    document = Document(io.BytesIO(content))
    for section in document.sections:
        for header in (section.first_page_header, section.header):
            line = header.paragraphs[0].insert_paragraph_before()
            line.alignment = WD_ALIGN_PARAGRAPH.CENTER
            run = line.add_run(draft_word(language))
            run.bold, run.font.size = True, Pt(20)
            run.font.color.rgb = RGBColor(*DRAFT_COLOUR)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def marked_pptx(content: bytes, language: str) -> bytes:
    """The file with the word at the top of each slide."""
    presentation = Presentation(io.BytesIO(content))
    width = presentation.slide_width
    for slide in presentation.slides:
        box = slide.shapes.add_textbox(0, 0, width, Pt(30))
        line = box.text_frame.paragraphs[0]
        line.alignment = PP_ALIGN.CENTER
        run = line.add_run()
        run.text = draft_word(language)
        run.font.bold, run.font.size = True, Pt(20)
        run.font.color.rgb = PptxColor(*DRAFT_COLOUR)
    target = io.BytesIO()
    presentation.save(target)
    return target.getvalue()


MARKED: dict[str, Callable[[bytes, str], bytes]] = {
    "pdf": marked_pdf,
    "brief": marked_pdf,
    "docx": marked_docx,
    "pptx": marked_pptx,
}
