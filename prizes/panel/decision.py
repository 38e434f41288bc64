"""What a panel assigns and decides: who reviews which entry, and which champion wins."""

from collections import Counter, defaultdict
from typing import NamedTuple, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from common.moves.actors import AnyUser
from common.moves.workflow import MoveRefused
from prizes.contest.models import Phase
from prizes.entry.models import Entry
from prizes.entry.querysets import IN_PANEL
from prizes.entry.workflow import Status
from prizes.panel.models import Panel, Review, counting_reviews


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def without_review(self) -> Self:
        """While the experts are at work: assignments without a submitted review or an
        abstention."""
        running = Phase.objects.filter(
            contest=OuterRef("entry__contest"), kind="nomination"
        )
        written = Review.objects.filter(
            entry=OuterRef("entry"),
            reviewer=OuterRef("expert"),
            state__in=("done", "abstained"),
        )
        here = self.filter(Exists(running.open()), entry__status__in=IN_PANEL)
        return here.filter(~Exists(written))


REASON_LENGTH = 500


class Assignment(models.Model):
    """An entry that an expert is asked to review."""

    entry = models.ForeignKey(
        Entry, models.CASCADE, related_name="assignments", verbose_name=_("entry")
    )
    expert = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="prize_assignments",
        verbose_name=_("expert"),
    )
    at = models.DateTimeField(_("at"), auto_now_add=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assignment of an entry")
        verbose_name_plural = _("assignments of entries")
        ordering = ["entry", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "expert"], name="assignment_once")
        ]

    def __str__(self) -> str:
        return f"{self.entry} – {self.expert}"


class Choice(models.Model):
    """The champion that one expert chooses, and why. A later choice is a new row."""

    panel = models.ForeignKey(
        Panel, models.PROTECT, related_name="choices", verbose_name=_("panel")
    )
    expert = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="prize_choices",
        verbose_name=_("expert"),
    )
    entry = models.ForeignKey(
        Entry, models.PROTECT, related_name="choices", verbose_name=_("entry")
    )
    reason = models.CharField(_("reason"), max_length=REASON_LENGTH)
    at = models.DateTimeField(_("at"), auto_now_add=True)
    standing = models.BooleanField(_("valid"), default=True)

    class Meta:
        verbose_name = _("choice of a winner")
        verbose_name_plural = _("choices of winners")
        ordering = ["panel", "-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["panel", "expert"],
                condition=models.Q(standing=True),
                name="choice_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.expert}: {self.entry}"


class Shared(NamedTuple):
    """New assignments, those withdrawn from experts who may or can no longer review, and entries
    that still lack a reviewer: all experts are busy or have a conflict."""

    made: int
    replaced: int
    short: int


@transaction.atomic
def assign(panel: Panel) -> Shared:
    """Assign the entries of a panel to the least busy expert without a conflict of interest, up to
    the panel's numbers. Safe to repeat.

    Entries of experts who have left the panel, closed the account or now have a conflict of
    interest are assigned to somebody else. A review by somebody without a conflict counts, whether
    or not they are still on the panel.
    """
    panel = Panel.objects.select_for_update().get(pk=panel.pk)
    entries = Entry.objects.filter(
        category=panel.category_id, source="", status__in=IN_PANEL
    )
    free = panel.experts_free_of(entries)
    taken = _reviewed(entries)
    replaced = _take_back(entries, free, taken)
    held = set(
        Assignment.objects.filter(entry__in=entries).values_list("entry", "expert")
    )
    for entry, expert in held:
        taken[entry].add(expert)
    load = Counter(expert for experts in taken.values() for expert in experts)
    able = Counter(entry for those in free.values() for entry in those)
    short = 0
    for entry in sorted(
        entries.order_by().values_list("pk", flat=True), key=lambda pk: able[pk]
    ):
        fit = [expert for expert, those in free.items() if entry in those]
        while len(taken[entry]) < panel.reviews_per_entry:
            left = [
                e for e in fit if e not in taken[entry] and load[e] < panel.load_cap
            ]
            if not left:
                short += 1
                break
            chosen = min(left, key=lambda expert: (load[expert], expert))
            taken[entry].add(chosen)
            load[chosen] += 1
    rows = [
        Assignment(entry_id=entry, expert_id=expert)
        for expert, those in free.items()
        for entry in those
        if expert in taken[entry] and (entry, expert) not in held
    ]
    Assignment.objects.bulk_create(rows)
    return Shared(len(rows), replaced, short)


def _take_back(
    entries: QuerySet[Entry], free: dict[int, set[int]], reviewed: dict[int, set[int]]
) -> int:
    """Delete assignments, and draft reviews, of experts who may no longer review the entry and
    have not reviewed it; returns how many."""
    lost = [
        row
        for row in Assignment.objects.filter(entry__in=entries)
        if row.entry_id not in free.get(row.expert_id, set())
        and row.expert_id not in reviewed.get(row.entry_id, set())
    ]
    for row in lost:
        drafts = Review.objects.filter(entry=row.entry_id, reviewer=row.expert_id)
        drafts.filter(state=Review.State.DRAFT).delete()
    Assignment.objects.filter(pk__in=[row.pk for row in lost]).delete()
    return len(lost)


def _reviewed(entries: QuerySet[Entry]) -> dict[int, set[int]]:
    """Entry → experts whose submitted review counts: those without a conflict of interest."""
    reviewers: dict[int, set[int]] = defaultdict(set)
    for review in counting_reviews(entries):
        reviewers[review.entry_id].add(review.reviewer_id)
    return reviewers


@transaction.atomic
def choose(entry: Entry, user: AnyUser, reason: str) -> Choice:
    """Choose a champion, or change the choice. Safe to repeat. Raises MoveRefused."""
    entry.require_no_winner()  # locks the category
    panel = Panel.objects.get(category=entry.category_id)
    if not Entry.objects.filter(pk=entry.pk, status=Status.CHAMPION).exists():
        raise MoveRefused(_("Only a champion can be chosen."))
    if user.pk not in panel.entitled():
        raise MoveRefused(
            _(
                "You cannot take part in this decision because of a conflict of interest."
            )
        )
    choices = panel.choices.filter(expert=user, standing=True)
    same = choices.filter(entry=entry, reason=reason).first()
    if same:
        return same
    choices.update(standing=False)
    return Choice.objects.create(panel=panel, expert=user, entry=entry, reason=reason)
