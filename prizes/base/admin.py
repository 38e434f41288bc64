"""What several pages of the desk share."""

from typing import Any

from django.http import HttpRequest

from common.text.digits import whole_number


def of_contest(request: HttpRequest, rows: Any, path: str) -> Any:
    """The choices of the contest that the address names (`?contest=…`), else of those that are
    not counted; `path` leads from a row to its contest."""
    contest = whole_number(request.GET.get("contest", ""))
    if contest is not None:
        return rows.filter(**{path: contest})
    return rows.filter(**{f"{path}__counted_at": None})
