"""Amendments of published results: what two officers decided after the count, and why.

The count itself is never changed. An amendment stands beside it, for everybody to read: with its
day and its public note, while the reason for the file stays with the secretariat.
"""

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.user.models import User
from common.forms.values import refuse_unreadable
from common.moves.workflow import CONCERNED, NOTE_MAX_LENGTH, MoveRefused
from prizes.entry.workflow import ON_BALLOT, Status

DISQUALIFIED = "disqualified"


class AmendmentQuerySet(models.QuerySet["Amendment"]):
    def open(self) -> Self:
        """Proposals that another officer has to confirm or dismiss."""
        return self.filter(confirmed_at=None, dismissed_at=None)

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


class Amendment(models.Model):
    """One officer proposes, another one confirms or dismisses; a trigger (amendment.sql)
    refuses all else."""

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
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("proposed by"),
    )
    proposed_at = models.DateTimeField(_("proposed at"), auto_now_add=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("confirmed by"),
    )
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    dismissed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("dismissed by"),
    )
    dismissed_at = models.DateTimeField(_("dismissed at"), null=True, blank=True)
    announced_at = models.DateTimeField(
        _("announced at"), null=True, blank=True, editable=False
    )

    objects = AmendmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("amendment of the results")
        verbose_name_plural = _("amendments of the results")
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("proposed_by")),
                name="amendment_by_two",
                violation_error_message=_("A second person must confirm."),
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None, confirmed_by=None)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
                name="amendment_confirmed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None) | Q(dismissed_at=None),
                name="amendment_ends_once",
            ),
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

    def why_not(self, by: User | None) -> str:
        """A sentence when this cannot be proposed or confirmed by this officer now, else ""."""
        entry, rivals = self.entry, self._rivals()
        if by and rivals.concerning(by).exists():
            return str(CONCERNED)
        if not entry.source and not entry.contest.counted_at:
            return str(_("The votes are not counted yet: remove the entry instead."))
        standings, sentence = self.NEEDS[self.kind]
        if entry.standing() not in standings:
            return str(sentence)
        given = entry.amendments.confirmed().filter(kind=self.kind)
        if self.kind == self.Kind.RECOGNITION and given.exists():
            return str(_("This entry has a special recognition already."))
        chosen = rivals.filter(status=Status.WINNER)
        if self.kind == self.Kind.WINNER and not chosen.exists():
            return str(_("This category has no winner yet: choose it first."))
        return ""

    def _rivals(self) -> Any:
        """The entries of its category, this one included."""
        entry: Any = self.entry
        rows = type(entry).objects.all()
        if entry.category_id:
            return rows.filter(category=entry.category_id)
        return rows.filter(pk=entry.pk)

    @transaction.atomic
    def confirm(self, by: User) -> None:
        """Let it stand from now on, once. Raises MoveRefused."""
        open_one = self._locked()
        if by.is_same_person(open_one.proposed_by):
            raise MoveRefused(_("A second person must confirm."))
        if why := open_one.why_not(by):
            raise MoveRefused(why)
        rows = Amendment.objects.filter(pk=self.pk)
        rows.update(confirmed_by=by, confirmed_at=Now())

    @transaction.atomic
    def dismiss(self, by: User) -> None:
        """Close the proposal; the results stay as they are. Raises MoveRefused."""
        if self._locked()._rivals().concerning(by).exists():
            raise MoveRefused(CONCERNED)
        rows = Amendment.objects.filter(pk=self.pk)
        rows.update(dismissed_by=by, dismissed_at=Now())

    def _locked(self) -> "Amendment":
        """The proposal as it is now. Raises MoveRefused when it is decided."""
        rows = Amendment.objects.select_for_update(of=("self",))
        found = rows.select_related("entry__contest", "proposed_by").get(pk=self.pk)
        if found.confirmed_at or found.dismissed_at:
            raise MoveRefused(_("This proposal is decided already."))
        return found


WITH_WINNERS = (Amendment.Kind.WINNER, Amendment.Kind.RECOGNITION)
