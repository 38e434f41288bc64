"""Whom a letter about an outcome is meant for, and who may be told of it at this moment."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from prizes.contest.models import Contest
from prizes.entry.amendment import DISQUALIFIED, Amendment
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
    RECOGNITION = "recognition", _("Special recognition")
    DISQUALIFIED = DISQUALIFIED, _("Disqualified")


AWARDED = (Status.CHAMPION, Status.WINNER)


def meant(outcome: str) -> Q:
    """By the decision itself, public or not: letters can be written before it is public."""
    counted = Q(contest__counted_at__isnull=False)
    recognized = Amendment.objects.confirmed().filter(kind=Outcome.RECOGNITION)
    return {
        Outcome.REFUSED: Q(standing=Status.REFUSED),
        Outcome.NOT_NOMINATED: Q(standing=Status.NOT_NOMINATED),
        Outcome.NOMINATED: Q(standing__in=ON_BALLOT),
        Outcome.NOT_CHAMPION: Q(counted, standing=Status.NOMINATED),
        Outcome.CHAMPION: Q(standing__in=AWARDED),
        Outcome.WINNER: Q(standing=Status.WINNER),
        Outcome.RECOGNITION: Q(pk__in=recognized.values("entry")),
        Outcome.DISQUALIFIED: Q(standing=DISQUALIFIED),
    }[Outcome(outcome)]


def public(outcome: str) -> Q:
    """By what everybody may know at this moment (Entry.objects.with_outcome): letters can
    leave."""
    announced = Q(contest__counted_at__isnull=False, contest__champions_at__lte=Now())
    recognized = Amendment.objects.public().filter(kind=Outcome.RECOGNITION)
    return {
        Outcome.REFUSED: Q(outcome=Status.REFUSED),
        Outcome.NOT_NOMINATED: Q(outcome=Status.NOT_NOMINATED),
        Outcome.NOMINATED: Q(outcome__in=ON_BALLOT),
        Outcome.NOT_CHAMPION: Q(
            announced, outcome=Status.NOMINATED, standing=Status.NOMINATED
        ),
        Outcome.CHAMPION: Q(outcome__in=AWARDED),
        Outcome.WINNER: Q(outcome=Status.WINNER),
        Outcome.RECOGNITION: Q(pk__in=recognized.values("entry")),
        Outcome.DISQUALIFIED: Q(outcome=DISQUALIFIED),
    }[Outcome(outcome)]


def meant_for(contest: Contest, outcome: str) -> Any:
    """The entries made here with this outcome whose owners have an account."""
    entries = Entry.objects.filter(contest=contest, source="", owner__is_active=True)
    return entries.with_standing().filter(meant(outcome))


def may_be_told(entries: Any, outcome: str) -> Any:
    """Those of the entries whose owners may be told of this outcome now."""
    return entries.with_standing().with_outcome().filter(public(outcome))
