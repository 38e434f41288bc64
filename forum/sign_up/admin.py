"""Sign-ups in the admin: places of a session, and who has one."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.forms import ModelForm
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from common.admin.read_only import KeptAdmin, ReadOnlyAdmin
from common.dates.admin import ZonedAdmin
from common.dates.zones import in_words
from forum.base.admin import DeletesWithParts
from forum.base.sheets import SheetAdmin
from forum.sign_up.models import SignUp, SignUpList

COLUMNS: dict[Any, Any] = {
    _("session"): lambda row: row.list.session.title,
    _("start"): lambda row: row.list.session.time_text(),
    _("place"): lambda row: _("has a place") if row.held_at else _("waiting"),
    _("place in the waiting list"): lambda row: "" if row.held_at else row.ahead,
    _("confirmation code"): lambda row: row.registration.code,
    _("name on the badge"): lambda row: row.registration.name,
    _("e-mail address"): lambda row: (
        row.registration.user.email if row.registration.user else row.registration.email
    ),
    _("organization"): lambda row: row.registration.organization_name,
    _("country"): lambda row: row.registration.country_id or "",
    _("what you need to take part"): lambda row: row.registration.needs,
    _("signed up at"): lambda row: in_words(row.at, row.list.session.edition.zone),
}


@admin.register(SignUpList)
class SignUpListAdmin(DeletesWithParts, ZonedAdmin, KeptAdmin):
    """When there are more places, the first who wait move up at once."""

    zone_from = ("session", "edition")
    list_display = ("session", "places", "taken", "waiting", "closes_at", "people")
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

    @admin.display(description=_("people"))
    def people(self, record: SignUpList) -> SafeString:
        """The list of who signed up, from which the sheet of this session is downloaded."""
        rows = reverse("admin:forum_signup_changelist")
        return format_html(
            '<a href="{}?list__id__exact={}">{}</a>',
            rows,
            record.pk,
            _("Who signed up"),
        )

    @admin.display(description=_("places taken"))
    def taken(self, record: Any) -> int:
        return int(record.number_held)

    @admin.display(description=_("waiting"))
    def waiting(self, record: Any) -> int:
        return int(record.number - record.number_held)


@admin.register(SignUp)
class SignUpAdmin(SheetAdmin, ReadOnlyAdmin):
    """Who signed up, in the order of the list."""

    sheet_name = "sign-ups"
    sheet_columns = COLUMNS

    list_display = ("registration", "list", "at", "held_at")
    list_filter = (
        ("held_at", admin.EmptyFieldListFilter),
        ("list__session__edition", admin.RelatedOnlyFieldListFilter),
        ("list", admin.RelatedOnlyFieldListFilter),
    )
    list_select_related = ("registration", "list__session")
    search_fields = ("registration__name", "registration__code", "list__session__title")
    ordering = ("list", "pk")

    def sheet_rows(self, rows: models.QuerySet[SignUp]) -> models.QuerySet[SignUp]:
        ordered = rows.order_by("list__session__title", "list", "held_at", "pk")
        return ordered.with_place_in_list().select_related(  # type: ignore[attr-defined]  # its own queryset
            "list__session__edition", "registration__user"
        )
