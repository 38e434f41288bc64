"""Every question the portal asks about publications and the jobs that build them."""

import uuid
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Now

if TYPE_CHECKING:
    from reports.models import Artefact, Build, Publication, Schedule, Snapshot  # noqa: F401  (types of the rows)

LEASE = timedelta(seconds=12)  # a worker that is silent for so long has lost its build
MAX_ATTEMPTS = (
    4  # then a person must look: the job itself may be what kills the workers
)


class PublicationQuerySet(models.QuerySet["Publication"]):
    def online(self) -> Self:
        """What the public reads: publications with a published version."""
        return self.filter(published_version__isnull=False)

    def visible_to(self, user: Any) -> Self:
        """What this person may read: published ones, or all for the secretariat."""
        return self if getattr(user, "is_secretariat", False) else self.online()

    def about_year(self, year: int) -> Self:
        """Whose period holds the year, or that are about the prizes or a day of that year."""
        begun = Q(from_year=None) | Q(from_year__lte=year)
        going_on = Q(to_year=None) | Q(to_year__gte=year)
        stocktaking = Q(series__in=("global", "regional"))
        return self.filter(
            (stocktaking & begun & going_on)
            | Q(contest__year=year)
            | Q(as_of__year=year)
        )

    def newest(self) -> Self:
        return self.order_by("-created_at", "-pk")

    def for_list(self) -> Self:
        return self.select_related("region", "contest").prefetch_related("artefacts")


class ScheduleQuerySet(models.QuerySet["Schedule"]):
    def due(self, on: date) -> Self:
        """Active rows whose date has come, the oldest first."""
        return self.filter(is_active=True, next_on__lte=on).order_by("next_on", "pk")


class ArtefactQuerySet(models.QuerySet["Artefact"]):
    def visible_to(self, user: Any) -> Self:
        """The files of versions that are or were published; all for the secretariat.

        A version that somebody has cited stays where it was, until the report is withdrawn.
        """
        if getattr(user, "is_secretariat", False):
            return self
        return self.filter(
            publication__published_version__isnull=False,
            publication__snapshots__version=F("version"),
            publication__snapshots__published_at__isnull=False,
        )


class SnapshotQuerySet(models.QuerySet["Snapshot"]):
    def public(self) -> Self:
        """Versions that the public reads or has read, of publications that are not withdrawn."""
        return self.filter(
            published_at__isnull=False, publication__published_version__isnull=False
        )

    def visible_to(self, user: Any) -> Self:
        return self if getattr(user, "is_secretariat", False) else self.public()


class BuildQuerySet(models.QuerySet["Build"]):
    """All times are the database's: the clocks of the workers need not agree."""

    def live(self) -> Self:
        return self.filter(state__in=("queued", "running"))

    def waiting(self) -> Self:
        """Builds that nobody works at: never begun, or begun by a worker that fell silent."""
        return self.filter(
            Q(state="queued") | Q(state="running", lease_until__lt=Now())
        )

    def worn_out(self) -> Self:
        return self.waiting().filter(attempts__gte=MAX_ATTEMPTS)

    def take(self, pk: int) -> "Build | None":
        """Take the lease of a waiting build with a new token; None when another holds it.

        One UPDATE decides, so of two workers one wins.
        """
        token = uuid.uuid4()
        taken = (
            self.waiting()
            .filter(pk=pk, attempts__lt=MAX_ATTEMPTS)
            .update(
                state="running",
                token=token,
                lease_until=Now() + LEASE,
                attempts=F("attempts") + 1,
                started_at=Coalesce(F("started_at"), Now()),
                error="",
            )
        )
        return self.select_related("publication").get(pk=pk) if taken else None

    def held(self, pk: int, token: uuid.UUID | None) -> Self:
        """The build while this token holds it: every write of a worker goes through here."""
        return self.filter(pk=pk, token=token, token__isnull=False, state="running")

    def renew(self, pk: int, token: uuid.UUID | None) -> bool:
        """Lengthen the lease; False when the build was cancelled or belongs to another worker."""
        return bool(self.held(pk, token).update(lease_until=Now() + LEASE))
