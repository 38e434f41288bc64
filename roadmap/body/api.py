"""Bodies over the API."""

from roadmap.body import filters as body_filters
from roadmap.body import serializers as body_serializers
from roadmap.body.models import Body
from roadmap.record.api import Coded


class BodyViewSet(Coded):
    """Bodies with who chairs them."""

    queryset = Body.objects.for_list().order_by("order", "short")
    serializer_class = body_serializers.BodyRow
    filter_set = body_filters.BodyFilter
