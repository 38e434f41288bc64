"""Search results by country, by action line and Goal, and the gaps."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from common.tables.csv_files import csv_response
from reference.names import vocabulary
from stocktaking.exploring.gaps import OUTSIDE, THIN, Gaps
from stocktaking.search.filters import ProjectSearch
from stocktaking.search.views import refused

LEVELS = 5  # shades; 0 is none
ORDERS = ("number", "name", "region")


def level(count: int, most: int) -> int:
    """The shade of a number: 0 for none, then five steps on a square-root scale."""
    return min(LEVELS, 1 + int(LEVELS * (count / most) ** 0.5)) if count else 0


@require_safe
def country_map(request: HttpRequest) -> HttpResponse:
    """The projects of a search by country: tiles, a table, and projects without a country."""
    data = request.GET.copy()
    order_name = data.pop("order", [""])[-1]
    order = order_name if order_name in ORDERS else "number"
    search = ProjectSearch(data)
    if not search.is_valid:
        return refused(request, search)
    tiles = _tiles(search)
    regions = vocabulary.labels("region")
    context = {
        "search": search,
        "order": order,
        "regions": [
            {
                "code": code,
                "name": name,
                "count": search.counts["region"].get(code, 0),
                "tiles": [tile for tile in tiles if tile["region"] == code],
            }
            for code, name in regions.items()
            if code != OUTSIDE
        ],
        "rows": _ordered([tile for tile in tiles if tile["count"]], order),
        "international": search.counts["country"].get(OUTSIDE, 0),
        "nowhere": search.without("country"),
    }
    return render(request, "stocktaking/exploring/map.html", context)


def _tiles(search: ProjectSearch) -> list[dict[str, Any]]:
    """All countries in the order of the language, with number and shade."""
    counts, regions = search.counts["country"], vocabulary.labels("region")
    most = max((n for code, n in counts.items() if code != OUTSIDE), default=1)
    tiles = []
    for code, name in vocabulary.labels("country").items():
        count, region = counts.get(code, 0), vocabulary.region_of(code) or ""
        tile = {"code": code, "name": name, "count": count, "level": level(count, most)}
        if code != OUTSIDE:
            tiles.append(
                tile | {"region": region, "region_name": regions.get(region, "")}
            )
    return tiles


def _ordered(rows: list[dict[str, Any]], order: str) -> list[dict[str, Any]]:
    places = list(vocabulary.labels("region"))
    if order == "number":
        return sorted(rows, key=lambda row: -row["count"])
    if order == "region":
        return sorted(rows, key=lambda row: places.index(row["region"]))
    return rows


@require_safe
def heat(request: HttpRequest) -> HttpResponse:
    """The projects of a search by action line and Goal; every number links to its projects."""
    search = ProjectSearch(request.GET)
    if not search.is_valid:
        return refused(request, search)
    counts, goals = search.crossed("action_line", "sdg"), vocabulary.labels("sdg")
    most = max(counts.values(), default=1)
    lines = [
        {
            "code": line,
            "name": name,
            "cells": [
                {
                    "goal": goal,
                    "count": (count := counts.get((line, goal), 0)),
                    "level": level(count, most),
                }
                for goal in goals
            ],
        }
        for line, name in vocabulary.labels("action_line").items()
    ]
    context = {"search": search, "goals": goals.items(), "lines": lines}
    return render(request, "stocktaking/exploring/heat.html", context)


def requested_gaps(request: HttpRequest) -> Gaps:
    """The gaps of the requested part of the world; an unknown region means all."""
    region = request.GET.get("region", "")
    is_region = region in vocabulary.labels("region") and region != OUTSIDE
    return Gaps(region if is_region else "", ldcs=request.GET.get("ldc") == "1")


def requested_cell(request: HttpRequest, gaps: Gaps) -> dict[str, Any] | None:
    """The cell that `line` and `sdg` name, with the projects nearest to it."""
    line, goal = request.GET.get("line", ""), request.GET.get("sdg", "")
    field = next(
        (cell for cell in gaps.by_goal.get(line, ()) if cell.code == goal), None
    )
    if field is None or not field.linked:
        return None
    names, goals = vocabulary.labels("action_line"), vocabulary.labels("sdg")
    return {
        "line": line,
        "line_name": names[line],
        "goal": goal,
        "goal_name": goals[goal],
        "count": field.count,
        "nearest": gaps.search.nearest(line, goal),
    }


@require_safe
def gaps(request: HttpRequest) -> HttpResponse:
    gaps = requested_gaps(request)
    names = vocabulary.labels("action_line")

    def grid(rows: dict[str, list[Any]]) -> list[dict[str, Any]]:
        return [
            {"code": code, "name": names[code], "cells": cells}
            for code, cells in rows.items()
        ]

    regions = vocabulary.labels("region")
    context = {
        "gaps": gaps,
        "field": requested_cell(request, gaps),
        "thin": THIN,
        "goals": vocabulary.labels("sdg").items(),
        "regions": [(code, name) for code, name in regions.items() if code != OUTSIDE],
        "by_goal": grid(gaps.by_goal),
        "by_region": grid(gaps.by_region),
    }
    return render(request, "stocktaking/exploring/gaps.html", context)


@require_safe
def gaps_csv(request: HttpRequest) -> HttpResponse:
    """The same cells as rows: kind, action line, other code, projects, level, latest year."""
    gaps = requested_gaps(request)
    table: list[list[Any]] = [
        ["kind", "action_line", "code", "projects", "level", "latest_year"]
    ]
    for kind, rows in (("sdg", gaps.by_goal), ("region", gaps.by_region)):
        for line, cells in rows.items():
            table += [[kind, line, s.code, s.count, s.level, ""] for s in cells]
    for place in gaps.places:
        state = (
            "white" if not place.count else "thin" if place.count < THIN else "filled"
        )
        table.append(
            ["country", "", place.code, place.count, state, place.latest or ""]
        )
    return csv_response("wsis-gaps.csv", table)
