"""Filters of the review queue; the address contains the whole view."""

from datetime import timedelta
from typing import Any

import django_filters
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from common.lists.filters import Filters
from common.text.collation import holding
from reference.action_line.models import ActionLine
from reference.country.models import Region
from reference.term.models import StakeholderType
from stocktaking.base.workflow import WAITING, Status
from stocktaking.project.models import Project
from stocktaking.project.querysets import AMBER, GREEN, RED

LANES = [(GREEN, _("Green")), (AMBER, _("Amber")), (RED, _("Red"))]
DAYS = [
    ("1", _("more than a day")),
    ("3", _("more than 3 days")),
    ("7", _("more than a week")),
    ("14", _("more than two weeks")),
]
KINDS = [("project", _("New project")), ("version", _("New version"))]
WHO = [
    ("mine", _("Assigned to me")),
    ("unassigned", _("Unassigned")),
    ("others", _("Assigned to a colleague")),
]


class DeskFilters(Filters):
    status = django_filters.ChoiceFilter(
        label=_("Status"),
        choices=[(s.value, s.label) for s in WAITING],
        empty_label=None,
        field_name="desk_status",
    )
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=KINDS, method="by_kind")
    lane = django_filters.ChoiceFilter(label=_("Priority"), choices=LANES)
    region = django_filters.ModelChoiceFilter(
        label=_("Region"), field_name="country__region", queryset=Region.objects.all()
    )
    action_line = django_filters.ModelChoiceFilter(
        label=_("Main action line"),
        field_name="main_action_line",
        queryset=ActionLine.objects.filter(number__isnull=False),
    )
    stakeholder_type = django_filters.ModelChoiceFilter(
        label=_("Stakeholder type"), queryset=StakeholderType.objects.all()
    )
    waiting = django_filters.ChoiceFilter(
        label=_("Waiting"), choices=DAYS, method="by_waiting"
    )
    who = django_filters.ChoiceFilter(
        label=_("Who works on it"), choices=WHO, method="by_officer"
    )
    q = django_filters.CharFilter(
        label=_("Title or organization"), method="by_text", max_length=200
    )

    class Meta:
        model = Project
        fields: list[str] = []

    def by_kind(self, rows: models.QuerySet, name: str, kind: str) -> models.QuerySet:
        return rows.filter(revision_id__isnull=kind == "project")

    def by_waiting(
        self, rows: models.QuerySet, name: str, days: str
    ) -> models.QuerySet:
        return rows.filter(waits_since__lte=Now() - timedelta(days=int(days)))

    def by_officer(self, rows: Any, name: str, who: str) -> models.QuerySet:
        own = Q(desk_assignment__by=self.request.user, desk_assignment__until__gt=Now())
        if who == "mine":
            return rows.filter(own)
        if who == "unassigned":
            return rows.unassigned()
        return rows.filter(desk_assignment__until__gt=Now()).exclude(
            desk_assignment__by=self.request.user
        )

    def by_text(self, rows: models.QuerySet, name: str, text: str) -> models.QuerySet:
        return holding(rows, text, "title", "organization_name")


def desk_filters(
    request: HttpRequest, data: dict[str, Any] | None = None
) -> DeskFilters:
    """The filters of this request over what waits; without a status, what was submitted."""
    parameters = (request.GET if data is None else data).copy()
    parameters.pop("csrfmiddlewaretoken", None)
    if not parameters.get("status"):
        parameters["status"] = Status.SUBMITTED
    return DeskFilters(parameters, queryset=Project.objects.for_desk(), request=request)
