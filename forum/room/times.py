"""When rooms are open, breaks, blocked times, and the walk between two buildings."""

import datetime
from collections import defaultdict
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models.functions import Greatest, Least
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from forum.edition.hours import LocalHours, hours_in_order, hours_of
from forum.edition.models import Edition
from forum.room.models import Room


class RoomHours(LocalHours):
    """When a room can be used. A room without such a row is never closed; else it is closed on
    every day that has none."""

    room = models.ForeignKey(
        Room, models.CASCADE, related_name="hours", verbose_name=_("room")
    )

    class Meta:
        verbose_name = _("opening hours")
        verbose_name_plural = _("opening hours")
        ordering = ["room", models.F("day").asc(nulls_first=True), "since", "pk"]
        constraints = [hours_in_order("room_hours_in_order")]

    def __str__(self) -> str:
        return self.text


class BlockedTime(LocalHours):
    """A time in which no session takes place: in one room, or in all of them, which is a break."""

    edition = models.ForeignKey(
        Edition, models.CASCADE, related_name="blocked_times", verbose_name=_("edition")
    )
    title = models.CharField(_("title"), max_length=150)
    room = models.ForeignKey(
        Room,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="blocked_times",
        verbose_name=_("room"),
        help_text=_("Leave empty for a break in all rooms."),
    )

    class Meta:
        verbose_name = _("break or blocked time")
        verbose_name_plural = _("breaks and blocked times")
        ordering = ["edition", models.F("day").asc(nulls_first=True), "since", "pk"]
        constraints = [hours_in_order("blocked_time_in_order")]

    def __str__(self) -> str:
        return f"{self.title}, {self.text}"

    def clean(self) -> None:
        super().clean()
        if self.room and self.edition_id and self.room.edition_id != self.edition_id:
            raise ValidationError({"room": _("This room belongs to another edition.")})


LONGEST_WALK = 240  # minutes


class Walk(models.Model):
    """How long it takes from one building to another, in both directions."""

    edition = models.ForeignKey(
        Edition, models.CASCADE, related_name="walks", verbose_name=_("edition")
    )
    one = models.CharField(_("building"), max_length=150)
    other = models.CharField(_("other building"), max_length=150)
    minutes = models.PositiveSmallIntegerField(
        _("minutes on foot"), validators=[MaxValueValidator(LONGEST_WALK)]
    )

    class Meta:
        verbose_name = _("walk between buildings")
        verbose_name_plural = _("walks between buildings")
        ordering = ["edition", "one", "other"]
        constraints = [
            models.UniqueConstraint(
                "edition",
                Least("one", "other"),
                Greatest("one", "other"),
                name="walk_once",
                violation_error_message=_("This walk is in the list already."),
            ),
            models.CheckConstraint(
                condition=~models.Q(one=models.F("other")),
                name="walk_leads_elsewhere",
                violation_error_message=_("Enter two different buildings."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.one} ↔ {self.other}"


class Openings:
    """When the rooms of an edition can be used: read once, asked for many sessions."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        self.blocked = list(edition.blocked_times.all())
        self.hours: dict[int, list[LocalHours]] = defaultdict(list)
        for row in RoomHours.objects.filter(room__edition=edition):
            self.hours[row.room_id].append(row)

    def blocked_on(self, day: datetime.date) -> list[BlockedTime]:
        return [row for row in self.blocked if row.is_on(day)]

    def why_closed(self, session: Any) -> str:
        """A sentence that says why the session cannot be in its room at its time; "" if it can."""
        if not (session.room_id and session.start and session.end):
            return ""
        return self._why_blocked(session) or self._why_shut(session)

    def _why_blocked(self, session: Any) -> str:
        zone = self.edition.zone
        for day in self._days_of(session):
            for row in self.blocked_on(day):
                since, until = row.bounds(day, zone)
                is_here = row.room_id in (None, session.room_id)
                if is_here and since < session.end and session.start < until:
                    return self._blocked_by(row, session)
        return ""

    def _why_shut(self, session: Any) -> str:
        rows = self.hours.get(session.room_id)
        if not rows:
            return ""
        day = min(self._days_of(session))
        open_hours = hours_of(day, rows)
        for row in open_hours:
            since, until = row.bounds(day, self.edition.zone)
            if since <= session.start and session.end <= until:
                return ""
        return self._closed(session, open_hours)

    def _days_of(self, session: Any) -> set[datetime.date]:
        """The day on which it begins, and that on which it ends."""
        return {
            self.edition.local_day(session.start),
            self.edition.local_day(session.end),
        }

    @staticmethod
    def _blocked_by(row: BlockedTime, session: Any) -> str:
        if row.room_id is None:
            return gettext("“%(break)s” is a break in all rooms, %(hours)s.") % {
                "break": row.title,
                "hours": row.hours_text,
            }
        return gettext("“%(room)s” is blocked for “%(title)s”, %(hours)s.") % {
            "room": session.room,
            "title": row.title,
            "hours": row.hours_text,
        }

    @staticmethod
    def _closed(session: Any, open_hours: list[LocalHours]) -> str:
        if not open_hours:
            return gettext("“%(room)s” is closed on this day.") % {"room": session.room}
        return gettext("“%(room)s” is open only %(hours)s.") % {
            "room": session.room,
            "hours": ", ".join(row.hours_text for row in open_hours),
        }
