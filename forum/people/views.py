"""The list of the people of the Forum."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from common.lists.paging import keyset_page
from forum.people.filters import PersonFilters
from forum.people.models import Person


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    filters = PersonFilters(
        request.GET, queryset=Person.objects.public().select_related("country")
    )
    understood = filters.is_valid()
    page = keyset_page(request, filters.qs)
    context = {"page": page, "filters": filters}
    return render(
        request, "forum/people/people.html", context, status=200 if understood else 400
    )
