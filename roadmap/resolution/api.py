"""Resolutions over the API."""

from roadmap.record.api import Coded
from roadmap.resolution import filters as resolution_filters
from roadmap.resolution import serializers as resolution_serializers
from roadmap.resolution.models import Resolution


class ResolutionViewSet(Coded):
    """Resolutions with their paragraphs and relations, latest first."""

    queryset = Resolution.objects.for_page().order_by("-sort_date", "pk")
    serializer_class = resolution_serializers.ResolutionRow
    filter_set = resolution_filters.ResolutionFilter
