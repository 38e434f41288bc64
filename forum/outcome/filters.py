"""Filters of the documents of the Forum: the same for page and API."""

import django_filters
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common.lists.filters import Filters
from common.text.collation import holding
from forum.base.filters import Rows
from forum.edition.models import Edition
from forum.outcome.models import Document


class DocumentFilters(Filters):
    edition = Rows(
        queryset=Edition.objects.all(),
        field_name="edition__slug",
        to_field_name="slug",
        label=pgettext_lazy("Forum", "Edition"),
    )
    kind = django_filters.MultipleChoiceFilter(
        choices=Document.Kind.choices, distinct=False, label=_("Kind")
    )
    language = django_filters.MultipleChoiceFilter(
        choices=settings.LANGUAGES, distinct=False, label=_("Language")
    )

    def by_text(self, rows: models.QuerySet, name: str, text: str) -> models.QuerySet:
        return holding(rows, text, "title")
