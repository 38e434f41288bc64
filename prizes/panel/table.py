"""The table of scores of a panel: a line for each entry, in the order that a reader asks for."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.user.models import User
from common.scoring.totals import Totals, totals_of
from prizes.panel.models import Review, counting_reviews


@dataclass(frozen=True)
class Line:
    """One entry in the table of scores."""

    entry: Any
    abstained: int
    expected: int  # experts to whom the entry is assigned; 0 before the panel has assigned any
    totals: Totals
    mine: Review | None


def lines_of(entries: list[Any], user: User, *, every: bool) -> list[Line]:
    """The table; without `every` the scores of others are left out. Entries have `expected`."""
    own = Review.objects.filter(entry__in=entries, reviewer=user)
    visible = list(own.prefetch_related("scores__criterion"))
    if every:
        pks = [entry.pk for entry in entries]
        visible += [one for one in counting_reviews(pks) if one.reviewer_id != user.pk]
    reviews: dict[int, list[Review]] = {}
    for one in visible:
        reviews.setdefault(one.entry_id, []).append(one)
    return [_line(entry, reviews.get(entry.pk, []), user) for entry in entries]


def _line(entry: Any, reviews: list[Review], user: User) -> Line:
    return Line(
        entry=entry,
        totals=totals_of(review.total for review in reviews),
        expected=entry.expected,
        abstained=sum(review.state == Review.State.ABSTAINED for review in reviews),
        mine=next(
            (review for review in reviews if review.reviewer_id == user.pk), None
        ),
    )


# Name in the address → what it is called, and what it compares; None stands last both ways.
SORTS: dict[str, tuple[Any, Callable[[Line], Any]]] = {
    "title": (_("Entry"), lambda line: str(line.entry).casefold()),
    "status": (_("Status"), lambda line: line.entry.status),
    "scores": (_("Scores"), lambda line: line.totals.scored),
    "mean": (_("Mean"), lambda line: line.totals.mean),
    "median": (_("Median"), lambda line: line.totals.median),
    "spread": (_("Spread"), lambda line: line.totals.spread),
}
FIRST = "-mean"


@dataclass(frozen=True)
class Heading:
    """A column by which the table can be sorted; its link turns the order around."""

    name: str
    label: Any
    direction: (
        str  # "ascending", "descending", or "" where the table is in another order
    )

    @property
    def link(self) -> str:
        """Numbers begin with the highest, words with A."""
        falls = self.name not in ("title", "status")
        if self.direction:
            falls = self.direction == "ascending"
        return f"?sort={'-' if falls else ''}{self.name}"


def sort(lines: list[Line], asked: str) -> list[Heading]:
    """Sort in place by a name of SORTS, with a minus from the highest; anything else means the
    mean. Returns the headings."""
    asked = asked if asked.removeprefix("-") in SORTS else FIRST
    name, falls = asked.removeprefix("-"), asked.startswith("-")
    value = SORTS[name][1]
    lines.sort(key=lambda line: line.entry.pk)
    lines.sort(key=lambda line: _comparable(value(line)), reverse=falls)
    lines.sort(key=lambda line: value(line) is None)
    direction = "descending" if falls else "ascending"
    return [
        Heading(key, label, direction if key == name else "")
        for key, (label, _value) in SORTS.items()
    ]


def _comparable(value: Any) -> Any:
    return 0 if value is None else value


COLUMNS = (
    _("Entry"),
    _("Title"),
    _("Status"),
    _("Reviews expected"),
    _("Submitted"),
    _("Abstained"),
    _("Mean"),
    _("Median"),
    _("Spread"),
    _("Disputed"),
)


def sheet(lines: list[Line]) -> list[list[Any]]:
    """A row for each line under COLUMNS; numbers with a point, as programs read them."""
    return [
        [
            line.entry.pk,
            str(line.entry),
            line.entry.get_status_display(),
            line.expected,
            line.totals.scored + line.abstained,
            line.abstained,
            *(
                "" if one is None else round(one, 2)
                for one in (line.totals.mean, line.totals.median, line.totals.spread)
            ),
            int(line.totals.disputed),
        ]
        for line in lines
    ]
