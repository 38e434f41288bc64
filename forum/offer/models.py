"""Slots that staff offer: whoever organizes a session, or speaks in it, chooses one of them."""

import datetime
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.user.models import User
from forum.edition.hours import LocalHours, hours_in_order
from forum.edition.models import Edition, today
from forum.people.models import Participation
from forum.planning.planner import NOT_PLACED
from forum.room.models import Room, Track
from forum.session.models import Session
from forum.session.times import isolated


class OfferedSlotQuerySet(models.QuerySet["OfferedSlot"]):
    def open(self) -> Self:
        """Those that can be chosen now, by the database's clock."""
        return self.filter(Q(closes_at=None) | Q(closes_at__gt=Now()))

    def for_session(self, session: Session) -> Self:
        """Open ones of its edition, for its track or for any."""
        tracks = Q(track=None) | Q(track=session.track_id)
        return self.open().filter(tracks, edition=session.edition_id)


class OfferedSlot(LocalHours):
    """A room at hours of one day, by the clock of the venue; a session begins at its start."""

    edition = models.ForeignKey(
        Edition, models.CASCADE, related_name="offered_slots", verbose_name=_("edition")
    )
    room = models.ForeignKey(
        Room, models.CASCADE, related_name="offered_slots", verbose_name=_("room")
    )
    day = models.DateField(_("day"))
    track = models.ForeignKey(
        Track,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="offered_slots",
        verbose_name=_("track"),
        help_text=_("Leave empty for sessions of any track."),
    )
    closes_at = models.DateTimeField(
        _("can be chosen until"), null=True, blank=True, help_text=_("Empty: always.")
    )

    objects = OfferedSlotQuerySet.as_manager()

    class Meta:
        verbose_name = _("offered slot")
        verbose_name_plural = _("offered slots")
        ordering = ["edition", "day", "since", "pk"]
        constraints = [
            hours_in_order("offered_slot_in_order"),
            models.UniqueConstraint(
                fields=["room", "day", "since"],
                name="offered_slot_once",
                violation_error_message=_("This slot is offered already."),
            ),
        ]
        indexes = [
            models.Index(
                fields=["edition", "day", "since", "id"], name="offered_slot_order"
            )
        ]

    def __str__(self) -> str:
        return f"{isolated(str(self.room))}, {isolated(self.text)}"

    def clean(self) -> None:
        super().clean()
        if not self.edition_id:
            return
        if self.room_id and self.room.edition_id != self.edition_id:
            raise ValidationError({"room": _("This room belongs to another edition.")})
        if self.day and self.edition.days and self.day not in self.edition.days:
            raise ValidationError({"day": _("This is not a day of the edition.")})

    @property
    def moments(self) -> tuple[datetime.datetime, datetime.datetime]:
        """Its start and its end."""
        return self.bounds(self.day, self.edition.zone)


def chosen_by(user: User) -> models.QuerySet[Session]:
    """The sessions for which a person may choose: as organizer or with any part in them, as long
    as the edition is not over."""
    parts = Participation.objects.filter(person__user=user)
    sessions: Any = Session.objects
    return sessions.filter(
        sessions.all().organized_by(user) | Q(pk__in=parts.values("session")),
        edition__end_date__gte=today(),
    )


def waiting_for(user: User) -> models.QuerySet[Session]:
    """Those of them that have no place yet, and for which a slot is offered."""
    slots = OfferedSlot.objects.open().filter(
        Q(track=None) | Q(track=OuterRef("track")), edition=OuterRef("edition")
    )
    return chosen_by(user).filter(Exists(slots), status__in=NOT_PLACED)
