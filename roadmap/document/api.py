"""Documents over the API."""

from common.api.views import Records
from roadmap.document import filters as document_filters
from roadmap.document import serializers as document_serializers
from roadmap.document.models import Document


class DocumentViewSet(Records):
    """Reports and papers with their versions."""

    queryset = Document.objects.prefetch_related("issues").order_by("title")
    serializer_class = document_serializers.DocumentRow
    filter_set = document_filters.DocumentFilter
