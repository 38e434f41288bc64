"""Reviews of action lines as JSON."""

from roadmap.line.models import ActionLineReview
from roadmap.record.serializers import WithPage


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
