"""The control room of a contest: how far each panel and each expert is, and whose review lacks."""

import datetime
from typing import Any, NamedTuple

from django.db import models, transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.user.models import User
from prizes.contest.models import Category, Contest
from prizes.entry.models import Entry
from prizes.entry.querysets import IN_PANEL
from prizes.panel.decision import Assignment
from prizes.panel.models import Panel, PanelMember, Review

COLUMNS = (
    _("Category"),
    _("Entry"),
    _("Title"),
    _("Expert"),
    _("E-mail address"),
    _("Assigned at"),
    _("Draft begun"),
)


@transaction.atomic
def make_panels(contest: Contest, reviews_per_entry: int, load_cap: int) -> int:
    """A panel for each category that has none; returns how many. Safe to repeat."""
    without = Category.objects.select_for_update(of=("self",)).filter(
        contest=contest, panel=None
    )
    panels = [
        Panel(category=category, reviews_per_entry=reviews_per_entry, load_cap=load_cap)
        for category in without.order_by("number")
    ]
    return len(Panel.objects.bulk_create(panels))


class PanelLine(NamedTuple):
    panel: Panel
    chair: User | None
    experts: int
    entries: int
    expected: int
    handed_in: int
    short: int  # entries with fewer assignments than the panel wants

    @property
    def missing(self) -> int:
        return self.expected - self.handed_in


class ExpertLine(NamedTuple):
    expert: User
    lines: str
    expected: int
    handed_in: int
    missing: int
    reminded_at: datetime.datetime | None
    takes_entries: bool  # on all panels


class ControlRoom:
    """The numbers for one officer: without entries that concern them. Constant queries."""

    def __init__(self, contest: Contest, officer: Any) -> None:
        self.contest = contest
        own = Entry.objects.concerning(officer).values("pk")
        self.entries = Entry.objects.filter(
            contest=contest, source="", status__in=IN_PANEL
        ).exclude(pk__in=own)
        submitted = Review.objects.filter(
            entry=OuterRef("entry"),
            reviewer=OuterRef("expert"),
            state__in=("done", "abstained"),
        )
        self.assignments: QuerySet[Any] = Assignment.objects.filter(
            entry__in=self.entries.order_by().values("pk")
        ).annotate(is_done=Exists(submitted))

    def panels(self) -> list[PanelLine]:
        panels = (
            Panel.objects.filter(category__contest=self.contest)
            .select_related("category__action_line")
            .prefetch_related(
                models.Prefetch("seats", PanelMember.objects.select_related("expert"))
            )
            .order_by("category__number")
        )
        entries: dict[int, int] = {}
        short: dict[int, int] = {}
        for category, wanted, given in (
            self.entries.order_by()
            .annotate(given=Count("assignments"))
            .values_list("category", "category__panel__reviews_per_entry", "given")
        ):
            entries[category] = entries.get(category, 0) + 1
            short[category] = short.get(category, 0) + (given < (wanted or 0))
        reviews = {
            category: (expected, done)
            for category, expected, done in self.assignments.order_by()
            .values("entry__category")
            .annotate(expected=Count("pk"), done=Count("pk", filter=Q(is_done=True)))
            .values_list("entry__category", "expected", "done")
        }
        return [
            PanelLine(
                panel,
                next((s.expert for s in panel.seats.all() if s.is_chair), None),
                len(panel.seats.all()),
                entries.get(panel.category_id, 0),
                *reviews.get(panel.category_id, (0, 0)),
                short.get(panel.category_id, 0),
            )
            for panel in panels
        ]

    def experts(self) -> list[ExpertLine]:
        """Those who lack most reviews first."""
        numbers: dict[int, tuple[int, int]] = {
            expert: (expected, done)
            for expert, expected, done in self.assignments.order_by()
            .values("expert")
            .annotate(expected=Count("pk"), done=Count("pk", filter=Q(is_done=True)))
            .values_list("expert", "expected", "done")
        }
        lines: dict[int, list[str]] = {}
        reminded: dict[int, datetime.datetime | None] = {}
        no_more: set[int] = set()
        seats = PanelMember.objects.filter(panel__category__contest=self.contest)
        for expert, line, at, takes in seats.order_by(
            "panel__category__number"
        ).values_list(
            "expert", "panel__category__action_line", "reminded_at", "takes_entries"
        ):
            no_more |= set() if takes else {expert}
            lines.setdefault(expert, []).append(line)
            reminded[expert] = max(
                filter(None, (reminded.get(expert), at)), default=None
            )
        people = User.objects.in_bulk({*numbers, *lines})
        rows = [
            ExpertLine(
                person,
                ", ".join(lines.get(pk, [])),
                numbers.get(pk, (0, 0))[0],
                numbers.get(pk, (0, 0))[1],
                numbers.get(pk, (0, 0))[0] - numbers.get(pk, (0, 0))[1],
                reminded.get(pk),
                pk not in no_more,
            )
            for pk, person in people.items()
        ]
        return sorted(rows, key=lambda row: (-row.missing, row.expert.pk))

    def missing(self) -> QuerySet[Any]:
        """Assignments without a submitted review, for the sheet."""
        begun = Review.objects.filter(
            entry=OuterRef("entry"), reviewer=OuterRef("expert"), state="draft"
        )
        return (
            self.assignments.filter(is_done=False)
            .annotate(is_begun=Exists(begun))
            .select_related("entry__category", "expert")
            .order_by("entry__category__number", "entry", "pk")
        )

    def sheet(self) -> list[list[Any]]:
        """A row for each missing review, under COLUMNS; times in the zone of the contest."""
        zone = self.contest.zone
        return [
            [
                row.entry.category.code if row.entry.category else "",
                row.entry_id,
                row.entry.title,
                row.expert.get_full_name(),
                row.expert.email,
                f"{row.at.astimezone(zone):%Y-%m-%d %H:%M}",
                int(row.is_begun),
            ]
            for row in self.missing()
        ]
