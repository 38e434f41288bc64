"""The geometry of the time line: a lane for each roadmap, years side by side, a mark for each
milestone.

Years with more dates are wider, so that 2025 can be read; within a year time is even. Horizontal
positions are percent, so that the drawing fits any width; heights are pixels.
"""

import datetime
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from roadmap.milestone.models import Milestone
from roadmap.roadmap.models import Roadmap

LANE_HEAD, ROW, LANE_GAP, AXIS = 30, 22, 12, 30  # pixels
LABELLED = 120  # more marks leave no room for their names
LETTER = 0.62  # percent of the narrowest drawing that a letter takes
LABEL = 46  # letters
DOT = 1.5  # percent that a mark without a name takes
EDGE = 99  # percent; a name that would reach over it stands before its mark
SMALLEST = 0.9  # percent; a few days are a dot
EMPTY_YEAR, MARGIN = 0.35, 1.0  # a year without a date; percent left free at both ends


@dataclass(frozen=True)
class Mark:
    """One milestone: from x to x + width (percent), at y; its name with the anchor of the text."""

    milestone: Milestone
    x: str
    width: str
    y: int
    label: str
    label_x: str
    label_dx: int
    anchor: str
    planned_x: str  # where it stood at first publication, "" when it has not moved


@dataclass
class Lane:
    roadmap: Roadmap
    y: int
    height: int = 0
    marks: list[Mark] = field(default_factory=list)


@dataclass(frozen=True)
class YearColumn:
    year: int
    x: str
    width: str
    middle: str
    named: bool
    odd: bool


@dataclass(frozen=True)
class Drawing:
    lanes: list[Lane]
    years: list[YearColumn]
    height: int
    today: str
    axis_y: int


class Scale:
    """Day → percent from the side where reading begins; the width of a year depends on its
    number of dates."""

    def __init__(self, milestones: Sequence[Milestone], rtl: bool) -> None:
        self.rtl = rtl
        counts: Counter[int] = Counter()
        for milestone in milestones:
            counts.update({milestone.starts_on.year, milestone.ends_on.year})
        first = min(counts, default=2025)
        last = max(counts, default=2025)
        widths = {
            year: (1.6 + counts[year] ** 0.8) if counts[year] else EMPTY_YEAR
            for year in range(first, last + 1)
        }
        whole = sum(widths.values())
        self.widths = {
            year: (100 - 2 * MARGIN) * w / whole for year, w in widths.items()
        }
        self.starts: dict[int, float] = {}
        at = MARGIN
        for year, width in self.widths.items():
            self.starts[year] = at
            at += width

    def place(self, day: datetime.date) -> float:
        """Percent in order of time; for right-to-left scripts the drawing is reversed."""
        year = min(max(day.year, min(self.starts)), max(self.starts))
        if year != day.year:
            return MARGIN if day.year < year else 100 - MARGIN
        share = (day.timetuple().tm_yday - 1) / 366
        return self.starts[year] + self.widths[year] * share

    def side(self, x: float, width: float = 0) -> str:
        """The position in the SVG, which always counts from its left edge."""
        return f"{100 - x - width if self.rtl else x:.2f}%"

    def years(self) -> list[YearColumn]:
        columns = []
        for number, (year, width) in enumerate(self.widths.items()):
            start = self.starts[year]
            columns.append(
                YearColumn(
                    year,
                    x=self.side(start, width),
                    width=f"{width:.2f}%",
                    middle=self.side(start + width / 2),
                    named=width > 3,  # noqa: PLR2004  (percent that four digits need)
                    odd=bool(number % 2),
                )
            )
        return columns


class Rows:
    """The rows of a lane: a mark goes to the first one with room for it and its name."""

    def __init__(self) -> None:
        self.ends: list[list[tuple[float, float]]] = []
        self.last: list[float] = []  # where the last mark of each row ends

    def take(self, start: float, end: float) -> int:
        for number, taken in enumerate(self.ends):
            if start > self.last[number] or all(end < a or start > b for a, b in taken):
                taken.append((start, end))
                self.last[number] = max(self.last[number], end)
                return number
        self.ends.append([(start, end)])
        self.last.append(end)
        return len(self.ends) - 1


def draw(milestones: Sequence[Milestone], today: datetime.date, rtl: bool) -> Drawing:
    """Lanes in the order of the roadmaps; those without a milestone are left out."""
    scale = Scale(milestones, rtl)
    labelled = len(milestones) <= LABELLED
    by_roadmap: dict[str, list[Milestone]] = {}
    for milestone in milestones:
        by_roadmap.setdefault(milestone.roadmap_id, []).append(milestone)
    order = sorted(
        by_roadmap.values(), key=lambda rows: (rows[0].roadmap.order, rows[0].pk)
    )
    lanes, y = [], AXIS
    for rows in order:
        lane = Lane(rows[0].roadmap, y)
        taken = Rows()
        lane.marks = [_mark(m, scale, taken, y + LANE_HEAD, labelled) for m in rows]
        lane.height = LANE_HEAD + ROW * len(taken.ends) + LANE_GAP
        y += lane.height
        lanes.append(lane)
    now = scale.side(scale.place(today)) if milestones else ""
    return Drawing(lanes, scale.years(), y + 4, now, AXIS)


def _mark(
    milestone: Milestone, scale: Scale, rows: Rows, top: int, labelled: bool
) -> Mark:
    start, end = scale.place(milestone.starts_on), scale.place(milestone.ends_on)
    name = (
        milestone.title
        if len(milestone.title) <= LABEL
        else f"{milestone.title[: LABEL - 1]}…"
    )
    if end - start < SMALLEST and milestone.is_exact:
        end = start
    room = len(name) * LETTER + DOT if labelled else 0
    before = end + room > EDGE
    first, last = (
        (start - room, end + DOT) if before else (start - DOT / 2, end + DOT + room)
    )
    row = rows.take(first, max(last, start + DOT))
    at = start if before else end
    planned = _planned(milestone, scale)
    # in the SVG text begins at its left edge whatever the language
    ends_here = before != scale.rtl
    return Mark(
        milestone,
        x=scale.side(start, end - start),
        width=f"{end - start:.2f}%",
        y=top + ROW * row + ROW // 2,
        label=name if labelled else "",
        label_x=scale.side(at),
        label_dx=-10 if ends_here else 10,
        anchor="end" if ends_here else "start",
        planned_x=planned,
    )


def _planned(milestone: Milestone, scale: Scale) -> str:
    from_plan = milestone.planned_start
    return (
        scale.side(scale.place(from_plan)) if milestone.has_moved and from_plan else ""
    )
