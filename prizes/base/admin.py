"""What several pages of the desk share."""

from typing import Any

from django.http import HttpRequest

from common.dates.admin import ZonedAdmin
from common.text.digits import whole_number


class ReadOnlyAdmin(ZonedAdmin):
    """Rows that only the portal writes."""

    show_full_result_count = False
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def of_contest(request: HttpRequest, rows: Any, path: str) -> Any:
    """The choices of the contest that the address names (`?contest=…`), else of those that are
    not counted; `path` leads from a row to its contest."""
    contest = whole_number(request.GET.get("contest", ""))
    if contest is not None:
        return rows.filter(**{path: contest})
    return rows.filter(**{f"{path}__counted_at": None})


class KeptAdmin(ZonedAdmin):
    """Rows that staff make and change, but that nobody deletes."""

    show_full_result_count = False
    list_per_page = 50

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
