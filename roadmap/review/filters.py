"""Filters of the list of reviews."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from common.lists.filters import Filters
from common.text.collation import holding
from roadmap.agency.filters import agencies
from roadmap.record.filters import action_lines, several
from roadmap.review.models import ActionLineReview


class ReviewFilter(Filters):
    action_line = several(action_lines, _("Action line"))
    section = several(ActionLineReview.Section.choices, _("Section"))
    agency = several(agencies, _("Agency"))

    class Meta:
        model = ActionLineReview
        fields: tuple[str, ...] = ()

    def by_text(self, rows: models.QuerySet, name: str, text: str) -> models.QuerySet:
        return holding(rows, text, "text")
