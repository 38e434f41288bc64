"""The Forum over the API, for reading: the same rows and filters as the pages."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from common.viewsets import ApiViewSet, moved_to
from forum.filters import AgendaFilters, DocumentFilters, PersonFilters
from forum.models import (
    AgendaRelease,
    Document,
    Edition,
    Person,
    Phase,
    ReleasedSession,
)
from forum.serializers import (
    ConsultationRow,
    EditionRow,
    ForumDocumentRow,
    PersonRow,
    ReleaseRow,
    SessionRow,
)
from forum.statistics import statistics


class EditionViewSet(ApiViewSet):
    """Editions since the Summit, and their open consultations."""

    queryset = Edition.objects.newest_first()
    serializer_class = EditionRow
    lookup_field = "slug"
    lookup_value_converter = "slug"
    paged_actions = ("list", "releases")

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """All editions, the newest first."""
        return self.page(Edition.objects.order_by("-last_year", "-pk"))

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.one(self.get_object())

    @extend_schema(responses=ConsultationRow, filters=False)
    @action(detail=True, pagination_class=None)
    def consultation(self, request: Request, slug: str) -> Response:
        """Phases of the open consultation and what was handed in; no names, no texts."""
        edition = self.get_object()
        found: dict[str, Any] = dict(statistics(edition))
        found["phases"] = Phase.objects.with_state().filter(edition=edition)
        return Response(ConsultationRow(found).data)

    @extend_schema(responses=ReleaseRow(many=True), filters=False)
    @action(detail=True)
    def releases(self, request: Request, slug: str) -> Response:
        """Releases of the agenda, the oldest first, each with what it changed: old → new."""
        edition = self.get_object()
        rows = AgendaRelease.objects.filter(edition=edition).select_related("edition")
        self.serializer_class = ReleaseRow  # type: ignore[assignment]  # of this one list
        return self.page(rows.defer("content").order_by("pk"))


class SessionViewSet(ApiViewSet):
    """Sessions of the released agendas."""

    queryset = ReleasedSession.objects.none()
    serializer_class = SessionRow
    filter_set = AgendaFilters

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Sessions with the filters of the agenda page, in the order in which they were made."""
        rows = ReleasedSession.objects.select_related("edition")
        return self.page(rows.defer("words").order_by("pk"))

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        rows = ReleasedSession.objects.select_related("edition")
        self.queryset = rows.defer("words")
        return self.one(self.get_object())


class PersonViewSet(ApiViewSet):
    """People with a part in a released agenda."""

    queryset = Person.objects.none()
    serializer_class = PersonRow
    filter_set = PersonFilters

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.page(Person.objects.public())

    @extend_schema(responses={200: PersonRow, 301: None})
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One person. A record that was found to be the same person leads to the other (301)."""
        merged = Person.objects.filter(
            pk=kwargs["pk"], merged_into__is_public=True
        ).first()
        if merged:
            return moved_to("api:forum-person-detail", merged.merged_into_id, request)
        self.queryset = Person.objects.public()
        return self.one(self.get_object())


class DocumentViewSet(ApiViewSet):
    """Outcome documents, summaries, agendas."""

    queryset = Document.objects.none()
    serializer_class = ForumDocumentRow
    filter_set = DocumentFilters

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.page(self._public().order_by("pk"))

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        self.queryset = self._public()
        (row,) = self.get_serializer([self.get_object()], many=True).data
        return Response(row)

    @staticmethod
    def _public() -> Any:
        return Document.objects.filter(is_public=True).select_related("edition")
