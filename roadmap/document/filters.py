"""Filters of the list of documents."""

from django.db import models

from common.lists.filters import Filters
from common.text.collation import holding
from roadmap.document.models import Document


class DocumentFilter(Filters):
    class Meta:
        model = Document
        fields: tuple[str, ...] = ()

    def by_text(self, rows: models.QuerySet, name: str, text: str) -> models.QuerySet:
        return holding(rows, text, "title", "note")
