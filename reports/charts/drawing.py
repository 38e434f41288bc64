"""Charts drawn to SVG, for page and PDF alike."""

import re
from collections.abc import Iterable
from functools import cache
from typing import Any
from xml.sax.saxutils import escape

import vl_convert

from common.typesetting.fonts import CHART_FOLDERS
from reports.builders.added import HEAT, MAP, YEARS, kind_of
from reports.builders.figures import Figures, table_named
from reports.builders.texts import Texts
from reports.charts.specs import Spec, bars, columns_over_years
from reports.charts.tiles import (
    alt_of_heat_map,
    alt_of_map,
    heat_map,
    map_of_tiles,
)
from reports.layout.layout import RTL_LANGUAGES, number


@cache
def load_fonts() -> None:
    """Once per worker, at the first chart, so that importing this module stays cheap."""
    for folder in CHART_FOLDERS:
        vl_convert.register_font_directory(folder)


def render(spec: Spec, title: str, description: str) -> str:
    """The spec as a small SVG with a title and description for screen readers.

    Its direction is fixed, because a right-to-left page would reverse the anchors of the text.
    """
    load_fonts()
    svg = vl_convert.vegalite_to_svg(spec, allowed_base_urls=[])
    svg = re.sub(r"\d+\.\d{3,}", lambda number: f"{float(number[0]):.2f}", svg)
    svg = re.sub(r' (?:class|pointer-events|aria-[a-z]+|role)="[^"]*"', "", svg)
    svg = re.sub(
        r'<path (?:[^>]*)d="M0,0h[\d.]+v[\d.]+h-?[\d.]+Z"[^>]*/?>(?:</path>)?', "", svg
    )
    head = f"<title>{escape(title)}</title><desc>{escape(description)}</desc>"
    return re.sub(r"^<svg ", '<svg role="img" direction="ltr" ', svg).replace(
        ">", f">{head}", 1
    )


def description(rows: list[dict[str, Any]], index: int) -> str:
    return "; ".join(f"{row['label']}: {number(row['values'][index])}" for row in rows)


def draw_all(
    figures: Figures,
    texts: Texts,
    language: str,
    colours: dict[str, str],
    tables: Iterable[tuple[str, str, int]],
) -> list[Spec]:
    """The charts of a report as `{"name", "table", "title", "alt", "svg"}`, in its active language.

    `tables` is (name of the chart, table, column), to which those come that a block asked for;
    `colours` maps SDG codes to the Goals' own colours; label and number are shown beside each bar.
    """
    rtl = language in RTL_LANGUAGES
    return [
        draw(name, table_named(figures, table), index, texts, rtl, colours)
        for name, table, index in (
            *tables,
            *((name, table, 0) for name, table in figures.get("drawn", [])),
        )
        if table_named(figures, table)["rows"]
    ]


def draw(
    name: str, table: Spec, index: int, texts: Texts, rtl: bool, colours: dict[str, str]
) -> Spec:
    rows, kind, note = table["rows"], kind_of(name), ""
    alt = description(rows, index)
    if kind == MAP:
        spec, alt = map_of_tiles(rows, rtl), alt_of_map(rows)
        note = texts["disclaimer"][0]
    elif kind == HEAT:
        spec = heat_map(table, texts["labels"], rtl)
        alt = alt_of_heat_map(table, texts["labels"])
    elif kind in ("year", YEARS):
        spec = columns_over_years(rows, rtl)
    else:
        spec = bars(rows, index, rtl, colours if name == "sdg" else None)
    title = (
        texts["messages"][name]
        if name in texts["messages"]
        else texts["headings"][name]
    )
    return {
        "name": name,
        "table": table["name"],
        "title": title,
        "alt": alt,
        "svg": render(spec, title, alt),
        "note": note,
        "is_wide": kind in (MAP, HEAT),
    }
