"""The log of what planners did to the timetable, from which they undo and redo."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from common.moves.actors import AnyUser
from forum.edition.models import Edition


class PlanChangeQuerySet(models.QuerySet["PlanChange"]):
    def of_planner(self, edition: Edition, user: AnyUser) -> Self:
        return self.filter(edition=edition, by=user)

    def next_undo(self) -> "PlanChange | None":
        """The last change that holds."""
        return self.filter(state=PlanChange.State.DONE).order_by("-pk").first()

    def next_redo(self) -> "PlanChange | None":
        """The change that was undone last."""
        return self.filter(state=PlanChange.State.UNDONE).order_by("pk").first()


class PlanChange(models.Model):
    """One act of a planner: the sessions that it moved, each with its slot before and after.

    `sessions` lists rows with the id of a session, its `version` after the act, and the slots
    `before` and `after` (forum.planning.slots).
    """

    class State(models.TextChoices):
        DONE = "done", _("Done")
        UNDONE = "undone", _("Undone")
        DROPPED = "dropped", _("Undone, and something else done since")

    edition = models.ForeignKey(
        Edition, models.CASCADE, related_name="plan_changes", verbose_name=_("edition")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("by"),
    )
    at = models.DateTimeField(_("at"), auto_now_add=True)
    sessions = models.JSONField(_("sessions"))
    state = models.CharField(
        _("state"), max_length=8, choices=State.choices, default=State.DONE
    )

    objects = PlanChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of the timetable")
        verbose_name_plural = _("changes of the timetable")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["edition", "by", "state", "id"], name="plan_change_of")
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.by}"
