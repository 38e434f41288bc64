"""Changes of public dates: from, to, why, who, when."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.dates import partial
from common.moves.workflow import NOTE_MAX_LENGTH
from roadmap.record import dates


class DateChange(models.Model):
    """A change of a public date: from, to, why, who, when. Never updated, never deleted."""

    milestone = models.ForeignKey(
        "roadmap.Milestone",
        models.PROTECT,
        related_name="date_changes",
        verbose_name=_("milestone"),
    )
    old_start = models.CharField(_("start before"), max_length=partial.MAX_LENGTH)
    old_end = models.CharField(
        _("end before"), max_length=partial.MAX_LENGTH, blank=True
    )
    new_start = models.CharField(_("start after"), max_length=partial.MAX_LENGTH)
    new_end = models.CharField(
        _("end after"), max_length=partial.MAX_LENGTH, blank=True
    )
    reason = models.TextField(_("reason"), max_length=NOTE_MAX_LENGTH)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("by"),
    )
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("change of a date")
        verbose_name_plural = _("changes of dates")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["-at", "-id"], name="date_change_newest")]

    def __str__(self) -> str:
        return f"{self.milestone_id}: {self.old_start} → {self.new_start}"

    @property
    def before(self) -> str:
        return dates.span(self.old_start, self.old_end)

    @property
    def after(self) -> str:
        return dates.span(self.new_start, self.new_end)
