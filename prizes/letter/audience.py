"""Whom a letter about an outcome is meant for, and who may be told of it at this moment."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from prizes.contest.models import Contest
from prizes.entry.models import Entry
from prizes.entry.workflow import ON_BALLOT, Status


class Outcome(models.TextChoices):
    """What a letter tells its reader."""

    REFUSED = "refused", _("Not eligible")
    NOT_NOMINATED = "not_nominated", _("Not nominated")
    NOMINATED = "nominated", _("Nominated")
    NOT_CHAMPION = "not_champion", _("Nominated, but not a champion")
    CHAMPION = "champion", _("Champion")
    WINNER = "winner", _("Winner")


AWARDED = (Status.CHAMPION, Status.WINNER)

# By the decision itself, public or not: letters can be written before it is public.
MEANT: dict[str, Q] = {
    Outcome.REFUSED: Q(status=Status.REFUSED),
    Outcome.NOT_NOMINATED: Q(status=Status.NOT_NOMINATED),
    Outcome.NOMINATED: Q(status__in=ON_BALLOT),
    Outcome.NOT_CHAMPION: Q(status=Status.NOMINATED, contest__counted_at__isnull=False),
    Outcome.CHAMPION: Q(status__in=AWARDED),
    Outcome.WINNER: Q(status=Status.WINNER),
}

# By what everybody may know at this moment (Entry.objects.with_outcome): letters can leave.
PUBLIC: dict[str, Q] = {
    Outcome.REFUSED: Q(outcome=Status.REFUSED),
    Outcome.NOT_NOMINATED: Q(outcome=Status.NOT_NOMINATED),
    Outcome.NOMINATED: Q(outcome__in=ON_BALLOT),
    Outcome.NOT_CHAMPION: Q(
        outcome=Status.NOMINATED,
        status=Status.NOMINATED,
        contest__counted_at__isnull=False,
        contest__champions_at__lte=Now(),
    ),
    Outcome.CHAMPION: Q(outcome__in=AWARDED),
    Outcome.WINNER: Q(outcome=Status.WINNER),
}


def meant_for(contest: Contest, outcome: str) -> Any:
    """The entries made here with this outcome whose owners have an account."""
    entries = Entry.objects.filter(MEANT[outcome], contest=contest, source="")
    return entries.filter(owner__is_active=True)


def may_be_told(entries: Any, outcome: str) -> Any:
    """Those of the entries whose owners may be told of this outcome now."""
    return entries.with_outcome().filter(PUBLIC[outcome])
