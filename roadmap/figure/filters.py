"""Filters of the list of figures."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from common.lists.filters import Filters
from common.text.collation import holding
from roadmap.figure.models import Figure
from roadmap.record.filters import several


class FigureFilter(Filters):
    subject = several(Figure.Subject.choices, _("What is counted"))

    class Meta:
        model = Figure
        fields: tuple[str, ...] = ()

    def by_text(self, rows: models.QuerySet, name: str, text: str) -> models.QuerySet:
        return holding(rows, text, "written", "source")
