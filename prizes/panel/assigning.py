"""Entries are given to experts: over all panels of a contest at once, and again when an expert
drops out or has a conflict of interest; experts are told what they are given and what they have
lost. They are reminded of what they have not reviewed."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Count, QuerySet
from django.db.models.functions import Now

from accounts.user.models import User
from common.mail.outbox import send
from prizes.base.conflicts import kinds_of_conflicts
from prizes.contest.models import Contest, Phase
from prizes.entry.models import Entry
from prizes.entry.querysets import IN_PANEL
from prizes.panel.anonymous import without_names
from prizes.panel.balance import Balance
from prizes.panel.decision import Assignment
from prizes.panel.models import Conflict, Panel, PanelMember, Review

PAUSE = datetime.timedelta(days=3)  # between two reminders to one expert
LISTED = 20  # entries that a mail names; of the others it says how many they are


class Shared(NamedTuple):
    """New assignments, those withdrawn from experts who may or can no longer review, and entries
    that still lack a reviewer: all experts are busy or have a conflict."""

    made: list[Assignment]
    replaced: int
    short: int


@transaction.atomic
def assign(contest: Contest, entries: Iterable[int] | None = None) -> Shared:
    """Give the entries of all panels to experts without a conflict of interest, so that loads come
    as close to each other as possible. Safe to repeat: what is assigned stays.

    An expert on several panels has one load, and the smallest of their caps. Entries of experts who
    have left the panel, are given no more, closed the account or now have a conflict of interest go
    to somebody else. A review by somebody without a conflict counts, whether or not they are still
    on the panel. `entries`: only these.
    """
    panels = list(
        Panel.objects.select_for_update()
        .filter(category__contest=contest)
        .order_by("pk")
    )
    work = _Work(contest, panels)
    chosen = work.wanted.keys() if entries is None else work.wanted.keys() & {*entries}
    lost = work.take_back(chosen)
    balance = Balance(
        {entry: work.wanted[entry] for entry in chosen},
        work.fit,
        work.caps,
        work.held_or_reviewed(),
    )
    balance.share_out()
    given = [
        Assignment(entry_id=entry, expert_id=person)
        for person, entries_given in sorted(balance.given.items())
        for entry in sorted(entries_given)
    ]
    followed = [
        Assignment(entry_id=entry, expert_id=person)
        for entry, person in work.reviewed_unassigned(chosen)
    ]
    made = Assignment.objects.bulk_create([*followed, *given])
    tell(contest, given, lost)
    return Shared(made, len(lost), len(balance.short))


class _Work:
    """What the panels of a contest have to review, and who may; constant queries."""

    def __init__(self, contest: Contest, panels: list[Panel]) -> None:
        by_category = {panel.category_id: panel for panel in panels}
        self.entries = Entry.objects.filter(
            contest=contest, source="", status__in=IN_PANEL, category__in=by_category
        )
        panel_of = {
            entry: by_category[category]
            for entry, category in self.entries.order_by().values_list("pk", "category")
        }
        self.wanted = {
            entry: panel.reviews_per_entry for entry, panel in panel_of.items()
        }
        seats = PanelMember.objects.filter(
            panel__in=panels, expert__is_active=True, takes_entries=True
        )
        experts: defaultdict[int, set[int]] = defaultdict(set)
        self.caps: dict[int, int] = {}
        caps = {panel.pk: panel.load_cap for panel in panels}
        for panel_id, expert in seats.values_list("panel", "expert"):
            experts[panel_id].add(expert)
            self.caps[expert] = min(
                caps[panel_id], self.caps.get(expert, caps[panel_id])
            )
        self.assigned = list(Assignment.objects.filter(entry__in=self._keys()))
        self.reviews = set(
            Review.objects.filter(entry__in=self._keys())
            .handed_in()
            .values_list("entry", "reviewer")
        )
        self.barred = kinds_of_conflicts(
            {*self.caps, *(person for _entry, person in self.reviews)}
        )
        self.fit = {
            entry: {
                expert
                for expert in experts[panel.pk]
                if (entry, expert) not in self.barred
            }
            for entry, panel in panel_of.items()
        }

    def _keys(self) -> QuerySet:
        return self.entries.order_by().values("pk")

    def _reviewed(self) -> set[tuple[int, int]]:
        return {pair for pair in self.reviews if pair not in self.barred}

    def take_back(self, chosen: Iterable[int]) -> list[Assignment]:
        """Delete assignments, and draft reviews, of experts who may no longer review the entry
        and have not reviewed it; returns these."""
        chosen, done = set(chosen), self._reviewed()
        lost = [
            row
            for row in self.assigned
            if row.entry_id in chosen
            and row.expert_id not in self.fit[row.entry_id]
            and (row.entry_id, row.expert_id) not in done
        ]
        give_back(lost)
        self.assigned = [row for row in self.assigned if row not in lost]
        return lost

    def reviewed_unassigned(self, chosen: Iterable[int]) -> list[tuple[int, int]]:
        """Reviews by experts of the panel that were written before entries were given to anybody:
        the assignment follows."""
        chosen = set(chosen)
        held = {(row.entry_id, row.expert_id) for row in self.assigned}
        return sorted(
            (entry, person)
            for entry, person in self._reviewed() - held
            if entry in chosen and person in self.fit[entry]
        )

    def held_or_reviewed(self) -> dict[int, set[int]]:
        people: defaultdict[int, set[int]] = defaultdict(set)
        for entry, person in self._reviewed():
            people[entry].add(person)
        for row in self.assigned:
            people[row.entry_id].add(row.expert_id)
        return people


def give_back(rows: Iterable[Assignment]) -> None:
    """Delete these assignments with the drafts of their reviews."""
    rows = list(rows)
    for row in rows:
        drafts = Review.objects.filter(entry=row.entry_id, reviewer=row.expert_id)
        drafts.filter(state=Review.State.DRAFT).delete()
    Assignment.objects.filter(pk__in=[row.pk for row in rows]).delete()


@transaction.atomic
def declare_conflict(
    entry: Entry, expert: User, reason: str = "", by: User | None = None
) -> None:
    """Record a conflict of interest; another expert gets the entry in the same moment, the least
    busy one without a conflict. The expert's own review goes. Safe to repeat."""
    Conflict.objects.get_or_create(
        entry=entry, expert=expert, defaults={"reason": reason, "by": by}
    )
    replace(entry, expert, asked_by=by or expert)


