"""The control room of a contest: how far each panel and each expert is, and whose review lacks."""

import datetime
from collections import Counter
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.functional import cached_property
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
    short: int  # entries with fewer assignments than the panel wants
    expected: int
    handed_in: int

    @property
    def missing(self) -> int:
        return self.expected - self.handed_in


class ExpertLine(NamedTuple):
    pk: int
    name: str
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

    @cached_property
    def reviews(self) -> list[tuple[int, int, int, int]]:
        """Category, expert, and how many reviews of the expert there are expected and handed in."""
        rows = self.assignments.order_by().values("entry__category", "expert")
        counted = rows.annotate(
            expected=Count("pk"), done=Count("pk", filter=Q(is_done=True))
        )
        return list(
            counted.values_list("entry__category", "expert", "expected", "done")
        )

    @cached_property
    def seats(self) -> list[PanelMember]:
        """All seats, in the order of the categories."""
        seats = PanelMember.objects.filter(panel__category__contest=self.contest)
        return list(
            seats.select_related("panel__category").order_by("panel__category__number")
        )

    @cached_property
    def people(self) -> dict[int, User]:
        """Those who have a seat or an entry, by id."""
        seated = {seat.expert_id for seat in self.seats}
        assigned = {expert for _category, expert, _expected, _done in self.reviews}
        names = User.objects.only("first_name", "last_name", "email")
        return names.in_bulk(seated | assigned)

    def panels(self) -> list[PanelLine]:
        panels = Panel.objects.filter(category__contest=self.contest)
        seated = Counter(seat.panel_id for seat in self.seats)
        chairs = {
            seat.panel_id: self.people[seat.expert_id]
            for seat in self.seats
            if seat.is_chair
        }
        entries = self._entries()
        expected: Counter[int] = Counter()
        handed_in: Counter[int] = Counter()
        for category, _expert, reviews, done in self.reviews:
            expected[category] += reviews
            handed_in[category] += done
        return [
            PanelLine(
                panel,
                chairs.get(panel.pk),
                seated[panel.pk],
                *entries.get(panel.category_id, (0, 0)),
                expected[panel.category_id],
                handed_in[panel.category_id],
            )
            for panel in panels.select_related("category").order_by("category__number")
        ]

    def _entries(self) -> dict[int, tuple[int, int]]:
        """By category: how many entries, and how many of them have too few experts."""
        rows = (
            self.entries.order_by()
            .annotate(given=Count("assignments"))
            .values_list("category", "category__panel__reviews_per_entry", "given")
        )
        entries: Counter[int] = Counter()
        short: Counter[int] = Counter()
        for category, wanted, given in rows:
            entries[category] += 1
            short[category] += given < (wanted or 0)
        return {category: (entries[category], short[category]) for category in entries}

    def experts(self) -> list[ExpertLine]:
        """Those who lack most reviews first."""
        expected: Counter[int] = Counter()
        handed_in: Counter[int] = Counter()
        for _category, expert, reviews, done in self.reviews:
            expected[expert] += reviews
            handed_in[expert] += done
        seats: dict[int, list[PanelMember]] = {}
        for seat in self.seats:
            seats.setdefault(seat.expert_id, []).append(seat)
        rows = []
        for pk, person in self.people.items():
            own = seats.get(pk, [])
            reminders = [seat.reminded_at for seat in own if seat.reminded_at]
            rows.append(
                ExpertLine(
                    pk,
                    str(person),
                    ", ".join(seat.panel.category.code for seat in own),
                    expected[pk],
                    handed_in[pk],
                    expected[pk] - handed_in[pk],
                    max(reminders, default=None),
                    all(seat.takes_entries for seat in own),
                )
            )
        return sorted(rows, key=lambda row: (-row.missing, row.pk))

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
