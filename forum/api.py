"""The Forum over the API, for reading: the same rows and filters as the pages."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from common.filters import Filters
from common.paging import Keyset
from forum.filters import AgendaFilters, DocumentFilters, PersonFilters
from forum.models import AgendaRelease, Document, Edition, Person, Phase, ReleasedSession
from forum.serializers import (
    ConsultationRow,
    EditionRow,
    ForumDocumentRow,
    PersonRow,
    ReleaseRow,
    SessionRow,
)
from forum.statistics import statistics

LANG = OpenApiParameter("lang", enum=[code for code, _name in settings.LANGUAGES],
                        description="Language of names; English when absent.")  # fmt: skip
PAGING = [
    OpenApiParameter("cursor", description="From `next` of the page before."),
    OpenApiParameter("page_size", int, description="1 to 100; 20 when absent."),
    LANG,
]


def asked(filters: type[Filters]) -> list[OpenApiParameter]:
    """The parameters of a set of filters, as the description names them."""
    return [
        OpenApiParameter(name, description=str(one.label or "Words to find."))
        for name, one in filters.base_filters.items()
        if name != "tz"
    ]


class ReadViewSet(viewsets.GenericViewSet):
    """Lists by keyset with the filters of a page; single records by id."""

    pagination_class = Keyset
    lookup_value_converter = "int"
    filters: type[Filters] | None = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.lang = request.GET.get("lang", settings.LANGUAGE_CODE)
        if self.lang not in dict(settings.LANGUAGES):
            raise exceptions.ValidationError({"lang": _("This language is not available.")})

    def page(self, request: Request, rows: models.QuerySet) -> Response:
        """One page of rows. Raises ValidationError for a question that is not understood."""
        if self.filters:
            filters = self.filters(request.GET, queryset=rows)
            if not filters.is_valid():
                raise exceptions.ValidationError(filters.problems)
            rows = filters.qs
        found = self.paginate_queryset(rows)
        with translation.override(self.lang):
            return self.get_paginated_response(self.get_serializer(found, many=True).data)

    def one(self, record: Any) -> Response:
        with translation.override(self.lang):
            return Response(self.get_serializer(record).data)


class EditionViewSet(ReadViewSet):
    """Editions since the Summit, and their open consultations."""

    queryset = Edition.objects.newest_first()
    serializer_class = EditionRow
    lookup_field = "slug"
    lookup_value_converter = "slug"

    @extend_schema(parameters=PAGING)
    def list(self, request: Request) -> Response:
        """All editions, the newest first."""
        return self.page(request, Edition.objects.order_by("-last_year", "-pk"))

    @extend_schema(parameters=[LANG])
    def retrieve(self, request: Request, slug: str) -> Response:
        return self.one(self.get_object())

    @extend_schema(parameters=[LANG], responses=ConsultationRow, filters=False)
    @action(detail=True, pagination_class=None)
    def consultation(self, request: Request, slug: str) -> Response:
        """Phases of the open consultation and what was handed in; no names, no texts."""
        edition = self.get_object()
        with translation.override(self.lang):
            found: dict[str, Any] = dict(statistics(edition))
            found["phases"] = Phase.objects.with_state().filter(edition=edition)
            return Response(ConsultationRow(found).data)

    @extend_schema(parameters=PAGING, responses=ReleaseRow(many=True), filters=False)
    @action(detail=True)
    def releases(self, request: Request, slug: str) -> Response:
        """Releases of the agenda, the oldest first, each with what it changed: old → new."""
        edition = self.get_object()
        rows = AgendaRelease.objects.filter(edition=edition).select_related("edition")
        self.serializer_class = ReleaseRow  # type: ignore[assignment]  # of this one list
        return self.page(request, rows.defer("content").order_by("pk"))


class SessionViewSet(ReadViewSet):
    """Sessions of the released agendas."""

    queryset = ReleasedSession.objects.none()
    serializer_class = SessionRow
    filters = AgendaFilters

    @extend_schema(parameters=[*asked(AgendaFilters), *PAGING])
    def list(self, request: Request) -> Response:
        """Sessions with the filters of the agenda page, in the order in which they were made."""
        rows = ReleasedSession.objects.select_related("edition")
        return self.page(request, rows.defer("words").order_by("pk"))

    @extend_schema(parameters=[LANG])
    def retrieve(self, request: Request, pk: int) -> Response:
        rows = ReleasedSession.objects.select_related("edition")
        self.queryset = rows.defer("words")
        return self.one(self.get_object())


class PersonViewSet(ReadViewSet):
    """People with a part in a released agenda."""

    queryset = Person.objects.none()
    serializer_class = PersonRow
    filters = PersonFilters

    @extend_schema(parameters=[*asked(PersonFilters), *PAGING])
    def list(self, request: Request) -> Response:
        return self.page(request, Person.objects.public())

    @extend_schema(parameters=[LANG])
    def retrieve(self, request: Request, pk: int) -> Response:
        self.queryset = Person.objects.public()
        return self.one(self.get_object())


class DocumentViewSet(ReadViewSet):
    """Outcome documents, summaries, agendas."""

    queryset = Document.objects.none()
    serializer_class = ForumDocumentRow
    filters = DocumentFilters

    @extend_schema(parameters=[*asked(DocumentFilters), *PAGING])
    def list(self, request: Request) -> Response:
        rows = Document.objects.filter(is_public=True).select_related("edition")
        return self.page(request, rows.order_by("pk"))
