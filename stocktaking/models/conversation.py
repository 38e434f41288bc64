"""Messages between the people of an entry and the secretariat, and reminders of the portal."""

import datetime

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from stocktaking.models.project import Project
from stocktaking.workflow import Status

MESSAGE_MAX_LENGTH = 2000


class Message(models.Model):
    """One message on an entry. Never public, never changed, never deleted."""

    project = models.ForeignKey(
        "stocktaking.Project", models.CASCADE, related_name="messages", verbose_name=_("project")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by")
    )
    from_staff = models.BooleanField(_("from the secretariat"))
    text = models.TextField(_("message"), max_length=MESSAGE_MAX_LENGTH)
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["project", "at", "id"], name="message_of_project")]

    def __str__(self) -> str:
        return f"{self.project_id}: {self.by}"


class ReminderQuerySet(models.QuerySet["Reminder"]):
    def missing(self, days: int) -> models.QuerySet[Project]:
        """Entries returned at least so many days ago whose owner was not reminded after that."""
        sent = self.filter(
            project=models.OuterRef("pk"), returned_at=models.OuterRef("returned_at"), days=days
        )
        since = Now() - datetime.timedelta(days=days)
        returned = Project.objects.filter(status=Status.RETURNED, returned_at__lte=since)
        return returned.exclude(owner=None).exclude(models.Exists(sent)).select_related("owner")


class Reminder(models.Model):
    """A reminder about a returned entry that has been sent: one per return and delay."""

    project = models.ForeignKey(
        "stocktaking.Project", models.CASCADE, related_name="reminders", verbose_name=_("project")
    )
    returned_at = models.DateTimeField(_("returned at"))
    days = models.PositiveSmallIntegerField(_("days after"))
    at = models.DateTimeField(_("at"), auto_now_add=True)

    objects = ReminderQuerySet.as_manager()

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "returned_at", "days"], name="reminder_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project_id}: {self.days}"
