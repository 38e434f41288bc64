"""Dependencies between milestones: what must be reached first, without circles."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.utils.translation import gettext_lazy as _

from common.locks.advisory import Lock
from roadmap.milestone.models import Milestone

# All that a milestone depends on, directly or indirectly.
REACHED = """
WITH RECURSIVE reached (id) AS (
    SELECT %s::bigint
    UNION
    SELECT needs_id FROM roadmap_dependency JOIN reached ON milestone_id = reached.id
)
SELECT id FROM reached
"""


class DependencyQuerySet(models.QuerySet):
    def reached_from(self, milestone: int) -> set[int]:
        """The milestone and all that it depends on, directly or indirectly."""
        with connection.cursor() as cursor:
            cursor.execute(REACHED, [milestone])
            return {row[0] for row in cursor.fetchall()}


class Dependency(models.Model):
    """`milestone` can be reached only when what it `needs` is."""

    milestone = models.ForeignKey(
        Milestone,
        models.CASCADE,
        related_name="dependencies",
        verbose_name=_("milestone"),
    )
    needs = models.ForeignKey(
        Milestone, models.PROTECT, related_name="dependants", verbose_name=_("needs")
    )

    objects = DependencyQuerySet.as_manager()

    class Meta:
        verbose_name = _("dependency")
        verbose_name_plural = _("dependencies")
        ordering = ["milestone", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["milestone", "needs"], name="dependency_once"
            ),
            models.CheckConstraint(
                condition=~models.Q(milestone=models.F("needs")),
                name="dependency_not_on_itself",
                violation_error_message=_("A milestone cannot depend on itself."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.milestone_id} → {self.needs_id}"

    @transaction.atomic
    def save(self, *args: Any, **kwargs: Any) -> None:
        self.refuse_circle()
        super().save(*args, **kwargs)

    def clean(self) -> None:
        super().clean()
        if self.milestone_id and self.needs_id:
            self.refuse_circle()

    def refuse_circle(self) -> None:
        """Raises ValidationError when what is needed depends, directly or indirectly, on this one.

        The lock is held until the transaction ends: otherwise two dependencies that together close
        a circle could both be checked before either is written.
        """
        if connection.in_atomic_block:
            with connection.cursor() as cursor:
                lock = Lock.MILESTONE_DEPENDENCIES.value
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock])
        if self.milestone_id in Dependency.objects.reached_from(self.needs_id):
            raise ValidationError(
                _(
                    "This would be circular: “%(needs)s” already depends on “%(milestone)s”."
                )
                % {"needs": self.needs, "milestone": self.milestone},
                code="circle",
            )
