"""Reviews: what facilitators report on their action lines."""

from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from roadmap import feed
from roadmap.record.models import SourcedRecord


class ActionLineReview(SourcedRecord):
    """What a facilitator reports on an action line; the newest text replaces older ones."""

    class Section(models.TextChoices):
        REACHED = "reached", _("Milestones reached")
        CHALLENGES = "challenges", _("Challenges")
        TRENDS = "trends", _("Emerging trends")

    action_line = models.ForeignKey(
        "reference.ActionLine",
        models.PROTECT,
        related_name="reviews",
        verbose_name=_("action line"),
    )
    section = models.CharField(_("section"), max_length=12, choices=Section.choices)
    agency = models.ForeignKey(
        "roadmap.Agency",
        models.PROTECT,
        related_name="reviews",
        verbose_name=_("written by"),
    )
    text = models.TextField(_("text"), max_length=10000)
    language = models.CharField(
        _("language of the text"),
        max_length=8,
        choices=settings.LANGUAGES,
        default="en",
    )

    class Meta:
        verbose_name = _("review of an action line")
        verbose_name_plural = _("reviews of action lines")
        ordering = ["action_line", "section", "agency"]
        constraints = [
            feed.REVIEWS,
            models.UniqueConstraint(
                fields=["action_line", "section", "agency"],
                name="action_line_review_once",
                violation_error_message=_(
                    "This agency already has a text here: change it, the older one is kept."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action_line_id}: {self.get_section_display()} ({self.agency_id})"

    def get_absolute_url(self) -> str:
        return reverse("roadmap:action-line", args=[self.action_line_id])

    def public_content(self) -> dict[str, Any]:
        plain = ("action_line_id", "section", "agency_id", "text", "language", "source")
        return {name: getattr(self, name) for name in plain}
