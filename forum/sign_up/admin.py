"""Sign-ups in the admin: places of a session, and who has one."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from common.admin.read_only import KeptAdmin, ReadOnlyAdmin
from common.dates.admin import ZonedAdmin
from forum.base.admin import DeletesWithParts
from forum.sign_up.models import SignUp, SignUpList


@admin.register(SignUpList)
class SignUpListAdmin(DeletesWithParts, ZonedAdmin, KeptAdmin):
    """When there are more places, the first who wait move up at once."""

    zone_from = ("session", "edition")
    list_display = ("session", "places", "taken", "waiting", "closes_at")
    list_filter = (("session__edition", admin.RelatedOnlyFieldListFilter),)
    list_select_related = ("session__edition",)
    search_fields = ("session__title",)
    autocomplete_fields = ("session",)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[SignUpList]:
        held = models.Q(sign_ups__held_at__isnull=False)
        return (
            super()
            .get_queryset(request)
            .annotate(
                number_held=models.Count("sign_ups", filter=held),
                number=models.Count("sign_ups"),
            )
        )

    def save_model(
        self, request: HttpRequest, obj: SignUpList, form: ModelForm, change: bool
    ) -> None:
        super().save_model(request, obj, form, change)
        obj.settle()

    @admin.display(description=_("places taken"))
    def taken(self, record: Any) -> int:
        return int(record.number_held)

    @admin.display(description=_("waiting"))
    def waiting(self, record: Any) -> int:
        return int(record.number - record.number_held)


@admin.register(SignUp)
class SignUpAdmin(ReadOnlyAdmin):
    """Who signed up, in the order of the list."""

    list_display = ("registration", "list", "at", "held_at")
    list_filter = (
        ("held_at", admin.EmptyFieldListFilter),
        ("list__session__edition", admin.RelatedOnlyFieldListFilter),
    )
    list_select_related = ("registration", "list__session")
    search_fields = ("registration__name", "registration__code", "list__session__title")
    ordering = ("list", "pk")
