"""Printing many documents at once: a job that a worker does, and the file that it makes."""

from typing import Self

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common.jobs.models import LIVE, JobQuerySet
from common.jobs.printing import FileJob
from common.moves.actors import AnyUser
from forum.edition.models import Edition


class PrintJobQuerySet(JobQuerySet):
    def visible_to(self, user: AnyUser) -> Self:
        staff = user.is_authenticated and user.is_secretariat
        return self if staff else self.none()

    def of_edition(self, edition: Edition) -> Self:
        """The newest first, each with its person."""
        rows = self.filter(edition=edition).select_related("by", "edition")
        return rows.order_by("-created_at", "-pk")


class PrintJob(FileJob):
    """What is to be printed, and the file; the kinds are in forum.printing.kinds.

    `options` is the cleaned form of the kind, as JSON.
    """

    edition = models.ForeignKey(
        Edition, models.CASCADE, related_name="print_jobs", verbose_name=_("edition")
    )
    kind = models.CharField(_("kind"), max_length=30, editable=False)

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
