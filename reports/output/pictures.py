"""A chart as a picture (PNG) or as a drawing of its own (SVG).

Typst draws the PNG, as it draws the chart in the PDF: vl-convert takes three times as long, asks
the fonts of the machine for Arabic, and knows one weight of a variable font.
"""

from typing import Any

from reports.layout.fonts import CHART_FOLDERS, FAMILIES, showable
from reports.layout.layout import RTL_LANGUAGES, taken_apart
from reports.output.typesetting import typeset

PICTURE_WIDTH = 1200  # pixels, with a margin on both sides
INK = "#191919"  # what "currentColor" is where no page gives one
MARGIN = 18  # units

Chart = dict[str, Any]


def png(chart: Chart, language: str, title: str = "", source: str = "") -> bytes:
    """The chart on white; a picture that stands alone has a title and a source in it."""
    drawing = taken_apart(chart["svg"].replace("currentColor", INK))
    data = {
        "chart": drawing,
        "language": language.partition("-")[0],
        "rtl": language in RTL_LANGUAGES,
        "title": title,
        "source": source,
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


def svg(chart: Chart) -> bytes:
    """The drawing of the page as a file, in dark ink, since no page gives it a colour."""
    drawing = chart["svg"].replace("<svg ", f'<svg color="{INK}" ', 1)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{drawing}\n'.encode()
