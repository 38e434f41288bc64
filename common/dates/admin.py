"""Admin pages that show times by the clock of the record.

All other pages of the admin use Geneva's (accounts.session.middleware.time_zone). Each date and
time field names its clock: common.apps installs the field of common.dates.fields.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from common.dates.zones import (
    GENEVA_KEY,
    NamedZone,
    UndecidedZone,
    geneva,
    in_words,
    is_zone,
)


class ZonedAdmin(admin.ModelAdmin):
    """`zone_from` is the path from a record to what has the time zone: `("phase", "contest")`,
    `()` for the record itself. None: Geneva's."""

    zone_from: tuple[str, ...] | None = None

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        with timezone.override(self.zone_of_page(request, object_id)):
            response = super().changeform_view(
                request, object_id, form_url, extra_context
            )
            return response.render() if hasattr(response, "render") else response

    def zone_of_page(self, request: HttpRequest, object_id: str | None) -> NamedZone:
        """The time zone that the record will have when saved: a zone or contest chosen in the
        form itself counts already."""
        if self.zone_from is None:
            return geneva()
        sent = request.POST if request.method == "POST" else request.GET
        if not self.zone_from:
            key = sent.get("time_zone", "")
            if is_zone(key):
                return NamedZone(key)
        elif chosen := self._chosen(self.zone_from[0], sent.get(self.zone_from[0], "")):
            return follow(chosen, self.zone_from[1:])
        record = self._stored(
            self.model._default_manager.all(), unquote(object_id) if object_id else ""
        )
        if record is not None:
            return follow(record, self.zone_from)
        return UndecidedZone(GENEVA_KEY)

    def _chosen(self, name: str, pk: str) -> Any:
        return self._stored(getattr(self.model, name).get_queryset(), pk)

    @staticmethod
    def _stored(rows: models.QuerySet[Any], pk: str) -> Any:
        try:
            return rows.filter(pk=pk).first() if pk else None
        except (ValueError, ValidationError):
            return None

    def get_list_display(self, request: HttpRequest) -> Any:
        """Columns with times, each row by its own clock."""
        columns = super().get_list_display(request)
        if self.zone_from is None:
            return columns
        return [self._column(column) for column in columns]

    def _column(self, column: object) -> Any:
        made: dict[Any, Any] = self.__dict__.setdefault("_zoned_columns", {})
        if column not in made:
            made[column] = self._column_in_words(column)
        return made[column]

    def _column_in_words(self, column: object) -> Any:
        try:
            field: Any = (
                self.model._meta.get_field(column) if isinstance(column, str) else None
            )
        except FieldDoesNotExist:
            field = None
        if not isinstance(field, models.DateTimeField):
            return column
        return column_of(field, self.zone_from or ())


def column_of(
    field: models.DateTimeField, zone_from: tuple[str, ...]
) -> Callable[[Any], str | None]:
    @admin.display(description=field.verbose_name, ordering=field.name, empty_value="–")
    def show(record: Model) -> str | None:
        moment = getattr(record, field.name)
        return in_words(moment, follow(record, zone_from)) if moment else None

    show.__name__ = field.name
    return show


def follow(record: Any, path: tuple[str, ...]) -> NamedZone:
    """The time zone at the end of the path; Geneva's when a link of it is empty."""
    for name in path:
        record = getattr(record, name, None)
    return getattr(record, "zone", None) or geneva()
