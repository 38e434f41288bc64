"""What several admin pages of the prizes share."""

from typing import Any

from django.http import HttpRequest

from common.text.digits import whole_number


def of_contest(request: HttpRequest, rows: Any, path: str) -> Any:
    """The choices of the contest in the address (`?contest=…`), else of those not yet counted;
    `path` leads from a row to its contest."""
    contest = whole_number(request.GET.get("contest", ""))
    if contest is not None:
        return rows.filter(**{path: contest})
    return rows.filter(**{f"{path}__counted_at": None})
