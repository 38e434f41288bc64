"""Hours of one day or of every day, by the clock of the edition's place.

Opening hours, breaks and the hours in which a person can come are all typed like this: a clock on
the wall of the venue means them, not an instant.
"""

import datetime
import zoneinfo

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _


def hours_in_order(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=models.Q(until__gt=models.F("since")),
        name=name,
        violation_error_message=_("The end must be after the start."),
    )


class LocalHours(models.Model):
    day = models.DateField(
        _("day"), null=True, blank=True, help_text=_("Leave empty for every day.")
    )
    since = models.TimeField(_("from"))
    until = models.TimeField(_("until"))

    class Meta:
        abstract = True

    def clean(self) -> None:
        if self.since and self.until and self.until <= self.since:
            raise ValidationError({"until": _("The end must be after the start.")})

    @property
    def hours_text(self) -> str:
        """“12:30-13:30”."""
        return f"{self.since:%H:%M}–{self.until:%H:%M}"

    @property
    def text(self) -> str:
        """“5 July 2027, 12:30-13:30”; only the hours when they are those of every day."""
        if self.day is None:
            return self.hours_text
        return f"{date_format(self.day)}, {self.hours_text}"

    def is_on(self, day: datetime.date) -> bool:
        return self.day is None or self.day == day

    def bounds(
        self, day: datetime.date, zone: zoneinfo.ZoneInfo
    ) -> tuple[datetime.datetime, datetime.datetime]:
        """The two instants of these hours on a day."""
        since, until = (
            datetime.datetime.combine(day, clock, zone)
            for clock in (self.since, self.until)
        )
        return since, until


def hours_of(day: datetime.date, rows: list[LocalHours]) -> list[LocalHours]:
    """Those of this very day, else those of every day."""
    return [row for row in rows if row.day == day] or [
        row for row in rows if row.day is None
    ]
