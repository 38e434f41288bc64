"""What `PortalAdminSite` adds to each admin and inline that is registered with it."""

from functools import cache
from typing import Any

from django.contrib import admin
from django.contrib.admin.options import BaseModelAdmin, InlineModelAdmin
from django.contrib.admin.widgets import AdminSplitDateTime
from django.contrib.auth import get_user_model
from django.db import models
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from common.admin.choices import (
    TIME_ZONE,
    field_of_codes,
    field_of_zone,
    has_listed_codes,
)
from common.admin.guard import (
    CONFLICT,
    conflicts_in,
    guarded,
    is_about_names_only,
    is_save,
    locked,
)
from common.admin.people import PersonField, fields_of_people
from common.admin.records import LookedUpRecord, LookedUpRecords


class PortalFields(BaseModelAdmin):
    """Form fields: people are looked up, and every input has a name."""

    def get_autocomplete_fields(self, request: HttpRequest) -> Any:
        declared = super().get_autocomplete_fields(request)
        return (*declared, *fields_of_people(self.model))

    def formfield_for_foreignkey(
        self, db_field: Any, request: HttpRequest | None, **kwargs: Any
    ) -> Any:
        if db_field.remote_field.model is get_user_model():
            kwargs.setdefault("form_class", PersonField)
        if request and db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", LookedUpRecord(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[arg-type]  # None is fine

    def formfield_for_manytomany(
        self, db_field: Any, request: HttpRequest | None, **kwargs: Any
    ) -> Any:
        if request and db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", LookedUpRecords(db_field, self.admin_site))
        return super().formfield_for_manytomany(db_field, request, **kwargs)  # type: ignore[arg-type]  # None is fine

    def formfield_for_dbfield(
        self, db_field: models.Field, request: HttpRequest | None, **kwargs: Any
    ) -> Any:
        if has_listed_codes(db_field):
            return field_of_codes(db_field)
        if db_field.name == TIME_ZONE:
            return field_of_zone(db_field)
        if isinstance(db_field, models.URLField):
            kwargs.setdefault("assume_scheme", "https")
        field: Any = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[arg-type]  # None is fine
        if field and isinstance(field.widget, AdminSplitDateTime):
            parts = zip(field.widget.widgets, (_("date"), _("time")), strict=True)
            for widget, part in parts:
                widget.attrs["aria-label"] = format_lazy("{}: {}", field.label, part)
        return field


class PortalInline(PortalFields, InlineModelAdmin):
    def get_formset(
        self, request: HttpRequest, obj: Model | None = None, **kwargs: Any
    ) -> Any:
        formset = super().get_formset(request, obj, **kwargs)
        if obj is not None and not is_about_names_only(kwargs):
            key: Any = formset.fk  # the field, not its descriptor
            row = (key.name, self.model._meta.pk.name, "DELETE", "ORDER")
            formset.form = guarded(formset.form, row)
        return formset


class PortalAdmin(PortalFields, admin.ModelAdmin):
    def get_inlines(self, request: HttpRequest, obj: Any) -> list[Any]:
        return [portal_inline(inline) for inline in super().get_inlines(request, obj)]

    def get_form(
        self,
        request: HttpRequest,
        obj: Model | None = None,
        change: bool = False,
        **kwargs: Any,
    ) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        is_guarded = change and obj is not None and not is_about_names_only(kwargs)
        return guarded(form) if is_guarded else form

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Any:
        """Lock the row while a change is saved: a second save waits, then compares with the
        first."""
        record = super().get_object(request, object_id, from_field)
        if record is None or not is_save(request):
            return record
        locked(self.model, record.pk)
        return super().get_object(request, object_id, from_field)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        conflicts = list(conflicts_in(context))
        context["conflicts"] = conflicts
        response = super().render_change_form(request, context, *args, **kwargs)
        if conflicts:
            response.status_code = CONFLICT
        return response


def mixed(addition: type[Any], base: type[Any]) -> type[Any]:
    """`base` with the portal's additions, under its own name."""
    if issubclass(base, addition):
        return base
    names = {"__module__": base.__module__, "__doc__": base.__doc__}
    return type(base.__name__, (addition, base), names)


@cache
def portal_inline(inline: type[Any]) -> type[Any]:
    return mixed(PortalInline, inline)


def portal_admin(admin_class: type[Any] | None) -> type[Any]:
    return mixed(PortalAdmin, admin_class or admin.ModelAdmin)
