"""Which drafts their owners were reminded of, so that nobody hears the same twice."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DraftReminder(models.Model):
    class Which(models.TextChoices):
        MONTH = "month", _("a month before")
        WEEK = "week", _("a week before")

    project = models.ForeignKey(
        "stocktaking.Project", models.CASCADE, related_name="draft_reminders"
    )
    which = models.CharField(max_length=10, choices=Which.choices)
    touched_at = models.DateTimeField(_("draft last changed at"))

    class Meta:
        verbose_name = _("reminder of a draft")
        verbose_name_plural = _("reminders of drafts")
        constraints = [
            models.UniqueConstraint(
                fields=["project", "which", "touched_at"], name="draft_reminder_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.project_id}: {self.which}"
