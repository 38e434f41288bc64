"""Reviews of action lines as JSON."""

from roadmap.record.serializers import WithPage
from roadmap.review.models import ActionLineReview


class ReviewRow(WithPage):
    class Meta:
        model = ActionLineReview
        fields = (
            "id",
            "page",
            "version",
            "action_line",
            "section",
            "agency",
            "text",
            "language",
            "source",
        )
