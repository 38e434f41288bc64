"""Documents and their versions in the admin."""

from django.contrib import admin

from roadmap.document.models import Document, Issue
from roadmap.record.admin import PublicRecordAdmin


class IssueInline(admin.TabularInline):
    model = Issue
    extra = 0


@admin.register(Document)
class DocumentAdmin(PublicRecordAdmin):
    goes_along = (Issue,)
    list_display = ("title", "issuer", "milestone")
    list_select_related = ("issuer", "milestone")
    search_fields = ("title",)
    autocomplete_fields = ("issuer", "milestone")
    inlines = (IssueInline,)
