"""A chart as a picture (PNG) or as a drawing of its own (SVG).

Typst draws the PNG, as it draws the chart in the PDF: vl-convert takes three times as long, asks
the fonts of the machine for Arabic, and knows one weight of a variable font.
"""

from typing import Any
from xml.etree import ElementTree

from common.typesetting.fonts import CHART_FOLDERS, FAMILIES, showable
from reports.charts.specs import directed
from reports.layout.layout import RTL_LANGUAGES, SVG, taken_apart
from reports.output.typesetting import typeset

PICTURE_WIDTH = 1200  # pixels, with a margin on both sides
INK = "#191919"  # what "currentColor" is where no page gives one
MARGIN = 18  # units
MARK_LINE, MARK_COLOUR = 18, "#b00020"  # what says that a picture is of a draft

Chart = dict[str, Any]


def png(
    chart: Chart, language: str, title: str = "", source: str = "", mark: str = ""
) -> bytes:
    """The chart on white; a picture that stands alone has a title and a source in it, and the mark
    of a draft above."""
    drawing = taken_apart(chart["svg"].replace("currentColor", INK))
    data = {
        "chart": drawing,
        "language": language.partition("-")[0],
        "rtl": language in RTL_LANGUAGES,
        "title": title,
        "source": source,
        "mark": mark,
        "fonts": list(FAMILIES[:3]),
    }
    return typeset(
        ("charts.typ", "picture.typ"),
        showable(data),
        CHART_FOLDERS,
        {},
        format="png",
        ppi=72 * PICTURE_WIDTH / (drawing["width"] + 2 * MARGIN),
    )


def marked(drawing: str, mark: str, rtl: bool) -> str:
    """The drawing with the mark of a draft in a line of its own above it, and in its title."""
    root = ElementTree.fromstring(drawing)  # noqa: S314  (our own)
    left, top, width, height = (float(n) for n in root.get("viewBox", "").split())
    root.set("viewBox", f"{left} {top - MARK_LINE} {width} {height + MARK_LINE}")
    root.set("height", f"{height + MARK_LINE}")
    for title in root.findall(f"{{{SVG}}}title"):
        title.text = f"{mark} – {title.text}"
    place = {"x": f"{width - 2 if rtl else 2}", "y": f"{top - MARK_LINE / 3}"}
    look = {"font-family": "sans-serif", "font-size": "11px", "font-weight": "bold"}
    anchor = {"text-anchor": "end" if rtl else "start", "fill": MARK_COLOUR}
    line = ElementTree.SubElement(root, f"{{{SVG}}}text", place | look | anchor)
    line.text = directed(mark, rtl)
    return ElementTree.tostring(root, encoding="unicode")


def svg(chart: Chart, language: str, mark: str = "") -> bytes:
    """The drawing of the page as a file, in dark ink, since no page gives it a colour."""
    drawing = chart["svg"].replace("<svg ", f'<svg color="{INK}" ', 1)
    if mark:
        drawing = marked(drawing, mark, language in RTL_LANGUAGES)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{drawing}\n'.encode()
