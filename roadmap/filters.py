"""What a reader may ask of the roadmap's lists; the same for page, API and export."""

from collections.abc import Callable
from typing import Any

import django_filters
from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from common.collation import holding
from common.filters import Filters
from reference import vocabulary
from roadmap.dates import FIRST_YEAR, LAST_YEAR
from roadmap.models import (
    ActionLineReview,
    Agency,
    Body,
    Document,
    Figure,
    Meeting,
    Milestone,
    PositionVersion,
    Resolution,
    Roadmap,
)
from roadmap.workflow import PositionStatus

Choices = list[tuple[str, Any]]


def tracks() -> Choices:
    return [(roadmap.pk, roadmap.label) for roadmap in Roadmap.objects.all()]


def bodies() -> Choices:
    return list(Body.objects.values_list("pk", "short"))


def agencies() -> Choices:
    return list(Agency.objects.values_list("pk", "short"))


def action_lines() -> Choices:
    return [
        (code, f"{code} {name}")
        for code, name in vocabulary.labels("action_line").items()
    ]


def sdgs() -> Choices:
    return [(code, f"{code} {name}") for code, name in vocabulary.labels("sdg").items()]


def several(
    choices: Choices | Callable[[], Choices], label: Any, **options: Any
) -> django_filters.MultipleChoiceFilter:
    """A filter of several values, joined by “or”."""
    return django_filters.MultipleChoiceFilter(
        choices=choices,
        label=label,
        widget=forms.SelectMultiple(attrs={"size": 5}),
        **options,
    )


def year_filter(method: str = "by_year") -> django_filters.NumberFilter:
    return django_filters.NumberFilter(
        label=_("Year"),
        method=method,
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR,
        decimal_places=0,
    )


class MilestoneFilter(Filters):
    track = several(tracks, _("Roadmap"), field_name="roadmap")
    kind = several(Milestone.Kind.choices, _("Kind"))
    status = several(Milestone.Progress.choices, _("Progress"), field_name="progress")
    body = several(bodies, _("Body"))
    agency = several(agencies, _("Agency"), method="by_agency")
    action_line = several(action_lines, _("Action line"), field_name="action_lines")
    sdg = several(sdgs, _("SDG"), field_name="sdgs")
    resolution = django_filters.ModelChoiceFilter(
        queryset=Resolution.objects.only("code", "symbol"),
        field_name="resolutions",
        label=_("Resolution"),
    )
    year = year_filter()

    class Meta:
        model = Milestone
        fields: tuple[str, ...] = ()

    def by_agency(self, rows: Any, name: str, codes: list[str]) -> models.QuerySet:
        return rows.of_agency(codes) if codes else rows

    def by_year(self, rows: Any, name: str, year: Any) -> models.QuerySet:
        return rows.in_year(int(year))


class PositionFilter(Filters):
    milestone = django_filters.NumberFilter(
        field_name="milestone", min_value=1, max_value=2**63 - 1, decimal_places=0
    )
    agency = several(agencies, _("Agency"))
    completion = several(PositionVersion.Completion.choices, _("Completion"))
    status = several(PositionStatus.choices, _("Status"))

    class Meta:
        model = PositionVersion
        fields: tuple[str, ...] = ()


class MeetingFilter(Filters):
    body = several(bodies, _("Body"))
    year = year_filter()

    class Meta:
        model = Meeting
        fields: tuple[str, ...] = ()

    def by_text(self, rows: models.QuerySet, name: str, text: str) -> models.QuerySet:
        return holding(rows, text, "title", "place")

    def by_year(self, rows: Any, name: str, year: Any) -> models.QuerySet:
        return rows.in_year(int(year))


class ResolutionFilter(Filters):
    body = several(bodies, _("Body"))
    agency = several(agencies, _("Responsible agency"), method="by_agency")
    year = year_filter()

    class Meta:
        model = Resolution
        fields: tuple[str, ...] = ()

    def by_agency(self, rows: Any, name: str, codes: list[str]) -> models.QuerySet:
        return rows.filter(paragraphs__asked__in=codes).distinct() if codes else rows

    def by_year(self, rows: Any, name: str, year: Any) -> models.QuerySet:
        return rows.filter(adopted__startswith=f"{int(year):04}")


class NameFilter(Filters):
    """`q` finds a part of the name."""

    def by_text(self, rows: models.QuerySet, name: str, text: str) -> models.QuerySet:
        return holding(rows, text, "name", "short")


class BodyFilter(NameFilter):
    class Meta:
        model = Body
        fields: tuple[str, ...] = ()


class RoadmapFilter(NameFilter):
    class Meta:
        model = Roadmap
        fields: tuple[str, ...] = ()


class AgencyFilter(NameFilter):
    kind = several(Agency.Kind.choices, _("Kind"))

    class Meta:
        model = Agency
        fields: tuple[str, ...] = ()


class FigureFilter(Filters):
    subject = several(Figure.Subject.choices, _("What is counted"))

    class Meta:
        model = Figure
        fields: tuple[str, ...] = ()

    def by_text(self, rows: models.QuerySet, name: str, text: str) -> models.QuerySet:
        return holding(rows, text, "written", "source")


class DocumentFilter(Filters):
    class Meta:
        model = Document
        fields: tuple[str, ...] = ()

    def by_text(self, rows: models.QuerySet, name: str, text: str) -> models.QuerySet:
        return holding(rows, text, "title", "note")


class ReviewFilter(Filters):
    action_line = several(action_lines, _("Action line"))
    section = several(ActionLineReview.Section.choices, _("Section"))
    agency = several(agencies, _("Agency"))

    class Meta:
        model = ActionLineReview
        fields: tuple[str, ...] = ()

    def by_text(self, rows: models.QuerySet, name: str, text: str) -> models.QuerySet:
        return holding(rows, text, "text")
