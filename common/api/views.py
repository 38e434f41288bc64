"""Base classes of the API's views, and how they are described in OpenAPI."""

from typing import Any

import django_filters
from django.conf import settings
from django.db import models
from django.db.models import Model
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter
from rest_framework import exceptions, viewsets
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from common.caching.headers import revocable
from common.lists.filters import NAMED, PASSED_BY, Filters, printable
from common.lists.paging import MAX_PAGE_SIZE, PAGE_SIZE, Keyset

LANGUAGES = [code for code, _name in settings.LANGUAGES]
LANG = OpenApiParameter(
    "lang", enum=LANGUAGES, description="Language of names; English when absent."
)
CURSOR = OpenApiParameter("cursor", description="From `next` of the page before.")
PAGE = OpenApiParameter(
    "page_size",
    {"type": "integer", "minimum": 1, "maximum": MAX_PAGE_SIZE, "default": PAGE_SIZE},
    description=f"1 to {MAX_PAGE_SIZE}; {PAGE_SIZE} when absent.",
)


def filter_parameters(filters: type[Filters]) -> list[OpenApiParameter]:
    """The filters of a list as OpenAPI parameters."""
    return [
        OpenApiParameter(
            name,
            many=isinstance(one, django_filters.MultipleChoiceFilter),
            description=str(one.label or name),
        )
        for name, one in filters.base_filters.items()
        if name not in filters.shows_only
    ]


class Schema(AutoSchema):
    """Describes the parameters that `ApiViewSet` accepts; it refuses all others."""

    def get_override_parameters(self) -> list[Any]:
        parameters = [*super().get_override_parameters()]
        view: Any = self.view
        if getattr(view, "has_language", False):
            parameters.append(LANG)
        if getattr(view, "action", "") in getattr(view, "paged_actions", ()):
            parameters += [CURSOR, PAGE]
        if getattr(view, "action", "") == "list" and getattr(view, "filter_set", None):
            parameters += filter_parameters(view.filter_set)
        return parameters

    def _get_paginator(self) -> Any:
        """Pages are described by us; spectacular would add the cursor a second time."""
        return super()._get_paginator()

    def _get_pagination_parameters(self) -> list[Any]:
        return (
            []
            if hasattr(self.view, "paged_actions")
            else super()._get_pagination_parameters()
        )

    def get_filter_backends(self) -> list[Any]:
        return []


class ApiViewSet(viewsets.GenericViewSet[Any]):
    """Names in one language, known parameters only, keyset lists with the filters of a page."""

    pagination_class: Any = Keyset
    lookup_value_converter = "int"
    has_language = True
    paged_actions: tuple[str, ...] = ("list",)
    filter_set: type[Filters] | None = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.refuse_unknown_parameters(request)
        self.lang = request.GET.get("lang", self.usual_language())
        if self.lang not in LANGUAGES:
            raise exceptions.ValidationError(
                {"lang": _("This language is not available.")}
            )
        translation.activate(self.lang)

    def usual_language(self) -> str:
        """The language of an answer when no `lang` is given."""
        return str(settings.LANGUAGE_CODE)

    def refuse_unknown_parameters(self, request: Request) -> None:
        """Raises ValidationError for parameters that the description of the API does not name."""
        if not hasattr(self, str(self.action)):
            return  # the method is not allowed, or is OPTIONS
        allowed = {one.name for one in self.described().get_override_parameters()}
        unknown = [
            n for n in request.GET if n not in allowed and not PASSED_BY.fullmatch(n)
        ]
        if self.action not in self.paged_actions:
            unknown += [
                n
                for n in ("cursor", "page_size")
                if n in request.GET and n not in allowed
            ]
        if unknown:
            raise exceptions.ValidationError(
                {printable(name): [self.why_unknown(name)] for name in unknown[:NAMED]}
            )

    def why_unknown(self, name: str) -> Any:
        if self.action not in self.paged_actions:
            return _("There is no parameter with this name.")
        if name == "page":
            return _("Follow “next” to read further pages.")
        return _("There is no filter with this name.")

    def described(self) -> Any:
        """The description of the present action."""
        method = getattr(self, str(self.action))
        made_for_it = getattr(method, "kwargs", {}).get("schema", Schema)
        schema = made_for_it()
        schema.view, schema.method = self, str(self.request.method)
        return schema

    def page(self, rows: models.QuerySet) -> Response:
        """One page of rows. Raises ValidationError for an invalid query."""
        if self.filter_set:
            filters = self.filter_set(self.request.GET, queryset=rows)
            if not filters.is_valid():
                raise exceptions.ValidationError(filters.problems)
            rows = filters.qs
        rows_of_page = self.paginate_queryset(rows)
        return self.get_paginated_response(
            self.get_serializer(rows_of_page, many=True).data
        )

    def one(self, record: Model) -> Response:
        return Response(self.get_serializer(record).data)


class Records(ApiViewSet):
    """A list and its records, read-only."""

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.page(self.get_queryset())

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.one(self.get_object())


def moved_to(name: str, key: object, request: Request) -> Response:
    """301 to the record into which this one was merged; revocable, as a merge can be undone."""
    place = reverse(name, [key], request=request)
    query = request.GET.urlencode()
    headers = {"Location": f"{place}?{query}" if query else place}
    return revocable(Response(status=301, headers=headers))
