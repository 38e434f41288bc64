"""Editions over the API, with their consultations and the releases of their agendas."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from common.api.views import ApiViewSet
from forum.agenda.models import AgendaRelease
from forum.agenda.serializers import ReleaseRow
from forum.consultation.phases import InputKind, Phase
from forum.consultation.serializers import ConsultationRow
from forum.consultation.statistics import statistics
from forum.edition.models import Edition
from forum.edition.serializers import EditionRow


class EditionViewSet(ApiViewSet):
    """Editions since the Summit, and their open consultations."""

    queryset = Edition.objects.newest_first()
    serializer_class = EditionRow
    lookup_field = "slug"
    lookup_value_converter = "slug"
    paged_actions = ("list", "releases")

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """All editions, newest first."""
        return self.page(Edition.objects.order_by("-last_year", "-pk"))

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.one(self.get_object())

    @extend_schema(responses=ConsultationRow, filters=False)
    @action(detail=True, pagination_class=None)
    def consultation(self, request: Request, slug: str) -> Response:
        """Phases of the open consultation and numbers of submissions; no names, no texts."""
        edition = self.get_object()
        row: dict[str, Any] = dict(statistics(edition))
        row["phases"] = Phase.objects.with_state().filter(edition=edition)
        row["kinds"] = InputKind.objects.filter(edition=edition)
        return Response(ConsultationRow(row).data)

    @extend_schema(responses=ReleaseRow(many=True), filters=False)
    @action(detail=True)
    def releases(self, request: Request, slug: str) -> Response:
        """Releases of the agenda, oldest first, each with its changes: old → new."""
        edition = self.get_object()
        rows = AgendaRelease.objects.filter(edition=edition).select_related("edition")
        self.serializer_class = ReleaseRow  # type: ignore[assignment]  # of this one list
        return self.page(rows.defer("content").order_by("pk"))
