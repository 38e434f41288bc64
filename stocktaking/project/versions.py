"""Versions: the content of a project at each publication."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ProjectVersion(models.Model):
    """The content of a project while it was public; kept for ever."""

    project = models.ForeignKey(
        "stocktaking.Project",
        models.PROTECT,
        related_name="versions",
        verbose_name=_("project"),
    )
    version = models.PositiveIntegerField(_("version"))
    content = models.JSONField(_("content"))
    content_hash = models.CharField(_("SHA-256 of the content"), max_length=64)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        verbose_name = _("version of a project")
        verbose_name_plural = _("versions of projects")
        ordering = ["project", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "version"], name="project_version_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} v{self.version}"
