"""Date and time fields that name their time zone."""

import datetime
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminSplitDateTime
from django.core.exceptions import ValidationError
from django.utils import timezone

from common.dates.zones import named, read, zone_label


def zone_in_force() -> str:
    """The name of the time zone in which this form reads and shows times."""
    zone = named(None)
    return str(getattr(zone, "label", None) or zone_label(str(zone)))


class ZonedSplitDateTime(AdminSplitDateTime):
    """Date and time in an admin form, with the name of the time zone below."""

    template_name = "common/_zoned_datetime.html"

    def get_context(
        self, name: str, value: object, attrs: dict[str, Any] | None
    ) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        context["zone"] = zone_in_force()
        return context


class ZonedDateTimeInput(forms.DateTimeInput):
    """Date and time in one field of a page, with the name of the time zone beside it."""

    template_name = "common/_zoned_datetime_input.html"
    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")

    def get_context(
        self, name: str, value: object, attrs: dict[str, Any] | None
    ) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        context["zone"] = zone_in_force()
        return context


class ZonedSplitDateTimeField(forms.SplitDateTimeField):
    widget = ZonedSplitDateTime

    def clean(self, value: object) -> Any:
        """A value that the form does not change keeps its microseconds."""
        return value if self.disabled else super().clean(value)

    def compress(self, data_list: Any) -> datetime.datetime | None:
        """Raises ValidationError for a time that does not exist or is ambiguous in the zone."""
        if not data_list:
            return None
        day, time = data_list
        if day in self.empty_values:
            raise ValidationError(
                self.error_messages["invalid_date"], code="invalid_date"
            )
        if time in self.empty_values:
            raise ValidationError(
                self.error_messages["invalid_time"], code="invalid_time"
            )
        return read(datetime.datetime.combine(day, time))


class ZonedDateTimeField(forms.DateTimeField):
    widget = ZonedDateTimeInput

    def to_python(self, value: Any) -> datetime.datetime | None:
        """Raises ValidationError for a time that does not exist or is ambiguous in the zone."""
        with timezone.override(
            datetime.UTC
        ):  # the parent would say it in its own words
            moment: datetime.datetime | None = super().to_python(value)
        return None if moment is None else read(moment.replace(tzinfo=None))
