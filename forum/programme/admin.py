"""The printed files in the admin: what was made of which release, and what went wrong."""

from django.contrib import admin

from common.admin.read_only import ReadOnlyAdmin
from forum.programme.models import Printout


@admin.register(Printout)
class PrintoutAdmin(ReadOnlyAdmin):
    list_display = ("agenda", "kind", "day", "language", "state", "created_at")
    list_filter = ("state", "kind", "language")
    list_select_related = ("agenda__edition",)
    exclude = ("token", "lease_until")
