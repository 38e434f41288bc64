"""Reviews of action lines over the API."""

from common.api.views import Records
from roadmap.review import filters as line_filters
from roadmap.review import serializers as line_serializers
from roadmap.review.models import ActionLineReview


class ReviewViewSet(Records):
    """What facilitators report on their action lines."""

    queryset = ActionLineReview.objects.order_by("action_line", "section", "agency")
    serializer_class = line_serializers.ReviewRow
    filter_set = line_filters.ReviewFilter
