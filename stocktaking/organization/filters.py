"""Filters of organizations, the same for page and API."""

import django_filters
from django.db import models
from django.utils.translation import gettext_lazy as _

from common.lists.filters import Filters
from reference.country.models import Country, Region
from reference.term.models import StakeholderType
from stocktaking.organization.models import Organization


class OrganizationFilters(Filters):
    country = django_filters.ModelMultipleChoiceFilter(
        label=_("Country"), queryset=Country.objects.all()
    )
    region = django_filters.ModelMultipleChoiceFilter(
        label=_("Region"), field_name="country__region", queryset=Region.objects.all()
    )
    stakeholder_type = django_filters.ModelMultipleChoiceFilter(
        label=_("Stakeholder type"), queryset=StakeholderType.objects.all()
    )

    class Meta:
        model = Organization
        fields: list[str] = []

    def by_text(self, rows: models.QuerySet, name: str, text: str) -> models.QuerySet:
        return rows.like(text) if text.strip() else rows  # type: ignore[attr-defined]  # ours
