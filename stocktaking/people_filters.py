"""What a reader may ask of organisations and of members: the same for page and API."""

from typing import Any

import django_filters
from django.db import models
from django.utils.translation import gettext_lazy as _

from common.filters import Filters
from reference.models import ActionLine, Country, Region, StakeholderType
from stocktaking.models import Member, Organisation


class OrganisationFilters(Filters):
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
        model = Organisation
        fields: list[str] = []

    def by_text(self, rows: models.QuerySet, name: str, text: str) -> models.QuerySet:
        return rows.like(text) if text.strip() else rows  # type: ignore[attr-defined]  # ours


class MemberFilters(Filters):
    country = django_filters.ModelMultipleChoiceFilter(
        label=_("Country"), queryset=Country.objects.all()
    )
    stakeholder_type = django_filters.ModelMultipleChoiceFilter(
        label=_("Stakeholder type"), queryset=StakeholderType.objects.all()
    )
    action_line = django_filters.ModelMultipleChoiceFilter(
        label=_("Action line"),
        method="by_line",
        queryset=ActionLine.objects.filter(number__isnull=False),
    )
    q = None  # members are found by what they do, not by name

    class Meta:
        model = Member
        fields: list[str] = []

    def by_line(self, rows: models.QuerySet, name: str, lines: Any) -> models.QuerySet:
        """Without a join: a member of two chosen lines is listed once, in the list's order."""
        if not lines:
            return rows
        interested = Member.interests.through.objects.filter(
            member=models.OuterRef("pk"), actionline__in=lines
        )
        return rows.filter(models.Exists(interested))
