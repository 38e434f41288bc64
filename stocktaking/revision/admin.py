"""New versions in the admin; waiting ones are decided at the moderation desk."""

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from common.admin.read_only import KeptAdmin
from stocktaking.revision.models import Revision
from stocktaking.revision.workflow import WAITING_REVISIONS


@admin.register(Revision)
class RevisionAdmin(KeptAdmin):
    list_display = ("of_project", "page", "status", "base_version", "submitted_at")
    list_filter = ("status",)
    list_select_related = ("project",)
    search_fields = ("project__title",)
    ordering = ("-updated_at", "-pk")
    readonly_fields = [field.name for field in Revision._meta.fields]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @admin.display(description=_("project"))
    def of_project(self, revision: Revision) -> str:
        return f"{revision.project.number} {revision.project}"

    @admin.display(description=_("changes"))
    def page(self, revision: Revision) -> SafeString:
        if revision.status in WAITING_REVISIONS:
            desk = reverse("admin:stocktaking_project_item", args=[revision.project_id])
            return format_html(
                '<a href="{}">{}</a>', desk, _("Decide at the moderation desk")
            )
        return format_html(
            '<a href="{}">{}</a>', revision.get_absolute_url(), _("See what changed")
        )
