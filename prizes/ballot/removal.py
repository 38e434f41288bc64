"""Nominees removed during the vote: their voters are notified and can vote again."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from prizes.ballot.models import Vote
from prizes.ballot.telling import Telling
from prizes.contest.models import Phase
from prizes.entry.models import Entry


class Removal(Telling):
    """The removal of one nominee."""

    entry = models.ForeignKey(
        Entry, models.CASCADE, related_name="removals", verbose_name=_("entry")
    )

    class Meta:
        verbose_name = _("removal of a nominee")
        verbose_name_plural = _("removals of nominees")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return str(self.entry)

    @property
    def contest_id(self) -> int:
        return self.entry.contest_id

    def concerned(self, keys: set[str]) -> dict[str, list[Any]]:
        votes = Vote.objects.filter(
            category=self.entry.category_id, entry=self.entry, voided=False
        )
        return {vote.voter: [vote] for vote in votes.filter(voter__in=keys)}

    def letter(self, news: list[Any]) -> tuple[str, dict[str, Any]]:
        entry = self.entry
        rivals = Entry.objects.on_ballot().filter(category=entry.category_id)
        return "prizes/vote_lost", {
            "entry": entry,
            "again": entry.contest.is_open(Phase.Kind.VOTING) and rivals.exists(),
            "voting": entry.contest.phase(Phase.Kind.VOTING),
        }


def tell_voters() -> int:
    """Write to the voters of removed entries; returns to how many. Safe to run twice."""
    return Removal.tell("entry__contest", "entry__category")
