"""Findings of the automatic checks, stored beside the project."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Severity(models.IntegerChoices):
    NONE = 0, _("nothing found")
    INFO = 1, _("for information")
    WARNING = 2, _("warning")
    ERROR = 3, _("error")


class Screening(models.Model):
    """Findings of the checks about one project as it was at `seen`; written by a task, never in
    a request. `findings` is a list of {check, severity, values}; the sentence is made when read."""

    project = models.OneToOneField(
        "stocktaking.Project",
        models.CASCADE,
        related_name="screening",
        verbose_name=_("project"),
    )
    findings = models.JSONField(_("findings"), default=list)
    worst = models.PositiveSmallIntegerField(
        _("worst finding"), choices=Severity.choices, default=Severity.NONE
    )
    seen = models.DateTimeField(_("status of the project"), null=True)
    submitted_at = models.DateTimeField(_("submission that was looked at"), null=True)
    content = models.JSONField(_("content"), default=dict)
    before = models.JSONField(
        _("content of the submission before"), null=True, blank=True
    )
    at = models.DateTimeField(_("at"), auto_now=True)

    class Meta:
        verbose_name = _("automatic check")
        verbose_name_plural = _("automatic checks")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(worst__in=Severity.values), name="screening_worst_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project_id}: {self.get_worst_display()}"


class WebsiteCheck(models.Model):
    """Whether an address answered at the last visit; visited by a task only."""

    url = models.URLField(_("address"), max_length=500, unique=True)
    alive = models.BooleanField(_("answers"))
    problem = models.CharField(_("what went wrong"), max_length=200, blank=True)
    at = models.DateTimeField(_("at"), auto_now=True)

    class Meta:
        verbose_name = _("check of a website")
        verbose_name_plural = _("checks of websites")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.url
