"""Dates as exact as their source: a day, a month or only a year."""

import calendar
import datetime
import re
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import formats
from django.utils.translation import gettext_lazy as _

from common.text.digits import western

WRITTEN = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
MAX_LENGTH = len("2025-12-17")


class WrittenDateField(models.CharField):
    """A date as text; digits of any keyboard are accepted and stored as 0 to 9."""

    def to_python(self, value: Any) -> Any:
        return (
            western(value).strip()
            if isinstance(value, str)
            else super().to_python(value)
        )

    def get_prep_value(self, value: object) -> Any:
        return self.to_python(super().get_prep_value(value))

    def formfield(self, **options: Any) -> Any:
        return super().formfield(**{"form_class": WrittenDateFormField} | options)

    def deconstruct(self) -> Any:
        """For the database it is a text column."""
        name, _path, args, options = super().deconstruct()
        return name, "django.db.models.CharField", args, options


class WrittenDateFormField(forms.CharField):
    def to_python(self, value: Any) -> str:
        return western(super().to_python(value) or "")


class Precision(models.TextChoices):
    DAY = "day", _("day")
    MONTH = "month", _("month")
    YEAR = "year", _("year")


class Moment(NamedTuple):
    """The first day that a partial date can mean, and its precision."""

    first: datetime.date
    precision: str

    @property
    def last(self) -> datetime.date:
        """The last day that it can mean: 2025-12 may be the 31st."""
        if self.precision == Precision.YEAR:
            return datetime.date(self.first.year, 12, 31)
        if self.precision == Precision.MONTH:
            days = calendar.monthrange(self.first.year, self.first.month)[1]
            return self.first.replace(day=days)
        return self.first

    @property
    def iso(self) -> str:
        """ISO 8601, as short as the precision allows: 2025, 2025-12, 2025-12-17."""
        length = {Precision.YEAR: 4, Precision.MONTH: 7}.get(
            Precision(self.precision), 10
        )
        return self.first.isoformat()[:length]

    def __str__(self) -> str:
        if self.precision == Precision.YEAR:
            return str(self.first.year)
        form = (
            "YEAR_MONTH_FORMAT" if self.precision == Precision.MONTH else "DATE_FORMAT"
        )
        return formats.date_format(self.first, form)


def parse(text: str, first_year: int, last_year: int) -> Moment:
    """2025, 2025-07 or 2025-07-11. Raises ValidationError with a sentence."""
    match = WRITTEN.fullmatch(western(text).strip())
    if not match:
        raise ValidationError(
            _("Enter a date such as 2025, 2025-07 or 2025-07-11, not “%(value)s”."),
            code="date",
            params={"value": text[:20]},
        )
    year, month, day = match.groups()
    if not first_year <= int(year) <= last_year:
        raise ValidationError(
            _("Enter a year from %(first)s to %(last)s."),
            code="date",
            params={"first": first_year, "last": last_year},
        )
    try:
        first = datetime.date(int(year), int(month or 1), int(day or 1))
    except ValueError as error:
        raise ValidationError(
            _("This day does not exist: “%(value)s”."),
            code="date",
            params={"value": text[:20]},
        ) from error
    precision = Precision.DAY if day else Precision.MONTH if month else Precision.YEAR
    return Moment(first, precision.value)


def shown(text: str) -> str:
    """A date in the words of the page's language; as it is when it is none of ours."""
    year = text[:4]
    known = year.isascii() and year.isdigit() and int(year) > 0
    return str(parse(text, int(year), int(year))) if known else text


def in_order(start: str, end: str) -> bool:
    """Whether the end is not before the start, compared at the precision of the less exact one:
    2004-05 to 2004 is in order, and so is a missing start or end."""
    length = min(len(start), len(end))
    return start[:length] <= end[:length]
