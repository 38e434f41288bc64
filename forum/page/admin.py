"""An edition in the admin, with its phases and capacities."""

from collections.abc import Iterable

from django import forms
from django.contrib import admin
from django.db import models
from django.forms import BaseModelFormSet, ModelForm
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path

from common.admin.read_only import KeptAdmin
from common.dates.admin import ZonedAdmin
from forum.base.admin import DeletesWithParts
from forum.checkin.admin import GateInline, StewardInline
from forum.consultation.admin import PhaseInline
from forum.edition.models import Edition
from forum.page import copying_admin
from forum.registration.admin import CapacityInline
from forum.room.admin import CoordinatorInline, WalkInline
from forum.screening.admin import ScreeningRuleInline


@admin.register(Edition)
class EditionAdmin(DeletesWithParts, ZonedAdmin, KeptAdmin):
    zone_from = ()
    list_display = ("title", "slug", "kind", "start_date", "end_date", "venue")
    list_filter = ("kind",)
    search_fields = ("title", "slug", "theme")
    ordering = ("-last_year", "-pk")
    inlines = (
        PhaseInline,
        ScreeningRuleInline,
        CapacityInline,
        WalkInline,
        CoordinatorInline,
        GateInline,
        StewardInline,
    )
    change_form_template = "admin/forum/edition/change_form.html"
    formfield_overrides = {
        models.ManyToManyField: {"widget": forms.CheckboxSelectMultiple}
    }
    readonly_fields = ("created_at", "updated_at")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.copy_view)
        return [
            path("<int:pk>/copy/", view, name="forum_edition_copy"),
            *super().get_urls(),
        ]

    def copy_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        return copying_admin.page(self, request, pk)

    def save_related(
        self,
        request: HttpRequest,
        form: ModelForm,
        formsets: Iterable[BaseModelFormSet],
        change: bool,
    ) -> None:
        """When there are more places, people on the waiting list move up at once."""
        super().save_related(request, form, formsets, change)
        for capacity in form.instance.capacities.all():
            capacity.fill()
