"""Messages between the people of a project and the secretariat."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from stocktaking.former_owner.models import OwnersOwn

MESSAGE_MAX_LENGTH = 2000


class MessageQuerySet(models.QuerySet["Message"]):
    def unanswered(self) -> Self:
        """The last message of each project in which the secretariat has not answered yet."""
        later = Message.objects.filter(
            models.Q(at__gt=models.OuterRef("at"))
            | models.Q(at=models.OuterRef("at"), pk__gt=models.OuterRef("pk")),
            project=models.OuterRef("project"),
        )
        return self.filter(~models.Exists(later), from_staff=False)


class Message(OwnersOwn):
    """One message on a project. Never public, never changed, never deleted."""

    project = models.ForeignKey(
        "stocktaking.Project",
        models.CASCADE,
        related_name="messages",
        verbose_name=_("project"),
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by")
    )
    from_staff = models.BooleanField(_("from the secretariat"))
    text = models.TextField(_("message"), max_length=MESSAGE_MAX_LENGTH)
    at = models.DateTimeField(_("at"), auto_now_add=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["at", "pk"]
        indexes = [
            models.Index(fields=["project", "at", "id"], name="message_of_project")
        ]

    def __str__(self) -> str:
        return f"{self.project_id}: {self.by}"