@transaction.atomic
def replace(entry: Entry, expert: User, asked_by: User) -> None:
    """This expert gives the entry back, reviewed or not; whoever is least busy takes it. Both are
    told, unless the expert has asked for it."""
    Review.objects.filter(entry=entry, reviewer=expert).delete()
    rows = Assignment.objects.filter(entry=entry, expert=expert)
    if lost := list(rows):
        rows.delete()
        tell(entry.contest, [], lost, but=asked_by)
        assign(entry.contest, [entry.pk])


@transaction.atomic
def hand_over(contest: Contest, expert: User) -> Shared:
    """An expert drops out: what they have not submitted goes to others, and they are given no
    more. They keep their seats."""
    seats = PanelMember.objects.filter(panel__category__contest=contest, expert=expert)
    seats.update(takes_entries=False)
    missing = Assignment.objects.filter(entry__contest=contest, expert=expert)
    entries = missing.unfinished().values_list("entry", flat=True)
    return assign(contest, list(entries))


@transaction.atomic
def remind(contest: Contest, experts: list[int] | None = None) -> int:
    """Remind experts whose reviews are missing while the experts are at work: one mail for all
    panels of the contest, and none within three days of the last. Safe to repeat.

    `experts`: only these; returns how many were reminded.
    """
    missing = Assignment.objects.filter(entry__contest=contest).without_review()
    seats = PanelMember.objects.filter(panel__category__contest=contest)
    if experts is not None:
        seats = seats.filter(expert__in=experts)
    list(seats.select_for_update().order_by("pk").values_list("pk"))  # one at a time
    lately = seats.filter(reminded_at__gt=Now() - PAUSE).order_by().values("expert")
    late = (
        User.objects.filter(
            is_active=True,
            pk__in=seats.order_by().values("expert"),
            prize_assignments__in=missing,
        )
        .exclude(pk__in=lately)
        .annotate(missing=Count("prize_assignments", distinct=True))
        .order_by("pk")
    )
    work = contest.phase(Phase.Kind.NOMINATION)
    people = list(late)
    for person in people:
        context = {"contest": contest, "missing": person.missing, "work": work}
        send("prizes/panel_reminder", person, context)
    seats.filter(expert__in=people).update(reminded_at=Now())
    return len(people)


def tell(
    contest: Contest,
    given: Iterable[Assignment],
    lost: Iterable[Assignment],
    but: User | None = None,
) -> int:
    """Write to everybody who was given entries of the contest or has lost some; returns to how
    many. `but` has asked for it and knows. Constant queries beside the mails themselves.
    """
    by_expert: defaultdict[int, tuple[list[int], list[int]]]
    by_expert = defaultdict(lambda: ([], []))
    for side, rows in enumerate((given, lost)):
        for row in rows:
            by_expert[row.expert_id][side].append(row.entry_id)
    if but:
        by_expert.pop(but.pk, None)
    if not by_expert:
        return 0
    people = list(User.objects.filter(pk__in=by_expert, is_active=True).order_by("pk"))
    told = [
        pk
        for sides in by_expert.values()
        for side in sides
        for pk in sorted(side)[:LISTED]
    ]
    entries = _as_experts_read(contest, told)
    work = contest.phase(Phase.Kind.NOMINATION)
    for person in people:
        mine, gone = by_expert[person.pk]
        context = {
            "contest": contest,
            "work": work,
            "given": len(mine),
            "given_entries": [entries[pk] for pk in sorted(mine)[:LISTED]],
            "lost": len(gone),
            "lost_entries": [entries[pk] for pk in sorted(gone)[:LISTED]],
            "more_given": max(0, len(mine) - LISTED),
            "more_lost": max(0, len(gone) - LISTED),
        }
        send("prizes/panel_assignments", person, context)
    return len(people)


def _as_experts_read(contest: Contest, ids: Iterable[int]) -> dict[int, Any]:
    """The entries by id; without names where experts review without them."""
    rows: list[Any] = list(Entry.objects.filter(pk__in=set(ids)).for_page())
    if contest.reviews_anonymous and not contest.has_begun(Phase.Kind.VOTING):
        rows = without_names(rows)
    return {row.pk: row for row in rows}
