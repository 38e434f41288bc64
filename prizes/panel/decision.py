"""What a panel assigns and decides: who reviews which entry, and which champion wins."""

from typing import Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from common.moves.actors import AnyUser
from common.moves.workflow import MoveRefused
from prizes.contest.models import Phase
from prizes.entry.models import Entry
from prizes.entry.querysets import IN_PANEL
from prizes.entry.workflow import Status
from prizes.panel.models import Panel, Review


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def unfinished(self) -> Self:
        """Without a submitted review or an abstention."""
        written = Review.objects.filter(
            entry=OuterRef("entry"),
            reviewer=OuterRef("expert"),
            state__in=("done", "abstained"),
        )
        return self.filter(~Exists(written), entry__status__in=IN_PANEL)

    def without_review(self) -> Self:
        """Those that are unfinished while the experts are at work."""
        running = Phase.objects.filter(
            contest=OuterRef("entry__contest"), kind="nomination"
        )
        return self.filter(Exists(running.open())).unfinished()


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
