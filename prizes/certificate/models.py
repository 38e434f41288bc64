"""Certificates of a contest as one file: the job that a worker does."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common.jobs.models import LIVE, JobQuerySet
from common.jobs.printing import FileJob
from prizes.contest.models import Contest
from prizes.entry.amendment import DISQUALIFIED, Amendment
from prizes.entry.models import Entry
from prizes.entry.workflow import Status

AWARDED = (Status.WINNER, Status.CHAMPION)


def awarded_entries() -> Any:
    """Public winners, champions and entries with a special recognition, none disqualified; each
    with its `outcome` and `public_amendments`."""
    recognized = Amendment.objects.public().filter(kind=Amendment.Kind.RECOGNITION)
    rows = Entry.objects.public().for_page()
    rows = rows.filter(Q(outcome__in=AWARDED) | Q(pk__in=recognized.values("entry")))
    return rows.exclude(Q(outcome=DISQUALIFIED))


def award_of(entry: Any) -> str:
    """“winner”, “champion” or “recognition”."""
    outcome: str = entry.outcome
    return outcome if outcome in AWARDED else Amendment.Kind.RECOGNITION.value


class CertificateJobQuerySet(JobQuerySet):
    def of_contest(self, contest: Contest) -> Self:
        rows = self.filter(contest=contest).select_related("by")
        return rows.order_by("-created_at", "-pk")


class CertificateJob(FileJob):
    """All certificates of a contest: as one PDF, or as a zip with a PDF each."""

    class Form(models.TextChoices):
        PDF = "pdf", _("One PDF")
        ZIP = "zip", _("A ZIP file with one PDF for each certificate")

    contest = models.ForeignKey(
        Contest,
        models.CASCADE,
        related_name="certificate_jobs",
        verbose_name=_("contest"),
    )
    language = models.CharField(
        _("language"), max_length=8, choices=settings.LANGUAGES, default="en"
    )
    form = models.CharField(
        _("form of the file"), max_length=3, choices=Form.choices, default=Form.PDF
    )

    objects = CertificateJobQuerySet.as_manager()

    class Meta:
        verbose_name = _("printing of certificates")
        verbose_name_plural = _("printings of certificates")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(
                fields=["contest", "-created_at", "-id"], name="certificate_order"
            ),
            models.Index(
                fields=["lease_until"],
                name="certificate_live",
                condition=Q(state__in=LIVE),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contest} ({self.get_language_display()}, {self.form})"

    def get_absolute_url(self) -> str:
        return reverse("admin:prizes_contest_certificates", args=[self.contest_id])
