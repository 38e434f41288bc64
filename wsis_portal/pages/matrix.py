"""The matrix of WSIS and SDGs as a page: which Goals a line serves, why, with which projects."""

from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reference.action_line.models import SDG, ActionLine, MatrixCell
from stocktaking.search.index import current_index


class Cell(NamedTuple):
    """An action line and a goal; `reason` is None where the matrix has no link."""

    goal: SDG
    reason: MatrixCell | None
    projects: int


class Line(NamedTuple):
    line: ActionLine
    cells: list[Cell]

    @property
    def reasons(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.reason]


@require_safe
def matrix(request: HttpRequest) -> HttpResponse:
    """Projects are counted by the bitmaps of the search: each number is that of the linked
    result."""
    goals = list(SDG.objects.all())
    counts = current_index().crossed("action_line", "sdg")
    lines = [
        _line(line, goals, counts)
        for line in ActionLine.objects.prefetch_related("cells").all()
    ]
    sources = {
        cell.reason.source for line in lines for cell in line.reasons if cell.reason
    }
    context = {"goals": goals, "lines": lines, "sources": sorted(sources)}
    return render(request, "pages/matrix.html", context)


def _line(
    line: ActionLine, goals: list[SDG], counts: dict[tuple[str, str], int]
) -> Line:
    reasons = {cell.sdg_id: cell for cell in line.cells.all()}
    return Line(
        line,
        [
            Cell(goal, reasons.get(goal.pk), counts.get((line.pk, goal.pk), 0))
            for goal in goals
        ],
    )
