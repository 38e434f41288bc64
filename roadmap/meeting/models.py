"""Consultative meetings of the preparatory process."""

import datetime
from typing import Any, Self

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from roadmap import feed
from roadmap.record.models import Dated, SourcedRecord


class MeetingQuerySet(models.QuerySet):
    def for_list(self) -> Self:
        return self.select_related("body", "milestone")

    def in_year(self, year: int) -> Self:
        first, last = datetime.date(year, 1, 1), datetime.date(year, 12, 31)
        return self.filter(starts_on__lte=last, ends_on__gte=first)


class Meeting(Dated, SourcedRecord):
    """A meeting: who met where, about what, and where its papers are."""

    title = models.CharField(_("title"), max_length=300)
    body = models.ForeignKey(
        "roadmap.Body", models.PROTECT, related_name="meetings", verbose_name=_("body")
    )
    place = models.CharField(_("place"), max_length=200, blank=True)
    link = models.URLField(_("link"), max_length=500, blank=True)
    agenda = models.URLField(_("agenda"), max_length=500, blank=True)
    participants = models.TextField(_("participants"), max_length=2000, blank=True)
    minutes = models.URLField(_("minutes"), max_length=500, blank=True)
    outcome = models.TextField(_("outcome in our words"), max_length=2000, blank=True)
    outcome_link = models.URLField(_("outcome document"), max_length=500, blank=True)
    milestone = models.ForeignKey(
        "roadmap.Milestone",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="meetings",
        verbose_name=_("milestone"),
    )

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ["-sort_date", "-pk"]
        constraints = [
            feed.MEETINGS,
            *Dated.Meta.constraints,
            models.UniqueConstraint(fields=["title", "start"], name="meeting_once"),
        ]
        indexes = [models.Index(fields=["-sort_date", "-id"], name="meeting_newest")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"{reverse('roadmap:meetings')}#meeting-{self.pk}"

    def public_content(self) -> dict[str, Any]:
        plain = (
            "title",
            "start",
            "end",
            "place",
            "link",
            "agenda",
            "participants",
            "minutes",
            "outcome",
            "outcome_link",
            "source",
            "body_id",
            "milestone_id",
        )
        return {name: getattr(self, name) for name in plain}
