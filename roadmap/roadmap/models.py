"""Roadmaps: the parallel tracks of the time line."""

from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from roadmap import feed
from roadmap.record.models import CODE

# Names that we ship with, in the language of the page; others show what staff wrote.
NAMES = {
    "Mandates": _("Mandates"),
    "ITU Secretary-General’s roadmap": _("ITU Secretary-General’s roadmap"),
    "CSTD roadmap": _("CSTD roadmap"),
    "UNESCO roadmap": _("UNESCO roadmap"),
    "General Assembly process": _("General Assembly process"),
    "UN Group on the Information Society": _("UN Group on the Information Society"),
    "Regional preparation": _("Regional preparation"),
    "Follow-up to the review": _("Follow-up to the review"),
}


class Roadmap(models.Model):
    """One track: whose plan it is and where it was decided."""

    code = models.CharField(
        _("code"), max_length=20, primary_key=True, validators=[CODE]
    )
    short = models.CharField(
        _("name in files"),
        max_length=60,
        unique=True,
        help_text=_("As in the column “track”."),
    )
    name = models.CharField(_("name"), max_length=200)
    owner = models.ForeignKey(
        "roadmap.Agency",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="roadmaps",
        verbose_name=_("owner"),
    )
    description = models.TextField(_("description"), max_length=4000, blank=True)
    link = models.URLField(_("link"), max_length=500, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    source = models.TextField(_("source"), max_length=2000)

    class Meta:
        verbose_name = _("roadmap")
        verbose_name_plural = _("roadmaps")
        ordering = ["order", "code"]
        constraints = [feed.ROADMAPS]

    def __str__(self) -> str:
        return str(self.label)

    def get_absolute_url(self) -> str:
        return f"{reverse('roadmap:timeline')}?track={self.pk}"

    @property
    def label(self) -> Any:
        return NAMES.get(self.name, self.name)
