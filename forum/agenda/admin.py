"""The released agenda, its releases, stars and calendar addresses in the admin."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from common.admin.read_only import ReadOnlyAdmin
from common.dates.admin import ZonedAdmin
from common.moves.workflow import MoveRefused
from forum.agenda.forms import ReleaseForm
from forum.agenda.models import AgendaRelease, CalendarKey, ReleasedSession, Star
from forum.agenda.releasing import release_agenda


@admin.register(ReleasedSession)
class ReleasedSessionAdmin(ZonedAdmin, ReadOnlyAdmin):
    zone_from = ("edition",)
    list_display = (
        "title",
        "edition",
        "day",
        "room",
        "status",
        "sequence",
        "changed_at",
    )
    list_filter = (("edition", admin.RelatedOnlyFieldListFilter), "status")
    list_select_related = ("edition", "room")
    search_fields = ("title", "number")
    ordering = ("-changed_at", "pk")
    exclude = ("words",)


@admin.register(AgendaRelease)
class AgendaReleaseAdmin(ZonedAdmin, ReadOnlyAdmin):
    zone_from = ("edition",)
    list_display = ("edition", "__str__", "at", "by")
    list_filter = (("edition", admin.RelatedOnlyFieldListFilter),)
    list_select_related = ("edition", "by")
    search_fields = ("name", "note")
    exclude = ("content",)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[AgendaRelease]:
        return super().get_queryset(request).defer("content")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.release_view)
        return [
            path("release/", view, name="forum_session_release"),
            *super().get_urls(),
        ]

    def release_view(self, request: HttpRequest) -> HttpResponse:
        """Name and make the next release of an edition's agenda; a sentence says what prevents
        it."""
        if not request.user.has_perm("forum.change_session"):
            raise PermissionDenied
        form = ReleaseForm(request.POST or None)
        refused, status = "", 200
        if form.is_valid():
            data = form.cleaned_data
            try:
                made = release_agenda(
                    data["edition"],
                    request.user,
                    data["name"],
                    data["note"],
                    early_reason=data["early_reason"],
                )
            except MoveRefused as error:
                refused, status = str(error.message), error.http_status
            else:
                messages.success(
                    request,
                    _("Release %(number)d is public.") % {"number": made.number},
                )
                return redirect(made)
        elif form.errors:
            status = 400
        context = self.admin_site.each_context(request) | {
            "title": _("Release the agenda"),
            "opts": self.model._meta,
            "form": form,
            "refused": refused,
        }
        return render(
            request, "admin/forum/session/release.html", context, status=status
        )


@admin.register(Star)
class StarAdmin(ReadOnlyAdmin):
    list_display = ("session", "level", "at")
    list_select_related = ("session",)
    search_fields = ("session__title",)
    exclude = ("user",)


@admin.register(CalendarKey)
class CalendarKeyAdmin(ReadOnlyAdmin):
    """Staff see only that somebody has a secret address, not the address."""

    list_display = ("user", "created_at")
    list_select_related = ("user",)
    search_fields = ("user__email",)
    exclude = ("token",)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return admin.ModelAdmin.has_delete_permission(self, request, obj)
