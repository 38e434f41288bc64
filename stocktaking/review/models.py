"""Data of the moderation desk: assignments, saved views, canned reasons."""

from datetime import timedelta
from typing import Any, Self

from django.conf import settings
from django.db import connection, models, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from common.locks.advisory import Lock
from common.moves.actors import AnyUser
from common.moves.reasons import CannedReason, CannedText

ASSIGNED_AT_ONCE = 25
LEASE = timedelta(minutes=20)
VIEWS_AT_MOST = 50  # per person


class DeskAssignmentQuerySet(models.QuerySet["DeskAssignment"]):
    def live(self) -> Self:
        """Assignments whose lease runs by the clock of the database; expired ones do not count."""
        return self.filter(until__gt=Now())

    def assign(
        self, user: Any, projects: models.QuerySet[Any], count: int = ASSIGNED_AT_ONCE
    ) -> list[int]:
        """Assign the first `count` of these projects that are nobody else's; their ids.

        One officer at a time: each sees what was assigned before.
        """
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_advisory_xact_lock(%s)", [Lock.DESK_ASSIGNMENT.value]
                )
            free = projects.exclude(
                pk__in=self.live().exclude(by=user).values("project_id")
            )
            own = projects.model._default_manager.written_by(user).order_by()  # type: ignore[attr-defined]
            free = free.exclude(pk__in=own.values("pk"))
            ids = list(free.values_list("pk", flat=True)[:count])
            self.filter(project_id__in=ids).delete()
            assignments = [
                DeskAssignment(project_id=pk, by=user, until=Now() + LEASE)
                for pk in ids
            ]
            DeskAssignment.objects.bulk_create(assignments)
        return ids

    def prolong(self, user: AnyUser) -> int:
        """Extend the leases of an officer who is at work."""
        return self.live().filter(by=user).update(until=Now() + LEASE)

    def release(self, user: AnyUser, ids: list[int] | None = None) -> int:
        assignments = (
            self.filter(by=user)
            if ids is None
            else self.filter(by=user, project_id__in=ids)
        )
        return assignments.delete()[0]


class DeskAssignment(models.Model):
    """An officer works on a project until the lease ends; expired rows need no clean-up."""

    project = models.OneToOneField(
        "stocktaking.Project",
        models.CASCADE,
        related_name="desk_assignment",
        verbose_name=_("project"),
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="desk_assignments",
        verbose_name=_("by"),
    )
    until = models.DateTimeField(_("until"))

    objects = DeskAssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        ordering = ["until", "pk"]

    def __str__(self) -> str:
        return f"{self.project_id}: {self.by}"


class SavedView(models.Model):
    """Filters of the desk under a name; the address can be shared."""

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="saved_views",
        verbose_name=_("by"),
    )
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(_("query"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["by", "name"],
                name="saved_view_once",
                violation_error_message=_("You already have a view with this name."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ReasonQuerySet(models.QuerySet["Reason"]):
    def offered(self) -> Self:
        return (
            self.filter(active=True).prefetch_related("texts").order_by("order", "code")
        )


class Reason(CannedReason):
    """A reason that officers give often, worded in the six languages."""

    class Kind(models.TextChoices):
        SEND_BACK = "send_back", _("Return")
        REFUSE = "refuse", _("Reject")
        HOLD = "hold", _("Put on hold")
        DUPLICATE = "duplicate", _("Reject as a duplicate")

    code = models.SlugField(_("code"), max_length=40, primary_key=True)
    move = models.CharField(_("move"), max_length=10, choices=Kind.choices)

    objects = ReasonQuerySet.as_manager()

    class Meta:
        verbose_name = _("canned reason")
        verbose_name_plural = _("canned reasons")
        ordering = ["order", "code"]

    def __str__(self) -> str:
        return self.code


class ReasonText(CannedText):
    reason = models.ForeignKey(
        Reason, models.CASCADE, related_name="texts", verbose_name=_("canned reason")
    )

    class Meta:
        verbose_name = _("text of a reason")
        verbose_name_plural = _("texts of a reason")
        ordering = ["reason", "language"]
        constraints = [
            models.UniqueConstraint(
                fields=["reason", "language"], name="reason_text_once"
            ),
        ]
