"""How many people may take part; the database counts the places."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from forum.base.workflow import DESK
from forum.edition.models import Edition


class Attendance(models.TextChoices):
    ON_SITE = "on_site", _("On site, in Geneva")
    REMOTE = "remote", _("Remotely")


class Capacity(models.Model):
    """How many people may take part in one way, and how many places are taken; the row is the
    lock."""

    edition = models.ForeignKey(
        Edition, models.CASCADE, related_name="capacities", verbose_name=_("edition")
    )
    attendance = models.CharField(
        _("attendance"), max_length=10, choices=Attendance.choices
    )
    places = models.PositiveIntegerField(
        _("places"), null=True, blank=True, help_text=_("Leave empty for no limit.")
    )
    taken = models.PositiveIntegerField(_("places taken"), default=0, editable=False)

    class Meta:
        verbose_name = _("capacity")
        verbose_name_plural = _("capacities")
        ordering = ["edition", "attendance"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "attendance"], name="capacity_once"
            ),
            models.CheckConstraint(
                condition=models.Q(places=None)
                | models.Q(taken__lte=models.F("places")),
                name="capacity_never_exceeded",
                violation_error_message=_("More places than this are already taken."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_attendance_display())

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Never writes the counter: a form read earlier must not set it back, only moves change
        it."""
        if self.pk and kwargs.get("update_fields") is None:
            kwargs["update_fields"] = ["edition", "attendance", "places"]
        super().save(*args, **kwargs)

    def clean(self) -> None:
        if self.places is not None and self.places < self.taken:
            raise ValidationError(
                {
                    "places": _(
                        "%(taken)d places are already taken: enter at least that number."
                    )
                    % {"taken": self.taken}
                }
            )

    @property
    def is_full(self) -> bool:
        return self.places is not None and self.taken >= self.places

    @classmethod
    def lock_all(cls, edition_id: int) -> dict[str, "Capacity"]:
        """Attendance → its counter, all locked until the transaction ends.

        Whoever locks a registration as well does this first: moves lock in this order.
        """
        rows = cls.objects.select_for_update().filter(edition=edition_id)
        return {row.attendance: row for row in rows.order_by("pk")}

    @transaction.atomic
    def fill(self) -> int:
        """Let people on the waiting list move up while there are places; returns how many did."""
        moved = 0
        while True:
            capacity = Capacity.objects.select_for_update().get(pk=self.pk)
            waiting = self.edition.registrations.waiting().filter(
                attendance=self.attendance
            )
            first = None if capacity.is_full else waiting.first()
            if first is None:
                return moved
            first.move("promote", DESK)
            moved += 1
