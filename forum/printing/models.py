"""Printing many documents at once: a job that a worker does, and the file that it makes."""

from datetime import timedelta
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.jobs.models import LIVE, Job, JobQuerySet
from common.moves.actors import AnyUser
from forum.edition.models import Edition

KEPT = timedelta(days=7)


class PrintJobQuerySet(JobQuerySet):
    def visible_to(self, user: AnyUser) -> Self:
        staff = user.is_authenticated and user.is_secretariat
        return self if staff else self.none()

    def of_edition(self, edition: Edition) -> Self:
        """The newest first, each with its person."""
        rows = self.filter(edition=edition).select_related("by", "edition")
        return rows.order_by("-created_at", "-pk")


class PrintJob(Job):
    """What is to be printed, and the file; the kinds are in forum.printing.kinds.

    `options` is the cleaned form of the kind, as JSON. The file is kept for `KEPT`.
    """

    LEASE: ClassVar[timedelta] = timedelta(minutes=2)

    edition = models.ForeignKey(
        Edition, models.CASCADE, related_name="print_jobs", verbose_name=_("edition")
    )
    kind = models.CharField(_("kind"), max_length=30, editable=False)
    options = models.JSONField(_("options"), default=dict, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("by"),
    )
    printed = models.PositiveIntegerField(_("printed"), default=0)
    file = models.CharField(_("file"), max_length=200, blank=True)

    objects = PrintJobQuerySet.as_manager()

    class Meta:
        verbose_name = _("print job")
        verbose_name_plural = _("print jobs")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["edition", "-created_at", "-id"], name="print_order"),
            models.Index(
                fields=["lease_until"],
                name="print_live",
                condition=models.Q(state__in=LIVE),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition} ({self.kind}, {self.pk})"

    def get_absolute_url(self) -> str:
        return reverse("forum:printing", args=[self.edition.slug])

    @property
    def until(self) -> Any:
        return (self.finished_at or self.created_at) + KEPT

    @property
    def can_be_fetched(self) -> bool:
        is_kept = timezone.now() < self.until
        return self.state == self.State.DONE and bool(self.file) and is_kept
