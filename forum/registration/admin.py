"""Registrations, their tags, and capacities in the admin."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.db import models
from django.forms import ModelForm
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from common.admin.deletion import DeletesMistakes
from common.admin.read_only import Kept, KeptAdmin
from common.moves.workflow import MoveRefused
from forum.base.admin import MovesAdmin
from forum.registration.delegation import Delegation
from forum.registration.export import counts_of, sheet
from forum.registration.forms import AGREEMENT
from forum.registration.models import Capacity, Registration, RegistrationTag
from forum.registration.workflow import REGISTRATION_WORKFLOW

TAGS_OFFERED = 20  # each is an action of the list


@admin.register(RegistrationTag)
class RegistrationTagAdmin(DeletesMistakes, KeptAdmin):
    list_display = ("name",)
    search_fields = ("name",)


class RegistrationAdminForm(ModelForm):
    """A new one is the entry of somebody by staff."""

    agreed = forms.BooleanField(
        label=_("The person has agreed to this"), help_text=AGREEMENT, required=False
    )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if self.instance.pk:
            return data
        if not data.get("agreed"):
            self.add_error("agreed", _("Ask the person first."))
        if data.get("user") and data.get("email"):
            self.add_error("email", _("Leave this empty: the account has an address."))
        if data.get("edition") and data.get("attendance"):
            self._require_new(data)
        return data

    def _require_new(self, data: dict[str, Any]) -> None:
        # locked, so that nobody enters the same person meanwhile
        if data["attendance"] not in Capacity.lock_all(data["edition"].pk):
            sentence = _("This mode of attendance is not offered.")
            self.add_error("attendance", sentence)
        delegation = data.get("delegation")
        if delegation and delegation.edition_id != data["edition"].pk:
            self.add_error("delegation", _("This delegation is of another edition."))
        elif delegation and Delegation.locked(delegation.pk).is_full:
            self.add_error("delegation", _("The quota of this delegation is reached."))
        live = Registration.objects.live().filter(edition=data["edition"])
        address = data.get("email")
        own = models.Q(user=data["user"]) if data.get("user") else models.Q(pk=None)
        if address:
            own = models.Q(email=address) | models.Q(user__email=address)
        if live.filter(own).exists():
            self.add_error(
                "email" if address else "user",
                _("This person is already registered."),
            )


def tag_action(tag: RegistrationTag, *, removes: bool = False) -> Callable[..., None]:
    """The action that gives the tag to the selected registrations, or takes it from them."""

    def action(desk: Any, request: HttpRequest, chosen: models.QuerySet) -> None:
        rows = list(chosen)
        change = tag.registrations.remove if removes else tag.registrations.add
        change(*rows)
        for row in rows:
            desk.log_change(request, row, f"{'-' if removes else '+'} {tag}")
        messages.success(
            request, _("Tags are changed: %(count)d.") % {"count": len(rows)}
        )

    return action


@admin.register(Registration)
class RegistrationAdmin(MovesAdmin):
    """Approval and rejection follow the table of moves, and so does the counter of places."""

    workflow = REGISTRATION_WORKFLOW
    form = RegistrationAdminForm
    change_list_template = "admin/forum/registration/change_list.html"
    list_display = (
        "name",
        "status_tag",
        "attendance",
        "organization_name",
        "country",
        "edition",
        "created_at",
        "registered_by",
        "code",
    )
    list_filter = (
        "status",
        "as_speaker",
        "attendance",
        ("edition", admin.RelatedOnlyFieldListFilter),
        ("tags", admin.RelatedOnlyFieldListFilter),
        ("delegation", admin.RelatedOnlyFieldListFilter),
        "stakeholder_type",
    )
    list_select_related = ("edition", "country")
    search_fields = ("name", "organization_name", "code", "email", "user__email")
    autocomplete_fields = ("tags", "delegation")
    new_fields = (
        "edition",
        "user",
        "email",
        "delegation",
    )  # who it is, which does not change
    fields = (
        *new_fields,
        *(name for name in Registration.EDITABLE if name != "listed"),
        "tags",
        "agreed",
    )
    kept_fields = (
        "as_speaker",
        "status",
        "code",
        "created_at",
        "waitlisted_at",
        "approved_at",
        "listed",
        "registered_by",
        "history",
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        rows: Any = super().get_queryset(request)
        return rows.with_registrar()

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return (*self.new_fields, *self.kept_fields) if obj else ()

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return self.fields
        asked = [name for name in self.fields if name != "agreed"]
        return (*asked, *self.kept_fields)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.export_view)
        route = "export.<str:file_format>"
        return [
            path(route, view, name="forum_registration_export"),
            *super().get_urls(),
        ]

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions = super().get_actions(request)
        for tag in RegistrationTag.objects.all()[:TAGS_OFFERED]:
            add, remove = f"tag_{tag.pk}", f"untag_{tag.pk}"
            words = {"tag": tag.name}
            actions[add] = (tag_action(tag), add, _("Tag: %(tag)s") % words)
            actions[remove] = (
                tag_action(tag, removes=True),
                remove,
                _("Remove the tag: %(tag)s") % words,
            )
        return actions

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """The list, and above it how many of its rows there are by status and attendance."""
        response: Any = super().changelist_view(request, extra_context)
        context = getattr(response, "context_data", None) or {}
        if "cl" in context:
            context |= {"counts": counts_of(context["cl"].queryset)}
        return response

    def export_view(self, request: HttpRequest, file_format: str) -> HttpResponseBase:
        """The rows of the list, with its filters and words, as CSV or XLSX."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            rows = self.get_changelist_instance(request).queryset
        except IncorrectLookupParameters:
            return redirect("admin:forum_registration_changelist")
        return sheet(rows, file_format)

    def save_model(
        self, request: HttpRequest, obj: Registration, form: ModelForm, change: bool
    ) -> None:
        """Staff enter somebody, or change what no other move does; places are counted."""
        try:
            if change:
                obj.revise(request.user)
            else:
                obj.enter(request.user)
        except MoveRefused as error:
            messages.error(request, str(error.message))

    @admin.display(description=_("registered by"))
    def registered_by(self, record: Any) -> str:
        return record.registrar or "–"


@admin.register(Capacity)
class CapacityAdmin(KeptAdmin):
    list_display = ("edition", "attendance", "places", "taken")
    list_filter = (("edition", admin.RelatedOnlyFieldListFilter), "attendance")
    list_select_related = ("edition",)
    readonly_fields = ("taken",)

    def save_model(
        self, request: HttpRequest, obj: Capacity, form: ModelForm, change: bool
    ) -> None:
        """When there are more places, people on the waiting list move up at once."""
        super().save_model(request, obj, form, change)
        obj.fill()


class CapacityInline(Kept, admin.TabularInline):
    model = Capacity
    readonly_fields = ("taken",)
    extra = 0
