"""Outcome documents, summaries and agendas, over the API."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from common.api.views import ApiViewSet
from forum.outcome.filters import DocumentFilters
from forum.outcome.models import Document
from forum.outcome.serializers import ForumDocumentRow


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
