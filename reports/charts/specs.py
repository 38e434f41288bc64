"""Vega-Lite specs of the charts, as functions of a table."""

from typing import Any

from reports.charts.measuring import shorten
from reports.layout.layout import number

WIDTH = 360


BAR_STEP, BAR_HEIGHT = 38, 12  # a label line above a bar, in units


BLUE = "#0a6ab4"


FONTS = "Noto Sans, Amiri, Noto Sans CJK SC, sans-serif"


LABEL_SIZE = 11


MAX_YEAR_NUMBERS = 12  # more columns leave no room for a number on each


RIGHT_TO_LEFT_ISOLATE, END_OF_ISOLATE = "\u2067", "\u2069"


Spec = dict[str, Any]


def directed(text: str, rtl: bool) -> str:
    return f"{RIGHT_TO_LEFT_ISOLATE}{text}{END_OF_ISOLATE}" if rtl else text


def frame(layers: list[Spec], values: list[dict[str, Any]], height: Any) -> Spec:
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": WIDTH,
        "height": height,
        "padding": 2,
        "autosize": {"type": "none"},
        "data": {"values": values},
        "layer": layers,
        "config": {
            "aria": False,
            "background": None,
            "font": FONTS,
            "view": {"stroke": None},
            "text": {"color": "currentColor", "fontSize": LABEL_SIZE},
            "axis": {
                "labelColor": "currentColor",
                "labelFontSize": LABEL_SIZE,
                "domainColor": "currentColor",
                "tickColor": "currentColor",
                "grid": False,
            },
        },
    }


def bar_values(
    rows: list[dict[str, Any]], index: int, rtl: bool, colours: dict[str, str]
) -> list[dict[str, Any]]:
    """The data of the bars, one per row: key, label, value, the number written out, colour."""
    return [
        {
            "key": str(position),
            "label": directed(shorten(row["label"], WIDTH, LABEL_SIZE), rtl),
            "value": row["values"][index],
            "text": number(row["values"][index]),
            "colour": colours.get(row["code"], BLUE),
        }
        for position, row in enumerate(rows)
    ]


def bars(
    rows: list[dict[str, Any]],
    index: int,
    rtl: bool,
    colours: dict[str, str] | None = None,
) -> Spec:
    """Horizontal bars, one per row; they grow from the side where reading begins."""
    values = bar_values(rows, index, rtl, colours or {})
    top = max([v["value"] for v in values] + [1])
    near, far = (WIDTH, 44) if rtl else (0, WIDTH - 44)
    side, offset = ("right", -5) if rtl else ("left", 5)
    y = {
        "field": "key",
        "type": "nominal",
        "sort": None,
        "axis": None,
        "scale": {"paddingInner": 0, "paddingOuter": 0},
    }
    x = {
        "field": "value",
        "type": "quantitative",
        "axis": None,
        "scale": {"domain": [0, top], "range": [near, far]},
    }
    label = {"type": "text", "align": side, "baseline": "middle", "dy": -9}
    layers = [
        {
            "mark": {"type": "bar", "height": BAR_HEIGHT, "yOffset": 8},
            "encoding": {
                "y": y,
                "x": x,
                "color": {"field": "colour", "type": "nominal", "scale": None},
            },
        },
        {
            "mark": label,
            "encoding": {"y": y, "x": {"value": near}, "text": {"field": "label"}},
        },
        {
            "mark": {
                "type": "text",
                "align": side,
                "dx": offset,
                "dy": 8,
                "fontWeight": "bold",
            },
            "encoding": {"y": y, "x": x, "text": {"field": "text"}},
        },
    ]
    return frame(layers, values, {"step": BAR_STEP})


def columns_over_years(rows: list[dict[str, Any]], rtl: bool) -> Spec:
    """One column per year; time runs in reading direction."""
    values = [
        {
            "year": row["code"],
            "value": row["values"][0],
            "text": number(row["values"][0]),
        }
        for row in rows
    ]
    order = [v["year"] for v in values]
    every = -(-len(order) // 8) or 1  # eight year labels fit
    x = {
        "field": "year",
        "type": "ordinal",
        "sort": order[::-1] if rtl else order,
        "scale": {"range": [0, WIDTH]},
        "axis": {
            "title": None,
            "labelAngle": 0,
            "values": order[::every],
            "ticks": False,
        },
    }
    y = {
        "field": "value",
        "type": "quantitative",
        "axis": None,
        "scale": {
            "domain": [0, max([v["value"] for v in values] + [1])],
            "range": [170, 18],
        },
    }
    layers: list[Spec] = [
        {"mark": {"type": "bar", "color": BLUE}, "encoding": {"x": x, "y": y}}
    ]
    if len(order) <= MAX_YEAR_NUMBERS:
        layers.append(
            {
                "mark": {"type": "text", "dy": -7, "fontWeight": "bold"},
                "encoding": {"x": x, "y": y, "text": {"field": "text"}},
            }
        )
    spec = frame(layers, values, 170)
    return spec | {"padding": {"left": 2, "right": 2, "top": 2, "bottom": 22}}
