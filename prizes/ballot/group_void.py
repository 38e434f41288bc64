"""A case against all votes of a group: one officer proposes, another one confirms."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from common.forms.values import refuse_unreadable
from prizes.ballot.models import Vote, VoteRefused
from prizes.base.two_officers import TwoOfficers, TwoOfficersQuerySet
from prizes.entry.models import Entry
from prizes.hold.models import REASON_LENGTH, Pattern


class GroupVoid(TwoOfficers):
    """The votes of a pattern that are to be declared void together; each of them has a case of its
    own (`Voiding`), which closes by itself when its voter changes the vote meanwhile."""

    POWER = "prizes.change_pattern"
    REFUSED = VoteRefused
    DECIDED = _("This case is closed already.")
    READ_WITH = ("pattern__contest",)

    pattern = models.ForeignKey(
        Pattern, models.PROTECT, related_name="voids", verbose_name=_("pattern")
    )
    reason = models.CharField(
        _("reason for the file"),
        max_length=REASON_LENGTH,
        validators=[refuse_unreadable],
        help_text=_("Only the secretariat reads it."),
    )
    told = models.CharField(
        _("reason for the voters"),
        max_length=REASON_LENGTH,
        validators=[refuse_unreadable],
        help_text=_("The voters read it under “My votes” once their votes are void."),
    )
    votes = models.PositiveIntegerField(_("votes declared void"), default=0)

    objects = TwoOfficersQuerySet.as_manager()

    class Meta(TwoOfficers.Meta):
        verbose_name = _("void of a group of votes")
        verbose_name_plural = _("voids of groups of votes")
        constraints = [
            *TwoOfficers.Meta.constraints,
            models.UniqueConstraint(
                fields=["pattern"],
                condition=models.Q(confirmed_at=None, dismissed_at=None),
                name="group_void_one_open",
                violation_error_message=_(
                    "A void of this group is proposed already: confirm or dismiss it first."
                ),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pattern)

    def rivals(self) -> Any:
        """All of the categories in which a voter of the pattern has voted."""
        voters = self.pattern.holds.values("voter")
        votes = Vote.objects.filter(
            category__contest=self.pattern.contest_id, voter__in=voters
        )
        return Entry.objects.filter(category__in=votes.values("category"))
