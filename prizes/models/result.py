"""Results: what the count found, written once and frozen."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from prizes.models.contest import Category
from prizes.models.entry import Entry
from prizes.querysets import ResultQuerySet


class Result(models.Model):
    """The valid votes of one nominee. A trigger refuses every change and deletion."""

    category = models.ForeignKey(
        Category, models.PROTECT, related_name="results", verbose_name=_("category")
    )
    entry = models.OneToOneField(
        Entry, models.PROTECT, related_name="result", verbose_name=_("entry")
    )
    rank = models.PositiveSmallIntegerField(_("rank"))
    votes = models.PositiveIntegerField(_("valid votes"))
    champion = models.BooleanField(_("champion"), default=False)
    frozen_at = models.DateTimeField(_("frozen at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("by"),
    )  # fmt: skip

    objects = ResultQuerySet.as_manager()

    class Meta:
        verbose_name = _("result")
        verbose_name_plural = _("results")
        ordering = ["category", "rank", "pk"]
        indexes = [models.Index(fields=["category", "rank"], name="result_order")]

    def __str__(self) -> str:
        return f"{self.rank}. {self.entry}"
