"""Lists that are as fast at page 500 as at page 1: a page begins after a row, not at a number."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import exceptions, pagination
from rest_framework.request import Request
from rest_framework.response import Response

from common.text.digits import whole_number

PAGE_SIZE, MAX_PAGE_SIZE = 20, 100


def page_size(text: str) -> int:
    """A number from 1 to 100. Raises ValidationError of the API."""
    size = whole_number(text, MAX_PAGE_SIZE)
    if not size:
        raise exceptions.ValidationError(
            {"page_size": gettext_lazy("Enter a number from 1 to 100.")}
        )
    return size


class Keyset(pagination.CursorPagination):
    """Pages of a queryset in its own order; the first column of the order must never be NULL."""

    page_size = PAGE_SIZE
    counts_to: int | None = None  # rows; None counts all
    page_size_query_param = "page_size"

    def get_ordering(
        self, request: Request, queryset: models.QuerySet, view: object
    ) -> tuple[str, ...]:
        return tuple(queryset.query.order_by or queryset.model._meta.ordering)

    def get_page_size(self, request: Request) -> int:
        return page_size(request.query_params.get("page_size") or str(self.page_size))

    def paginate_queryset(
        self, queryset: Any, request: Request, view: Any = None
    ) -> list[Any]:
        self.count = queryset.order_by()[: self.counts_to].count()
        try:
            return super().paginate_queryset(queryset, request, view) or []
        except exceptions.NotFound as error:
            raise exceptions.ValidationError(
                {"cursor": gettext_lazy("The cursor is not valid.")}
            ) from error

    def get_paginated_response(self, data: list[Any]) -> Response:
        return Response(
            {"count": self.count, "next": self.get_next_link(), "results": data}
        )

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        return {
            "type": "object",
            "required": ["count", "next", "results"],
            "properties": {
                "count": {"type": "integer"},
                "next": {"type": ["string", "null"], "format": "uri"},
                "results": schema,
            },
        }


@dataclass(frozen=True)
class KeysetPage:
    """Rows of one page; `next` and `previous` are query strings, None at the ends."""

    object_list: list[Any]
    count: int
    next: str | None
    previous: str | None
    error: str = ""


class _ForPeople(Keyset):
    """The page size is fixed; `first` ignores the cursor."""

    def __init__(
        self, size: int, counts_to: int | None = None, *, first: bool = False
    ) -> None:
        self.page_size, self.counts_to, self.first = size, counts_to, first

    def get_page_size(self, request: Request) -> int:
        return self.page_size

    def decode_cursor(self, request: Request) -> Any:
        return None if self.first else super().decode_cursor(request)


def keyset_page(
    request: HttpRequest,
    rows: models.QuerySet,
    size: int = PAGE_SIZE,
    counts_to: int | None = None,
) -> KeysetPage:
    """The page that `?cursor=` names; the first one, with a sentence, for an invalid cursor.

    `counts_to` stops counting early where there may be very many rows.
    """
    pager, error = _ForPeople(size, counts_to), ""
    try:
        rows_of_page = pager.paginate_queryset(rows, Request(request))
    except exceptions.ValidationError:
        error = _("This list has no such page; this is the first page.")
        pager = _ForPeople(size, counts_to, first=True)
        rows_of_page = pager.paginate_queryset(rows, Request(request))
    links = (pager.get_next_link(), pager.get_previous_link())
    after, before = (link and f"?{urlsplit(link).query}" for link in links)
    return KeysetPage(rows_of_page, pager.count, after, before, error)
