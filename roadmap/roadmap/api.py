"""Roadmaps over the API."""

from roadmap.record.api import Coded
from roadmap.roadmap import filters as roadmap_filters
from roadmap.roadmap import serializers as roadmap_serializers
from roadmap.roadmap.models import Roadmap


class RoadmapViewSet(Coded):
    """The parallel roadmaps."""

    queryset = Roadmap.objects.order_by("order", "code")
    serializer_class = roadmap_serializers.RoadmapRow
    filter_set = roadmap_filters.RoadmapFilter
