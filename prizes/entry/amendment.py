"""Amendments of published results: what two officers decided after the count, and why.

The count itself is never changed. An amendment stands beside it, for everybody to read: with its
day and its public note, while the reason for the file stays with the secretariat.
"""

from typing import Any, ClassVar, Self

from django.db import models, transaction
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.user.models import User
from common.forms.values import refuse_unreadable
from common.moves.workflow import NOTE_MAX_LENGTH, MoveRefused
from prizes.base.two_officers import TwoOfficers, TwoOfficersQuerySet
from prizes.entry.workflow import ON_BALLOT, Status

DISQUALIFIED = "disqualified"


class AmendmentQuerySet(TwoOfficersQuerySet):
    def confirmed(self) -> Self:
        return self.filter(confirmed_at__isnull=False).order_by("confirmed_at", "pk")

    def public(self) -> Self:
        """Confirmed, and not under the embargo of what they say."""
        contest = "entry__contest__"
        return self.confirmed().filter(
            Q(kind=Amendment.Kind.DISQUALIFIED)
            | ~Q(entry__source="")
            | Q(kind=Amendment.Kind.CHAMPION, **{f"{contest}champions_at__lte": Now()})
            | Q(kind__in=WITH_WINNERS, **{f"{contest}winners_at__lte": Now()})
        )

    def standing_of_entry(self) -> Subquery:
        """For a query over entries: the standing that the last of these amendments gives, or
        NULL. A special recognition changes no standing."""
        rows = self.filter(entry=OuterRef("pk")).exclude(
            kind=Amendment.Kind.RECOGNITION
        )
        latest = rows.order_by(F("confirmed_at").desc(), "-pk")
        return Subquery(latest.values("kind")[:1], output_field=models.CharField())


class Amendment(TwoOfficers):
    """One officer proposes, another one confirms or dismisses; a trigger (amendment.sql)
    refuses all else."""

    READ_WITH = ("entry__contest",)

    class Kind(models.TextChoices):
        DISQUALIFIED = DISQUALIFIED, _("Disqualified")
        CHAMPION = Status.CHAMPION.value, _("Champion by an amendment")
        WINNER = Status.WINNER.value, _("Winner by an amendment")
        RECOGNITION = "recognition", _("Special recognition")

    entry = models.ForeignKey(
        "prizes.Entry",
        models.PROTECT,
        related_name="amendments",
        verbose_name=_("entry"),
    )
    kind = models.CharField(_("amendment"), max_length=13, choices=Kind.choices)
    note = models.TextField(
        _("public note"),
        max_length=NOTE_MAX_LENGTH,
        validators=[refuse_unreadable],
        help_text=_("Everybody reads it beside the results."),
    )
    reason = models.TextField(
        _("reason for the file"),
        max_length=NOTE_MAX_LENGTH,
        validators=[refuse_unreadable],
        help_text=_("Only the secretariat reads it."),
    )
    announced_at = models.DateTimeField(
        _("announced at"), null=True, blank=True, editable=False
    )

    objects = AmendmentQuerySet.as_manager()

    class Meta(TwoOfficers.Meta):
        verbose_name = _("amendment of the results")
        verbose_name_plural = _("amendments of the results")
        constraints = [
            *TwoOfficers.Meta.constraints,
            models.UniqueConstraint(
                fields=["entry"],
                condition=Q(confirmed_at=None, dismissed_at=None),
                name="amendment_open_once",
                violation_error_message=_(
                    "An amendment of this entry waits for a second person already."
                ),
            ),
        ]
        indexes = [
            models.Index(
                fields=["entry", "confirmed_at", "id"],
                name="amendment_confirmed",
                condition=Q(confirmed_at__isnull=False),
            )
        ]

    # The sentence when an amendment of a kind is not possible, by the standing of the entry.
    NEEDS: ClassVar[dict[str, tuple[set[str], Any]]] = {
        Kind.DISQUALIFIED: (
            set(ON_BALLOT),
            _("This entry is disqualified already."),
        ),
        Kind.CHAMPION: (
            {Status.NOMINATED, DISQUALIFIED},
            _("This entry is a champion already."),
        ),
        Kind.WINNER: (
            {Status.NOMINATED, Status.CHAMPION, DISQUALIFIED},
            _("This entry is a winner already."),
        ),
        Kind.RECOGNITION: (
            set(ON_BALLOT),
            _("An entry that is disqualified has no special recognition."),
        ),
    }

    def __str__(self) -> str:
        return f"{self.entry}: {self.get_kind_display()}"

    def why_not(self) -> str:
        """A sentence when this cannot be proposed or confirmed now, else ""."""
        entry = self.entry
        if not entry.source and not entry.contest.counted_at:
            return str(_("The votes are not counted yet: remove the entry instead."))
        standings, sentence = self.NEEDS[self.kind]
        if entry.standing() not in standings:
            return str(sentence)
        given = entry.amendments.confirmed().filter(kind=self.kind)
        if self.kind == self.Kind.RECOGNITION and given.exists():
            return str(_("This entry has a special recognition already."))
        chosen = self.rivals().filter(status=Status.WINNER)
        if self.kind == self.Kind.WINNER and not chosen.exists():
            return str(_("This category has no winner yet: choose it first."))
        return ""

    def rivals(self) -> Any:
        entry: Any = self.entry
        rows = type(entry).objects.all()
        if entry.category_id:
            return rows.filter(category=entry.category_id)
        return rows.filter(pk=entry.pk)

    @transaction.atomic
    def confirm(self, by: User) -> None:
        """Let it stand from now on, once. Raises MoveRefused."""
        proposal = self.locked()
        proposal.require_second(by)
        if why := proposal.why_not():
            raise MoveRefused(why)
        proposal.end("confirmed", by)


WITH_WINNERS = (Amendment.Kind.WINNER, Amendment.Kind.RECOGNITION)
