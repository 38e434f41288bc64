"""Filters of the directory of members."""

from collections.abc import Iterable
from typing import Any

import django_filters
from django.db import models
from django.utils.translation import gettext_lazy as _

from common.lists.filters import Filters
from reference.action_line.models import ActionLine
from reference.country.models import Country
from reference.term.models import StakeholderType
from stocktaking.member.models import Member


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

    def by_line(
        self, rows: models.QuerySet, name: str, lines: Iterable[Any]
    ) -> models.QuerySet:
        """Without a join, so that a member of two chosen lines is listed once, in the list's
        order."""
        if not lines:
            return rows
        interested = Member.interests.through.objects.filter(
            member=models.OuterRef("pk"), actionline__in=lines
        )
        return rows.filter(models.Exists(interested))
