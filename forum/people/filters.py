"""Filters of the people of the Forum: the same for page and API."""

import django_filters
from django.db import models
from django.utils.translation import gettext_lazy as _

from common.lists.filters import Filters
from common.text.collation import holding
from forum.base.filters import choices_of
from forum.people.models import Person, Role


class PersonFilters(Filters):
    edition = django_filters.CharFilter(method="by_edition", max_length=20)
    role = django_filters.MultipleChoiceFilter(
        choices=Role.choices, method="by_role", label=_("Role")
    )
    country = django_filters.MultipleChoiceFilter(
        choices=choices_of("country"), distinct=False, label=_("Country")
    )

    class Meta:
        model = Person
        fields: tuple[str, ...] = ()

    def by_text(self, rows: models.QuerySet, name: str, text: str) -> models.QuerySet:
        return holding(rows, text, "name", "organization")

    def by_edition(
        self, rows: models.QuerySet, name: str, slug: str
    ) -> models.QuerySet:
        return rows.filter(
            pk__in=Person.objects.filter(sessions__released__edition__slug=slug).values(
                "pk"
            )
        )

    def by_role(
        self, rows: models.QuerySet, name: str, roles: list[str]
    ) -> models.QuerySet:
        return rows.filter(
            pk__in=Person.objects.filter(
                participations__role__in=roles,
                participations__session__released__isnull=False,
            ).values("pk")
        )
