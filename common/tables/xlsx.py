"""An Excel workbook with one sheet, sent while its rows are read."""

import re
import zipfile
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import IO, Any, cast
from xml.sax.saxutils import escape

from django.http import HttpResponse

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ROWS_AT_ONCE = 500


SHORT = 100  # characters of a text that may come again


SHEET_NAME_LENGTH = 31  # Excel's limit


CELL_LENGTH = 32_767  # characters; Excel refuses longer ones


# Characters that XML 1.0 does not allow, and lone surrogates.
INVALID_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


FORMATS = "http://schemas.openxmlformats.org"


MAIN = f"{FORMATS}/spreadsheetml/2006/main"


PACKAGE = f"{FORMATS}/package/2006"


RELATIONS = f"{FORMATS}/officeDocument/2006/relationships"


KIND = "application/vnd.openxmlformats-"


SHEET = f"{KIND}officedocument.spreadsheetml"


HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def _relations(**targets: str) -> str:
    """`officeDocument="xl/workbook.xml"` as the part that says so."""
    relations = "".join(
        f'<Relationship Id="rId{place}" Type="{RELATIONS}/{kind}" Target="{target}"/>'
        for place, (kind, target) in enumerate(targets.items(), 1)
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{relations}</Relationships>'


PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
    f'<Default Extension="rels" ContentType="{KIND}package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{SHEET}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{SHEET}.worksheet+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{SHEET}.styles+xml"/></Types>',
    "_rels/.rels": _relations(officeDocument="xl/workbook.xml"),
    "xl/_rels/workbook.xml.rels": _relations(
        worksheet="worksheets/sheet1.xml", styles="styles.xml"
    ),
    "xl/styles.xml": f'<styleSheet xmlns="{MAIN}">'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    "</styleSheet>",
}


BOOK = (
    f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>'
    '<sheet name="%s" sheetId="1" r:id="rId1"/></sheets></workbook>'
)


OPENING = (
    f'<worksheet xmlns="{MAIN}"><sheetViews><sheetView%s workbookViewId="0">'
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView>'
    "</sheetViews><sheetData>"
)


CLOSING = "</sheetData></worksheet>"


class Outgoing:
    """A file that only grows; what was written is taken out and sent."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []

    def write(self, content: bytes) -> int:
        self.parts.append(bytes(content))
        return len(content)

    def flush(self) -> None: ...

    def taken(self) -> bytes:
        content = b"".join(self.parts)
        self.parts.clear()
        return content


def workbook_response(
    file_name: str,
    heads: list[list[Any]],
    rows: Iterable[list[Any]],
    name: str,
    right_to_left: bool = False,
) -> HttpResponse:
    """A workbook of few rows as a download of this file name."""
    pieces = workbook(heads, rows, name, right_to_left)
    response = HttpResponse(b"".join(pieces), content_type=CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return response


def sheet_name(text: str) -> str:
    """The text as a name of a sheet that Excel accepts."""
    return re.sub(r"[\[\]:*?/\\]", " ", text).strip(" '")[:SHEET_NAME_LENGTH] or "1"


def workbook(
    heads: list[list[Any]],
    rows: Iterable[list[Any]],
    name: str,
    right_to_left: bool = False,
) -> Iterator[bytes]:
    """The file in pieces: `heads` in bold and frozen above the rows. Cells: text, int, float.

    `name` is that of the sheet; in a right-to-left script the sheet begins at the right.
    """
    opening = OPENING % (' rightToLeft="1"' if right_to_left else "")
    file = Outgoing()
    with zipfile.ZipFile(
        cast(IO[bytes], file), "w", zipfile.ZIP_DEFLATED, compresslevel=1
    ) as book:
        for place, part in PARTS.items():
            book.writestr(place, HEAD + part)
        book.writestr(
            "xl/workbook.xml", HEAD + BOOK % escape(sheet_name(name), {'"': "&quot;"})
        )
        yield file.taken()
        with book.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            parts = [HEAD, opening, *(_row(cells, ' s="1"') for cells in heads)]
            for row in rows:
                parts.append(_row(row))
                if len(parts) >= ROWS_AT_ONCE:
                    sheet.write("".join(parts).encode())
                    parts.clear()
                    yield file.taken()
            sheet.write("".join([*parts, CLOSING]).encode())
    yield file.taken()


def _row(cells: list[Any], style: str = "") -> str:
    cells_as_xml = [
        f"<c{style}><v>{value}</v></c>"
        if value.__class__ is not str
        else _known(value, style)
        if len(value) < SHORT
        else _text(value, style)
        for value in cells
    ]
    return f"<row>{''.join(cells_as_xml)}</row>"


@lru_cache(10_000)
def _known(value: str, style: str) -> str:
    """A short text, cached: codes and names are often repeated."""
    return _text(value, style)


def _text(value: str, style: str) -> str:
    if not value:
        return f"<c{style}/>"
    if not value.isprintable():  # fast path: invalid characters are never printable
        value = INVALID_XML.sub("", value)
    kept = ' xml:space="preserve"' if value != value.strip() or "\n" in value else ""
    return f'<c{style} t="inlineStr"><is><t{kept}>{escape(value[:CELL_LENGTH])}</t></is></c>'
