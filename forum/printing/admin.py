"""Print jobs in the admin; files are made on the pages of the edition."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from common.admin.read_only import ReadOnlyAdmin
from forum.printing.kinds import KINDS
from forum.printing.models import PrintJob


@admin.register(PrintJob)
class PrintJobAdmin(ReadOnlyAdmin):
    list_display = ("edition", "title", "state", "percent", "printed", "created_at")
    list_filter = (("edition", admin.RelatedOnlyFieldListFilter), "state")
    list_select_related = ("edition",)
    exclude = ("token", "file", "log", "options")

    @admin.display(description=_("kind"), ordering="kind")
    def title(self, job: PrintJob) -> str:
        return str(KINDS[job.kind].title) if job.kind in KINDS else job.kind
