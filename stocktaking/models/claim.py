"""Claims: “this entry is mine, I want to keep it up to date”; the secretariat decides."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.roles import OWNER
from common.models import StatusChange
from common.workflow import status_check
from stocktaking.entry_workflows import CLAIM_WORKFLOW, ClaimStatus
from stocktaking.models.project import Project


class ClaimQuerySet(models.QuerySet["Claim"]):
    def visible_to(self, user: Any) -> Self:
        """One's own claims; all of them for the secretariat."""
        if not user.is_authenticated:
            return self.none()
        return self if user.is_secretariat else self.filter(by=user)

    def queue(self) -> Self:
        """What waits for the secretariat, the oldest first."""
        waiting = self.filter(status=ClaimStatus.OPEN)
        return waiting.select_related("project", "by").order_by("created_at", "pk")


class Claim(models.Model):
    """Somebody says that a published entry is theirs. Granted, it makes them its owner."""

    project = models.ForeignKey(
        "stocktaking.Project", models.PROTECT, related_name="claims", verbose_name=_("project")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="claims", verbose_name=_("by")
    )
    reason = models.TextField(_("reason"), max_length=2000)
    status = models.CharField(
        _("status"), max_length=10, choices=ClaimStatus.choices,
        default=ClaimStatus.OPEN, editable=False,
    )  # fmt: skip
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    granted_at = models.DateTimeField(_("granted at"), null=True, blank=True, editable=False)
    refused_at = models.DateTimeField(_("refused at"), null=True, blank=True, editable=False)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        verbose_name = _("claim to a project")
        verbose_name_plural = _("claims to projects")
        ordering = ["-created_at", "-pk"]
        constraints = [
            status_check(ClaimStatus.values, "claim_status"),
            models.UniqueConstraint(
                fields=["project", "by"], condition=Q(status=ClaimStatus.OPEN), name="claim_once"
            ),
        ]
        indexes = [
            models.Index(fields=["status", "created_at", "id"], name="claim_queue"),
            models.Index(fields=["-created_at", "-id"], name="claim_order"),
        ]

    def __str__(self) -> str:
        return f"{self.project}: {self.by}"

    def get_absolute_url(self) -> str:
        return reverse("stocktaking:claim", args=[self.pk])

    def roles_of(self, user: Any) -> set[str]:
        """The claimant is the owner of the claim; nobody decides on their own, nor on a claim to
        what they own or write in."""
        if not getattr(user, "is_authenticated", False):
            return set()
        if user.pk == self.by_id:
            return {OWNER}
        return self.project.roles_of(user) - {OWNER}

    def open_moves(self, user: Any) -> list[Any]:
        return CLAIM_WORKFLOW.open_to(self, user)

    def move(self, name: str, user: Any, note: str = "") -> "Claim":
        """Make one move of the table. Raises common.workflow.MoveRefused."""
        return CLAIM_WORKFLOW.move(self, name, user, note)

    def history(self) -> models.QuerySet[StatusChange]:
        kept = StatusChange.objects.filter(record_kind="stocktaking.claim", record_id=self.pk)
        return kept.select_related("by")

    def hand_over(self) -> None:
        """The claimant owns the entry from now on; call inside the transaction."""
        project = Project.objects.select_for_update().get(pk=self.project_id)
        project.owner = self.by
        project.save(update_fields=["owner"])
