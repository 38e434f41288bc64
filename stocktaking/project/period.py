"""Start and end of a project: as exact as known, at least a year."""

from collections.abc import Callable
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Least, Left, Length
from django.db.models.lookups import GreaterThanOrEqual
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.dates.partial import (
    MAX_LENGTH,
    Moment,
    WrittenDateField,
    in_order,
    shown,
)
from common.dates.partial import parse as parse_between

FIRST_YEAR = 1990  # older activities are not information-society projects
YEARS_AHEAD = 20
WRITTEN = r"^([0-9]{4}(-[0-9]{2}){0,2})?$"
BEFORE_START = _("The end is before the start.")


def latest_year() -> int:
    return timezone.now().year + YEARS_AHEAD


def validate_not_far_ahead(value: int) -> None:
    MaxValueValidator(latest_year())(value)


YEAR_VALIDATORS: list[Callable[[Any], None]] = [
    MinValueValidator(FIRST_YEAR),
    validate_not_far_ahead,
]


def parse(text: str) -> Moment:
    """2004, 2004-05 or 2004-05-12. Raises ValidationError with a sentence."""
    return parse_between(text, FIRST_YEAR, latest_year())


def validate_date(text: str) -> None:
    parse(text)


def _written(name: Any) -> models.CharField:
    return WrittenDateField(
        name,
        max_length=MAX_LENGTH,
        blank=True,
        default="",
        db_default="",
        validators=[validate_date],
    )


class Period(models.Model):
    """Start and end in ISO 8601 as exact as known: 2004, 2004-05 or 2004-05-12.

    `start_year` and `end_year` are their years; setting one drops month and day.
    """

    start_date = _written(_("start"))
    end_date = _written(_("end"))

    class Meta:
        abstract = True

    @property
    def start_year(self) -> int | None:
        return int(self.start_date[:4]) if self.start_date else None

    @start_year.setter
    def start_year(self, year: int | None) -> None:
        if year != self.start_year:
            self.start_date = "" if year is None else str(year)

    @property
    def end_year(self) -> int | None:
        return int(self.end_date[:4]) if self.end_date else None

    @end_year.setter
    def end_year(self, year: int | None) -> None:
        if year != self.end_year:
            self.end_date = "" if year is None else str(year)

    @property
    def period(self) -> str:
        """The period in words, such as May 2004 to 2009; open ends stay open."""
        start, end = shown(self.start_date), shown(self.end_date)
        return start if start == end else f"{start} – {end}".strip()

    @property
    def interval(self) -> str:
        """The period in EDTF, as schema.org uses it: 2004-05/2009, 2004/.. or nothing."""
        if not (self.start_date or self.end_date):
            return ""
        return f"{self.start_date or '..'}/{self.end_date or '..'}"

    @property
    def is_in_order(self) -> bool:
        return in_order(self.start_date, self.end_date)


def shorter() -> Least:
    return Least(Length("start_date"), Length("end_date"))


PERIOD_CONSTRAINTS = [
    models.CheckConstraint(
        condition=models.Q(start_date__regex=WRITTEN, end_date__regex=WRITTEN),
        name="project_dates_written",
    ),
    # the less exact of the two says how far they are compared
    models.CheckConstraint(
        condition=GreaterThanOrEqual(
            Left("end_date", shorter()), Left("start_date", shorter())
        ),
        name="project_ends_after_start",
        violation_error_message=BEFORE_START,
    ),
]
