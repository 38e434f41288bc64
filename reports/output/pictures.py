"""A chart as a picture (PNG) or as a drawing of its own (SVG).

Typst draws the PNG, as it draws the chart in the PDF: vl-convert takes three times as long, asks
the fonts of the machine for Arabic, and knows one weight of a variable font.
"""

from typing import Any

from reports.layout.fonts import CHART_FOLDERS, FAMILIES, showable
from reports.layout.layout import RTL_LANGUAGES, taken_apart
from reports.output.typesetting import typeset

CHART_WIDTH = 364  # units, in every drawing
PICTURE_WIDTH = 1200  # pixels, with a margin of 18 units
INK = "#191919"  # what "currentColor" is where no page gives one
PIXELS_PER_INCH = 72 * PICTURE_WIDTH / (CHART_WIDTH + 2 * 18)

Chart = dict[str, Any]


def png(chart: Chart, language: str, title: str = "", source: str = "") -> bytes:
    """The chart on white; a picture that stands alone has a title and a source in it."""
    data = {
        "chart": taken_apart(chart["svg"].replace("currentColor", INK)),
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
        ppi=PIXELS_PER_INCH,
    )


def svg(chart: Chart) -> bytes:
    """The drawing of the page as a file, in dark ink, since no page gives it a colour."""
    drawing = chart["svg"].replace("<svg ", f'<svg color="{INK}" ', 1)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{drawing}\n'.encode()
