"""Charts: safe under the strict policy, readable by people and machines, mirrored in Arabic."""

import re
from xml.etree import ElementTree

import pytest

from reports.charts.drawing import render
from reports.charts.measuring import lines_of, shorten, width_of
from reports.charts.specs import bars, columns_over_years
from reports.layout.layout import taken_apart

ROWS = [
    {"code": "1", "label": "No Poverty & <more>", "values": [1234]},
    {"code": "2", "label": "القضاء على الجوع", "values": [617]},
    {"code": "3", "label": "信息通信基础设施", "values": [0]},
]


def bar_starts(svg):
    return [float(x) for x in re.findall(r'<path d="M([\d.]+),[^"]*" fill="#', svg)]


def test_nothing_in_a_chart_is_against_the_policy():
    svg = render(bars(ROWS, 0, rtl=False), "Title", "Alt")

    assert re.findall(r"style=|<script|<style|href=|on\w+=|url\(", svg) == []


def test_a_chart_names_itself_and_keeps_its_words_as_text():
    svg = render(bars(ROWS, 0, rtl=False), "Most <b>", "All & more")
    root = ElementTree.fromstring(svg)  # noqa: S314  (our own)

    words = [t.text for t in root.iter("{http://www.w3.org/2000/svg}text")]

    assert root.get("role") == "img"
    assert [child.text for child in root[:2]] == ["Most <b>", "All & more"]
    assert words == [row["label"] for row in ROWS] + ["1,234", "617", "0"]


def test_goals_have_their_colours():
    svg = render(
        bars(ROWS, 0, rtl=False, colours={"1": "#e5243b", "2": "#dda63a"}), "t", "a"
    )

    assert re.findall(r'fill="(#\w+)"', svg) == ["#e5243b", "#dda63a", "#0a6ab4"]


def test_bars_grow_from_the_right_in_arabic():
    left = bar_starts(render(bars(ROWS, 0, rtl=False), "t", "a"))
    right = bar_starts(render(bars(ROWS, 0, rtl=True), "t", "a"))

    assert left[:2] == [0, 0]
    assert right[0] == 44
    assert right[1] == pytest.approx(202, abs=1)


@pytest.mark.parametrize(
    ("rtl", "order"),
    [(False, ["2023", "2024", "2025"]), (True, ["2025", "2024", "2023"])],
)
def test_years_run_in_the_direction_of_reading(rtl, order):
    rows = [
        {"code": str(y), "label": str(y), "values": [y - 2020]}
        for y in (2023, 2024, 2025)
    ]

    words = taken_apart(render(columns_over_years(rows, rtl), "t", "a"))["words"]

    years = sorted((w for w in words if len(w["text"]) == 4), key=lambda w: w["x"])
    assert [w["text"] for w in years] == order


def test_shapes_and_words_are_taken_apart_with_their_places():
    apart = taken_apart(render(bars(ROWS[:1], 0, rtl=False), "t", "a"))

    assert "<text" not in apart["shapes"]
    assert [(w["x"], w["y"] > 0, w["bold"], w["text"]) for w in apart["words"]] == [
        (2, True, False, "No Poverty & <more>"),
        (323, True, True, "1,234"),
    ]


LONG = {
    "en": "The role of governments and all stakeholders in the promotion of ICTs for development",
    "ru": "Роль органов государственного управления и всех заинтересованных сторон в содействии",
    "ar": "دور السلطات الحكومية وجميع أصحاب المصلحة في تعزيز تكنولوجيا المعلومات والاتصالات",
    "zh": "政府和所有利益相关方在促进信息通信技术促进发展方面的作用以及信息通信基础设施",
}


@pytest.mark.parametrize("label", LONG.values(), ids=LONG)
def test_a_label_is_cut_only_where_its_room_ends(label):
    needed = width_of(label, 11)
    room = needed - 20

    shortened = shorten(label, room, 11)
    end = len(shortened) - 1

    assert shorten(label, needed, 11) == label
    assert label.startswith(shortened.removesuffix("…"))
    assert shortened.endswith("…")
    assert width_of(shortened, 11) <= room
    assert width_of(label[: end + 2] + "…", 11) > room


@pytest.mark.parametrize("label", LONG.values(), ids=LONG)
def test_a_name_beside_tiles_takes_three_lines_before_it_is_cut(label):
    room = width_of(label, 8.5) / 2.2

    lines = lines_of(label, room, 8.5, 3)
    cut = lines_of(label, room, 8.5, 2)

    assert len(lines) == 3
    assert "".join(lines).replace(" ", "") == label.replace(" ", "")
    assert len(cut) == 2
    assert cut[1].endswith("…")
    assert all(width_of(line, 8.5) <= room for line in lines + cut)
    assert lines_of("M" * 60, 100, 8.5, 3) == [shorten("M" * 60, 100, 8.5)]


def test_a_bar_chart_has_the_whole_label_that_fits():
    """68 letters, most of them narrow; 60 wide ones fill the line."""
    fits = "Ethical dimensions of the Information Society, in cities and villages"
    rows = [
        {"code": "1", "label": fits, "values": [1]},
        {"code": "2", "label": "M" * 60, "values": [1]},
    ]

    words = taken_apart(render(bars(rows, 0, rtl=False), "t", "a"))["words"]

    assert fits in [word["text"] for word in words]
    assert any(re.fullmatch(r"M{30,40}…", word["text"]) for word in words)
