"""Nominees removed during the vote: their voters are notified and can vote again."""

from typing import Any

from django.contrib.auth import get_user_model
from django.db import models, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from common.mail import outbox
from prizes.ballot.models import Vote
from prizes.ballot.voter import keys_of
from prizes.contest.models import Phase
from prizes.entry.models import Entry

ACCOUNTS_AT_ONCE = 2000


class Removal(models.Model):
    """The removal of one nominee. The ballot knows voters by their keys only, so the keys of all
    accounts are computed, some at a time, to find whom to write to."""

    entry = models.ForeignKey(
        Entry, models.CASCADE, related_name="removals", verbose_name=_("entry")
    )
    at = models.DateTimeField(_("at"), auto_now_add=True)
    reached = models.BigIntegerField(_("last account looked at"), default=0)
    told = models.PositiveIntegerField(_("voters told"), default=0)
    done_at = models.DateTimeField(_("all were told at"), null=True, blank=True)

    class Meta:
        verbose_name = _("removal of a nominee")
        verbose_name_plural = _("removals of nominees")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return str(self.entry)


def tell_voters() -> int:
    """Write to the voters of removed entries; returns to how many.

    Safe to run twice: the progress is stored with the mails, in one transaction.
    """
    told = 0
    for pk in (
        Removal.objects.filter(done_at=None).order_by("pk").values_list("pk", flat=True)
    ):
        while (done := _tell_some(pk)) is not None:
            told += done
    return told


@transaction.atomic
def _tell_some(pk: int) -> int | None:
    """Process the next accounts; None when there are no more or another worker is at it."""
    waiting = Removal.objects.select_for_update(of=("self",), skip_locked=True)
    waiting = waiting.select_related("entry__contest", "entry__category").filter(
        done_at=None
    )
    removal = waiting.filter(pk=pk).first()
    if removal is None:
        return None
    accounts = get_user_model().objects.filter(pk__gt=removal.reached).order_by("pk")
    people: list[Any] = list(accounts[:ACCOUNTS_AT_ONCE])
    if not people:
        Removal.objects.filter(pk=pk).update(done_at=Now())
        return None
    entry = removal.entry
    keys = keys_of(entry.contest_id, [(person.pk, person.email) for person in people])
    votes = Vote.objects.filter(category=entry.category_id, entry=entry, voided=False)
    voters = set(votes.filter(voter__in=keys.values()).values_list("voter", flat=True))
    rivals = Entry.objects.on_ballot().filter(category=entry.category_id)
    context = {
        "entry": entry,
        "again": entry.contest.is_open(Phase.Kind.VOTING) and rivals.exists(),
        "voting": entry.contest.phase(Phase.Kind.VOTING),
    }
    for person in people:
        if keys[person.pk] in voters:
            outbox.send("prizes/vote_lost", person, context, leaves_no_trace=True)
    removal.told += sum(keys[person.pk] in voters for person in people)
    removal.reached = people[-1].pk
    removal.save(update_fields=["told", "reached"])
    return len(voters)
