"""A page that lists records of one kind with its filters."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from common.lists.paging import keyset_page

OK, BAD_REQUEST = 200, 400


def filtered_list(request: HttpRequest, template: str, filters: Any) -> HttpResponse:
    """A page of records with its filters; messages about invalid parameters are above the first
    page."""
    understood = filters.is_valid()
    rows = filters.qs if understood else filters.queryset.none()
    context = {"filter": filters, "page": keyset_page(request, rows)}
    status = OK if understood else BAD_REQUEST
    return render(request, template, context, status=status)
