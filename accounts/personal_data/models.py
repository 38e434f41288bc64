"""Requests for a copy of one's data, and for erasure."""

from datetime import timedelta
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.jobs.models import LIVE, Job, JobQuerySet
from common.moves.actors import AnyUser

EXPORT_KEPT = timedelta(days=7)


GRACE = timedelta(days=14)  # in which an erasure can be cancelled


def two_weeks_on() -> Any:
    return timezone.now() + GRACE


class DataExport(Job):
    """A person's copy of their data: a job with its progress, then a private file for a week."""

    LEASE: ClassVar[timedelta] = timedelta(minutes=6)  # longer than its task may take

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="exports"
    )
    file = models.CharField(_("file"), max_length=200, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("export of personal data")
        verbose_name_plural = _("exports of personal data")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(state__in=LIVE),
                name="data_export_one_live",
            )
        ]

    def __str__(self) -> str:
        return str(self.user)

    @property
    def until(self) -> Any:
        return (self.finished_at or self.created_at) + EXPORT_KEPT

    @property
    def can_be_fetched(self) -> bool:
        return (
            self.state == self.State.DONE
            and bool(self.file)
            and timezone.now() < self.until
        )


class ErasureQuerySet(models.QuerySet["Erasure"]):
    def waiting(self) -> Self:
        return self.filter(done_at=None, cancelled_at=None)

    def call_off(self, user: AnyUser) -> None:
        self.waiting().filter(user=user).update(cancelled_at=Now())

    def due(self) -> Self:
        return self.waiting().filter(due_at__lte=Now()).order_by("due_at")


class Erasure(models.Model):
    """A request to be erased: it can be withdrawn for two weeks, then it is carried out."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="erasures"
    )
    asked_at = models.DateTimeField(_("asked at"), default=timezone.now)
    due_at = models.DateTimeField(_("due at"), default=two_weeks_on)
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, blank=True)
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)

    objects = ErasureQuerySet.as_manager()

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(done_at=None, cancelled_at=None),
                name="erasure_one_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.asked_at}"
