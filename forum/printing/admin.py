"""Print jobs in the admin; files are made on the pages of the edition."""

from django.contrib import admin

from common.admin.read_only import ReadOnlyAdmin
from forum.printing.models import PrintJob


@admin.register(PrintJob)
class PrintJobAdmin(ReadOnlyAdmin):
    list_display = ("edition", "kind", "state", "percent", "printed", "created_at")
    list_filter = (("edition", admin.RelatedOnlyFieldListFilter), "state")
    list_select_related = ("edition",)
    exclude = ("token", "file")
