"""How long ago an agency last reported (docs/roadmap.md states the rule)."""

import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

YEAR = datetime.timedelta(days=365)


class Freshness(models.TextChoices):
    """Age of the newest published position of an agency."""

    GREEN = "green", _("reported within a year")
    YELLOW = "yellow", _("no report for more than a year")
    RED = "red", _("no report for more than two years")


def freshness(
    reported_at: datetime.datetime | None, now: datetime.datetime
) -> Freshness:
    """Green up to a year, yellow up to two, then red; red also when nothing was ever reported."""
    if reported_at is None or now - reported_at > 2 * YEAR:
        return Freshness.RED
    return Freshness.YELLOW if now - reported_at > YEAR else Freshness.GREEN
