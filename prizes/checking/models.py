"""How many votes were held, confirmed, lapsed and void, by category and day."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from prizes.contest.models import Category, Contest


class HeldDay(models.Model):
    """The votes of one category that were given on one day, by what has become of them. Counted
    anew each hour; pages show rounded numbers only."""

    contest = models.ForeignKey(
        Contest, models.CASCADE, related_name="held_days", verbose_name=_("contest")
    )
    category = models.ForeignKey(
        Category, models.CASCADE, related_name="+", verbose_name=_("category")
    )
    day = models.DateField(_("day"))
    counted = models.PositiveIntegerField(_("counted so far"), default=0)
    held = models.PositiveIntegerField(_("held"), default=0)
    confirmed = models.PositiveIntegerField(_("of the counted, confirmed"), default=0)
    released = models.PositiveIntegerField(_("of the counted, released"), default=0)
    lapsed = models.PositiveIntegerField(_("not confirmed in time"), default=0)
    void = models.PositiveIntegerField(_("declared void by two persons"), default=0)

    class Meta:
        verbose_name = _("held votes of a day")
        verbose_name_plural = _("held votes by day")
        ordering = ["contest", "category", "day"]
        constraints = [
            models.UniqueConstraint(fields=["category", "day"], name="held_day_once")
        ]

    def __str__(self) -> str:
        return f"{self.category_id}: {self.day}"
